package io.springtide.master.journal;

import java.util.Optional;

/**
 * The log of facts, fenced by the leader's epoch. One thread appends; any thread may read.
 *
 * <p>A position counts events, from 0; a batch holds the events {@code position} to
 * {@code position + count - 1}. Any failure to append or commit is final for this object: the caller
 * gives up its reign and opens the journal anew.
 */
public interface Journal extends AutoCloseable {

    /** Where the next batch starts. */
    long positionNext();

    /**
     * Adds a batch. It is durable, and visible to {@link #read}, only after {@link #commit}.
     *
     * @throws JournalException if it cannot be written, or {@code epoch} is no longer the highest
     */
    void append(Batch batch);

    /** Makes everything appended so far durable, with one flush for all of it. */
    void commit();

    /**
     * Hands over all committed batches that hold events at or after {@code from}, oldest first.
     *
     * @throws JournalException if {@code from} lies before the oldest batch kept, or the log is damaged
     */
    void read(long from, BatchReader reader);

    /** The newest snapshot that is whole, if there is one. */
    Optional<Snapshot> snapshotLatest();

    /** Stores a snapshot durably and keeps the one before it; a half-written one is never seen. */
    void snapshotSave(Snapshot snapshot);

    /** Allows everything before {@code position} to be dropped; whole segments go, never parts. */
    void truncateBefore(long position);

    /** Bytes that the log occupies, snapshots excluded. */
    long sizeBytes();

    @Override
    void close();

    /** Receives batches in order. */
    interface BatchReader {
        void onBatch(Batch batch);
    }
}
