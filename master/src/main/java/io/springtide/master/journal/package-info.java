/** The log of facts: what is not in here has not happened. */
@NullMarked
package io.springtide.master.journal;

import org.jspecify.annotations.NullMarked;
