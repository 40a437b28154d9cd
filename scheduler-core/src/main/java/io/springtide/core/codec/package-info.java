/** Facts and states as bytes, the same on every machine and for every later version. */
@NullMarked
package io.springtide.core.codec;

import org.jspecify.annotations.NullMarked;
