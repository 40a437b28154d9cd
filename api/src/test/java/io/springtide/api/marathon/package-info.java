/** Tests of the Marathon dialect. */
@NullMarked
package io.springtide.api.marathon;

import org.jspecify.annotations.NullMarked;
