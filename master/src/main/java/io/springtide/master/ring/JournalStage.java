package io.springtide.master.ring;

import com.codahale.metrics.Timer;
import com.lmax.disruptor.EventHandler;
import io.springtide.master.journal.Journal;

/**
 * Makes turns durable: all that are ready with one flush. The outbox sees a turn only when this stage
 * is through with the whole run, that is, behind the flush.
 */
final class JournalStage implements EventHandler<Turn.Slot> {

    private final Journal journal;
    private final Timer commits;
    private boolean dirty;

    JournalStage(Journal journal, Timer commits) {
        this.journal = journal;
        this.commits = commits;
    }

    @Override
    public void onEvent(Turn.Slot slot, long sequence, boolean endOfBatch) {
        slot.turn.batch().ifPresent(batch -> {
            journal.append(batch);
            dirty = true;
        });
        if (endOfBatch && dirty) {
            commits.time(journal::commit);
            dirty = false;
        }
    }
}
