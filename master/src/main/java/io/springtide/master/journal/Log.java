package io.springtide.master.journal;

import java.time.Duration;
import java.util.Optional;

/**
 * The committed facts of a cluster, for reading: by whoever leads, follows, or looks back. Any thread.
 *
 * <p>A position counts events, from 0; a batch holds the events {@code position} to
 * {@code position + count - 1}.
 */
public interface Log {

    /**
     * Hands over all committed batches that hold events at or after {@code from}, oldest first; the
     * first of them may begin before {@code from}. What is committed after the call may be missing.
     * Memory use is bounded by the largest batch.
     *
     * @throws EventsDroppedException if {@code from} lies before the oldest batch kept
     * @throws JournalException if the log is damaged or out of reach
     */
    void read(long from, BatchReader reader);

    /**
     * Waits until an event at {@code position} is committed, by this master or another.
     *
     * @return false if the time has passed before
     * @throws JournalException if the log is out of reach
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    boolean await(long position, Duration atMost) throws InterruptedException;

    /**
     * The newest snapshot that is whole, if there is one. The log reaches back to it: state and
     * {@code read(position)} together give the present.
     */
    Optional<Snapshot> snapshotLatest();

    /**
     * The newest snapshot at or before {@code position} that is whole and still kept. Without one, the
     * state there is known only if the log reaches back to its first event.
     */
    Optional<Snapshot> snapshotUpTo(long position);

    /** Bytes that the log occupies, about, snapshots excluded. Never waits for the store. */
    long sizeBytes();

    /** Receives batches in order. */
    interface BatchReader {
        void onBatch(Batch batch);
    }
}
