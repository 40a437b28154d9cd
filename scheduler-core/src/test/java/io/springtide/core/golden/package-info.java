/** Journals of released formats, which every later version must still understand. */
@NullMarked
package io.springtide.core.golden;

import org.jspecify.annotations.NullMarked;
