/** Facts, in the past tense; applied in order they rebuild the state. */
@NullMarked
package io.springtide.core.event;

import org.jspecify.annotations.NullMarked;
