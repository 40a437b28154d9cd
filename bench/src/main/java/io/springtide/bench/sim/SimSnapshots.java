package io.springtide.bench.sim;

import io.springtide.core.state.StateSnapshot;
import io.springtide.master.journal.Journal;
import io.springtide.master.journal.JournalException;
import io.springtide.master.journal.Snapshot;
import io.springtide.master.snapshot.Snapshots;
import io.springtide.master.view.CommittedState;

/** Snapshots of a reign as the real writer takes them, in simulated time and much more often. */
final class SimSnapshots implements Snapshots {

    private static final long LOOK_NANOS = Timeline.SECOND;

    private final SimMaster master;
    private final CommittedState view;
    private final Journal journal;
    private final long epoch;
    private final long factsBetween;
    private final Runnable onSaved;
    private long savedPosition;
    private boolean closed;

    SimSnapshots(SimMaster master, CommittedState view, Journal journal, long epoch,
            long factsBetween, Runnable onSaved) {
        this.master = master;
        this.view = view;
        this.journal = journal;
        this.epoch = epoch;
        this.factsBetween = factsBetween;
        this.onSaved = onSaved;
    }

    @Override
    public void start() {
        try {
            savedPosition = journal.snapshotLatest().map(Snapshot::position).orElse(0L);
        } catch (JournalException outOfReach) {
            savedPosition = view.position();
        }
        plan();
    }

    private void plan() {
        master.timeline().after(LOOK_NANOS, master.actor, this::look);
    }

    private void look() {
        if (closed) {
            return;
        }
        if (view.position() - savedPosition >= factsBetween) {
            try {
                CommittedState.Frozen frozen = view.freeze();
                journal.snapshotSave(new Snapshot(epoch, frozen.position(), master.wallMs(),
                        StateSnapshot.hash(frozen.encoded()), frozen.encoded()));
                journal.truncateBefore(savedPosition);
                savedPosition = frozen.position();
                onSaved.run();
            } catch (JournalException later) {
                master.timeline().note(savedPosition);
            }
        }
        plan();
    }

    @Override
    public void close() {
        closed = true;
    }
}
