/** Putting a backup into an empty store. */
@NullMarked
package io.springtide.master.backup;

import org.jspecify.annotations.NullMarked;
