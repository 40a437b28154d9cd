package io.springtide.master.store.ledger;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Named values in a store that several masters share, written in transactions that hold only as long as
 * a fence stands. Everything that the journal needs of ZooKeeper and etcd, and nothing else, so that the
 * journal on both is one piece of code. Any thread; each call waits for its answer.
 *
 * <p>A key is a path of names, such as {@code log/000012/0000012345}.
 */
public interface Ledger extends AutoCloseable {

    /** Of all values in one transaction, names included; below ZooKeeper's 1 MB and etcd's 1.5 MB. */
    int TRANSACTION_BYTES_MAX = 900_000;

    /** Changes in one transaction, below etcd's limit of 128. */
    int CHANGES_MAX = 100;

    /**
     * Reads values, strictly consistent, many at a time.
     *
     * @return one for each key, empty where there is none
     * @throws LedgerException if the store cannot be reached
     */
    List<Optional<byte[]>> read(List<String> keys);

    /**
     * The names directly below a folder, sorted.
     *
     * @throws LedgerException if the store cannot be reached
     */
    List<String> list(String folder);

    /**
     * Carries out all changes or none.
     *
     * @throws LedgerException if the fence has fallen, a key to create exists, one to delete or to
     *         expect does not, or, with {@link LedgerException.Kind#UNKNOWN}, if the store was lost on
     *         the way, so that it may have happened or not
     */
    void write(Fence fence, List<LedgerChange> changes);

    /**
     * Waits until a key exists.
     *
     * @return false if the time has passed before
     * @throws LedgerException if the store cannot be reached
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    boolean await(String key, Duration atMost) throws InterruptedException;

    @Override
    void close();

    /**
     * What stands while a reign lasts: a version of ZooKeeper's epoch node, or the create revision of
     * etcd's leader key.
     */
    record Fence(long token) {}
}
