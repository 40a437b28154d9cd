package io.springtide.master.snapshot;

import io.springtide.core.codec.EventCodec;
import io.springtide.core.event.Event;
import io.springtide.core.state.ClusterState;
import io.springtide.master.journal.Batch;
import io.springtide.master.journal.JournalException;
import io.springtide.master.journal.Log;
import io.springtide.master.journal.Snapshot;
import io.springtide.master.view.CommitListener;
import io.springtide.master.view.History;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recent past, out of the journal: from the newest snapshot that is old enough, or from the first
 * fact while that is kept. It reaches back over the snapshots kept, {@link SnapshotWriter} says how far.
 */
public final class JournalHistory implements History {

    private static final Logger LOG = LoggerFactory.getLogger(JournalHistory.class);

    private static final CommitListener NOBODY = new CommitListener() {
    };

    private final Log log;

    public JournalHistory(Log log) {
        this.log = log;
    }

    @Override
    public Optional<Past> open(long position) {
        if (position < 0) {
            return Optional.empty();
        }
        try {
            Walk walk = log.snapshotUpTo(position).map(Walk::new).orElseGet(Walk::new);
            walk.advance(position, NOBODY);
            return Optional.of(walk);
        } catch (IllegalStateException | JournalException gone) {
            LOG.info("history-not-kept position={} why={}", position, gone.getMessage());
            return Optional.empty();
        }
    }

    private final class Walk implements Past {

        private final ClusterState state;
        private long position;
        private long timeMs;

        Walk() {
            state = new ClusterState();
        }

        Walk(Snapshot snapshot) {
            state = Replay.decode(snapshot);
            position = snapshot.position();
            timeMs = snapshot.timeMs();
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public long timeMs() {
            return timeMs;
        }

        @Override
        public void advance(long until, CommitListener listener) {
            if (position >= until) {
                return;
            }
            try {
                log.read(position, batch -> take(batch, until, listener));
            } catch (JournalException unreadable) {
                throw new IllegalStateException("the facts from position " + position
                        + " cannot be read again: " + unreadable.getMessage(), unreadable);
            }
            if (position < until) {
                throw new IllegalStateException("the journal ends at position " + position
                        + ", before " + until);
            }
        }

        private void take(Batch batch, long until, CommitListener listener) {
            if (batch.position() >= until) {
                return;
            }
            long at = batch.position();
            for (Event event : EventCodec.readAll(batch.payload())) {
                // The first batch may begin earlier, the last one end later.
                if (at == position && at < until) {
                    listener.before(event, state);
                    state.apply(event);
                    listener.after(event, state);
                    position++;
                }
                at++;
            }
            timeMs = batch.timeMs();
            // A hint for who decides; here nobody does.
            state.drainTouched();
        }
    }
}
