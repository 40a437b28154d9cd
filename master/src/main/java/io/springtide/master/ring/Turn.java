package io.springtide.master.ring;

import io.springtide.core.command.Answer;
import io.springtide.core.event.Event;
import io.springtide.master.journal.Batch;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What one turn of the engine came to: the facts, encoded and not, and the replies that wait for them
 * to be durable.
 *
 * @param batch empty if nothing has changed
 */
record Turn(Optional<Batch> batch, List<Event> events, List<Reply> replies) {

    static final Turn NONE = new Turn(Optional.empty(), List.of(), List.of());

    /** A promise and what it will be kept with. */
    record Reply(CompletableFuture<Outcome> future, Answer answer) {

        void send() {
            future.complete(new Outcome.Decided(answer));
        }
    }

    /** A place on the second ring, from the engine over the journal to the outbox. */
    static final class Slot {
        Turn turn = NONE;
    }
}
