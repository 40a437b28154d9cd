/** Getting the state back from the journal, and keeping the way back short. */
@NullMarked
package io.springtide.master.snapshot;

import org.jspecify.annotations.NullMarked;
