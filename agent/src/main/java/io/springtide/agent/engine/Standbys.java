package io.springtide.agent.engine;

import io.springtide.agent.checkpoint.CheckpointRecord;
import io.springtide.agent.checkpoint.Held;
import io.springtide.agent.checkpoint.Held.Warmth;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.TaskSpec;
import java.util.Optional;

/**
 * Freezes standbys once they are ready, and has them thawed. What is wanted is remembered before the
 * runtime hears of it, and told to the runtime again whenever that has found the instance anew, so that
 * no crash leaves one frozen that is to serve. Owned by the engine.
 */
final class Standbys {

    private final Notebook book;

    Standbys(Notebook book) {
        this.book = book;
    }

    /** An instance runs, for the first time or as far as this life of the agent knows. */
    void running(long id, Held held) {
        switch (held.warmth()) {
            case ORDINARY -> {
                book.queueAsItIs(id);
                book.watch(id, false);
            }
            case WARMING -> {
                book.queueAsItIs(id);
                book.watch(id, false);
                freezeIfReady(id);
            }
            case FROZEN -> {
                book.queueAsItIs(id);
                pause(id);
            }
            case THAWED -> {
                book.queueAsItIs(id);
                resume(id);
            }
        }
    }

    /** A check has said something. */
    void freezeIfReady(long id) {
        Optional<Live> instance = book.unended(id).filter(one -> one.running);
        Optional<TaskSpec> spec = book.specOf(id);
        if (book.warmth(id) == Warmth.WARMING && !book.killed(id)
                && instance.isPresent() && instance.get().content(spec.orElseThrow())) {
            book.save(new CheckpointRecord.Frozen(id));
            // Its checks could only fail from now on.
            book.unwatch(id);
            pause(id);
        }
    }

    /** It stands still; no longer of interest if it was thawed or killed meanwhile. */
    void paused(long id) {
        book.unended(id)
                .filter(instance -> book.warmth(id) == Warmth.FROZEN && !book.killed(id)
                        && instance.running && !instance.frozen)
                .ifPresent(instance -> {
                    instance.frozen = true;
                    book.queueAsItIs(id);
                });
    }

    /** It goes on: it is told so at once, and that it is ready only when it has said so again. */
    void resumed(long id) {
        book.unended(id)
                .filter(instance -> book.warmth(id) == Warmth.THAWED && !book.killed(id)
                        && instance.running && !instance.resumed)
                .ifPresent(instance -> {
                    instance.resumed = true;
                    instance.frozen = false;
                    book.queueAsItIs(id);
                    book.watch(id, true);
                });
    }

    /** The master wants it to serve. */
    void thaw(long id) {
        Optional<Held> held = book.memory.held(id);
        if (held.isEmpty()) {
            book.queue(book.status(id, Condition.GONE).setMessage("not held by this agent"));
            return;
        }
        Optional<Live> instance = book.unended(id);
        if (instance.isEmpty() || !held.get().standby() || book.killed(id)) {
            return;
        }
        book.save(new CheckpointRecord.Thawed(id));
        boolean frozen = held.get().warmth() == Warmth.FROZEN;
        if (frozen) {
            instance.get().forgetChecks();
        }
        if (instance.get().running) {
            if (frozen) {
                resume(id);
            } else {
                book.queueAsItIs(id);
            }
        }
    }

    private void pause(long id) {
        book.specOf(id).ifPresent(spec -> book.emit(new Effect.Pause(id, spec)));
    }

    private void resume(long id) {
        book.specOf(id).ifPresent(spec -> book.emit(new Effect.Resume(id, spec)));
    }
}
