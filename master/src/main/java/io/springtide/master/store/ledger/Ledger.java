package io.springtide.master.store.ledger;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Named values in a store that several masters share, written in transactions that hold only as long as
 * a fence stands. Everything that the journal needs of ZooKeeper and etcd, and nothing else, so that the
 * journal on both is one piece of code. Any thread; each call waits for its answer.
 *
 * <p>A key is a path of names, such as {@code log/0000000012/0000000012345}. A folder is there as long as
 * a key below it is. No key is a folder of others.
 */
public interface Ledger extends AutoCloseable {

    /** Of all values in one transaction, names included; below ZooKeeper's 1 MB and etcd's 1.5 MB. */
    int TRANSACTION_BYTES_MAX = 900_000;

    /** Changes in one transaction, below etcd's limit of 128. */
    int CHANGES_MAX = 100;

    /**
     * Reads values, strictly consistent, many at a time. Rides out a loss of the store that is shorter
     * than a session.
     *
     * @return one for each key, empty where there is none
     * @throws LedgerException if the store cannot be reached
     */
    List<Optional<byte[]>> read(List<String> keys);

    /**
     * The names directly below a folder, sorted; none if there is no such folder. Rides out what {@link
     * #read} does.
     *
     * @throws LedgerException if the store cannot be reached
     */
    List<String> list(String folder);

    /** The lowest of {@link #list}. */
    default Optional<String> first(String folder) {
        return list(folder).stream().findFirst();
    }

    /**
     * Carries out all changes or none. Each key occurs once at most.
     *
     * @throws LedgerException if the fence has fallen, a key to create exists, one to delete or to
     *         expect does not, or, with {@link LedgerException.Kind#UNKNOWN}, if the store was lost on
     *         the way, so that it may have happened or not, or may happen yet as long as the fence
     *         stands
     */
    void write(Fence fence, List<LedgerChange> changes);

    /**
     * Carries out transactions one after the other, as if by {@link #write}, but need not wait for one
     * before it sends the next: where one fails, those behind it may have happened or not. Whoever wants
     * them to depend on each other says so by {@link LedgerChange.Expect}.
     *
     * @throws LedgerException of the first that failed
     */
    default void writeAll(Fence fence, List<List<LedgerChange>> transactions) {
        for (List<LedgerChange> changes : transactions) {
            write(fence, changes);
        }
    }

    /**
     * Creates a key that never changes, if it is not there; without a fence, since it is settled before
     * the first election.
     *
     * @return the value that is there now
     * @throws LedgerException if the store cannot be reached
     */
    byte[] settle(String key, byte[] value);

    /**
     * Waits after a write whose end is unknown until the store answers again.
     *
     * @throws LedgerException if it does not for as long as a session lasts: then the reign is over
     */
    void awaitReachable();

    /**
     * Waits until a key exists.
     *
     * @return false if the time has passed before
     * @throws LedgerException if the store cannot be reached
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    boolean await(String key, Duration atMost) throws InterruptedException;

    /** What an operator calls the store, without any password. */
    String name();

    @Override
    void close();

    /**
     * What stands while a reign lasts: a version of ZooKeeper's epoch node, or the create revision of
     * etcd's leader key.
     */
    record Fence(long token) {}
}
