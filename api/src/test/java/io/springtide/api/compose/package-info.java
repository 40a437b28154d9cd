@NullMarked
package io.springtide.api.compose;

import org.jspecify.annotations.NullMarked;
