/** Violations planted for the layers test, to prove that its rules can fail. */
@NullMarked
package io.springtide.master.planted;

import org.jspecify.annotations.NullMarked;
