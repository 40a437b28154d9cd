/** Reads Docker Compose files, version 3 and the specification after it, as groups of apps. */
@NullMarked
package io.springtide.api.compose;

import org.jspecify.annotations.NullMarked;
