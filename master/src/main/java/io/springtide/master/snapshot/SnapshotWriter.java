package io.springtide.master.snapshot;

import io.springtide.core.state.StateSnapshot;
import io.springtide.master.journal.Journal;
import io.springtide.master.journal.JournalException;
import io.springtide.master.journal.Snapshot;
import io.springtide.master.view.CommittedState;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a snapshot when enough has come together, from the committed copy of the state, so that the
 * engine never stops for one; then lets the journal drop what two snapshots cover.
 */
public final class SnapshotWriter implements Snapshots {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotWriter.class);

    /** Replaying so many facts takes well under a second. */
    private static final long FACTS_BETWEEN = 100_000;

    private static final long LOOK_EVERY_MS = 1_000;

    private final CommittedState view;
    private final Journal journal;
    private final long epoch;
    private final ScheduledExecutorService timer = Executors
            .newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("snapshots").daemon(true).factory());
    private long savedPosition;

    public SnapshotWriter(CommittedState view, Journal journal, long epoch) {
        this.view = view;
        this.journal = journal;
        this.epoch = epoch;
        this.savedPosition = journal.snapshotLatest().map(Snapshot::position).orElse(0L);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // what fails is logged by the task itself
    public void start() {
        timer.scheduleWithFixedDelay(this::look, LOOK_EVERY_MS, LOOK_EVERY_MS,
                TimeUnit.MILLISECONDS);
    }

    private void look() {
        if (view.position() - savedPosition >= FACTS_BETWEEN) {
            try {
                save();
            } catch (JournalException e) {
                // The journal alone is enough to start from; it only takes longer.
                LOG.warn("snapshot not written: {}", e.getMessage());
            }
        }
    }

    /** Writes one now. */
    synchronized void save() {
        CommittedState.Frozen frozen = view.freeze();
        journal.snapshotSave(new Snapshot(epoch, frozen.position(), System.currentTimeMillis(),
                StateSnapshot.hash(frozen.encoded()), frozen.encoded()));
        journal.truncateBefore(savedPosition);
        savedPosition = frozen.position();
        LOG.info("snapshot written position={} bytes={}", frozen.position(),
                frozen.encoded().length);
    }

    @Override
    public void close() {
        timer.shutdown();
        try {
            if (!timer.awaitTermination(10, TimeUnit.SECONDS)) {
                timer.shutdownNow();
            }
        } catch (InterruptedException e) {
            timer.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
