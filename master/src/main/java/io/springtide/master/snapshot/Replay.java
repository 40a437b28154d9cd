package io.springtide.master.snapshot;

import io.springtide.core.codec.EventCodec;
import io.springtide.core.event.Event;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.StateSnapshot;
import io.springtide.master.journal.Batch;
import io.springtide.master.journal.JournalException;
import io.springtide.master.journal.Log;
import io.springtide.master.journal.Snapshot;
import java.util.Optional;

/**
 * What a journal comes to: its newest snapshot and every fact behind it.
 *
 * @param position of the first fact that does not exist yet
 * @param newestMs time of the newest fact; 0 if there is none
 */
public record Replay(ClusterState state, long position, long newestMs) {

    /**
     * Reads a log to its end.
     *
     * @throws JournalException if a snapshot or a fact in it cannot be understood; says which
     */
    public static Replay of(Log log) {
        Optional<Snapshot> snapshot = log.snapshotLatest();
        Run run = snapshot.map(Run::new).orElseGet(Run::new);
        log.read(run.position, run::take);
        return new Replay(run.state, run.position, run.newestMs);
    }

    /**
     * The state in a snapshot.
     *
     * @throws JournalException if it cannot be understood, or gives another state
     */
    public static ClusterState decode(Snapshot snapshot) {
        try {
            ClusterState state = StateSnapshot.decode(snapshot.payload());
            // An older release has hashed its own format, in which this one cannot write it down again.
            byte[] hashed = StateSnapshot.newest(snapshot.payload())
                    ? StateSnapshot.encode(state)
                    : snapshot.payload();
            if (StateSnapshot.hash(hashed) != snapshot.stateHash()) {
                throw new JournalException("the snapshot at position " + snapshot.position()
                        + " does not give the state it was taken of; move it away to start from the one"
                        + " before it");
            }
            return state;
        } catch (IllegalArgumentException e) {
            throw new JournalException("the snapshot at position " + snapshot.position()
                    + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static final class Run {

        final ClusterState state;
        long position;
        long newestMs;

        Run() {
            state = new ClusterState();
        }

        Run(Snapshot snapshot) {
            state = decode(snapshot);
            position = snapshot.position();
            newestMs = snapshot.timeMs();
        }

        void take(Batch batch) {
            long at = batch.position();
            try {
                for (Event event : EventCodec.readAll(batch.payload())) {
                    // A batch may begin before the snapshot's position: what is in the snapshot is skipped.
                    if (at == position) {
                        state.apply(event);
                        position++;
                    }
                    at++;
                }
            } catch (IllegalArgumentException | IllegalStateException e) {
                throw new JournalException(
                        "the fact at position " + position + " of the journal cannot be"
                                + " applied: " + e.getMessage()
                                + "; run the release that wrote it, or restore the"
                                + " data folder from a backup",
                        e);
            }
            newestMs = batch.timeMs();
        }
    }
}
