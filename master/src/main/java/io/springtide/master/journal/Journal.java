package io.springtide.master.journal;

/**
 * The log of facts as its one writer sees it, fenced by the leader's epoch. One thread appends and
 * commits; any thread may read, save snapshots or truncate meanwhile.
 *
 * <p>Any failure to append or commit is final for this object: the caller gives up its reign. An {@link
 * IllegalArgumentException} is a bug of the caller and changes nothing.
 *
 * <p>What was appended and not committed may be there or not when the journal is opened again; if a
 * batch is there, all batches before it are. What was committed is there.
 */
public interface Journal extends Log, AutoCloseable {

    /** Where the next batch starts. */
    long positionNext();

    /**
     * Adds a batch. It is durable, and visible to {@link #read}, only after {@link #commit}.
     *
     * @throws JournalException if it cannot be written, or {@code epoch} is no longer the highest
     * @throws IllegalArgumentException if the batch does not start at {@link #positionNext} or is
     *         larger than this journal takes
     */
    void append(Batch batch);

    /** Makes everything appended so far durable, with one flush for all of it. */
    void commit();

    /**
     * Stores a snapshot durably and keeps the one before it; a half-written one is never seen. One
     * that lies before the newest is of no use any more and is not stored.
     *
     * @throws IllegalArgumentException if it holds events that are not committed
     */
    void snapshotSave(Snapshot snapshot);

    /**
     * Allows everything before {@code position} to be dropped; whole segments go, never parts, and
     * nothing that the older of the two snapshots needs. With fewer than two nothing goes.
     */
    void truncateBefore(long position);

    /** Lets go of the store. Idempotent. What is not committed yet is not committed by this. */
    @Override
    void close();
}
