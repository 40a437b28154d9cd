package io.springtide.master.ring;

import io.springtide.core.command.Command;
import java.util.concurrent.CompletableFuture;

/** The only way to change anything. Any thread; never blocks. */
public interface CommandPort {

    /**
     * Hands a command to the engine. The future completes, on the outbox's thread, when the facts that
     * follow are durable and the {@link io.springtide.master.view.ClusterView} shows them; at once with
     * {@link Outcome.Busy} if the ring is full.
     */
    CompletableFuture<Outcome> submit(Command command);
}
