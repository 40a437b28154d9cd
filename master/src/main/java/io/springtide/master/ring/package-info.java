/** The way of a command: the ring, the engine thread, the journal, the outbox. */
@NullMarked
package io.springtide.master.ring;

import org.jspecify.annotations.NullMarked;
