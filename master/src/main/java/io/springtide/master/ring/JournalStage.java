package io.springtide.master.ring;

import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.Sequence;
import io.springtide.master.journal.Journal;
import io.springtide.master.metrics.Stopwatch;

/**
 * Makes turns durable: all that are ready with one flush. The outbox sees a turn only when this stage
 * is through with the whole run, that is, behind the flush, and is woken by this stage then.
 */
final class JournalStage implements EventHandler<Turn.Slot> {

    private final Journal journal;
    private final Stopwatch appends;
    private final Stopwatch commits;
    private final StageWaitStrategy waiting;
    private Sequence done = new Sequence();
    private boolean dirty;

    /** @param waiting how the outbox waits for this stage */
    JournalStage(Journal journal, Stopwatch appends, Stopwatch commits,
            StageWaitStrategy waiting) {
        this.journal = journal;
        this.waiting = waiting;
        this.appends = appends;
        this.commits = commits;
    }

    @Override
    public void setSequenceCallback(Sequence callback) {
        done = callback;
    }

    @Override
    public void onEvent(Turn.Slot slot, long sequence, boolean endOfBatch) {
        slot.turn.batch().ifPresent(batch -> {
            appends.begin();
            journal.append(batch);
            appends.end();
            dirty = true;
        });
        if (endOfBatch && dirty) {
            commits.begin();
            journal.commit();
            commits.end();
            dirty = false;
        }
        if (endOfBatch) {
            done.set(sequence);
            waiting.signalAllWhenBlocking();
        }
    }
}
