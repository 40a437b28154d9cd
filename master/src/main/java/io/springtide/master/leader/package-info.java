/** What a master does while it leads, and how it gets there and back. */
@NullMarked
package io.springtide.master.leader;

import org.jspecify.annotations.NullMarked;
