package io.springtide.master.store;

import io.springtide.master.journal.Log;

/**
 * Where a cluster's facts live and where it is settled who may add to them: a folder, a ZooKeeper
 * ensemble, or an etcd cluster. Any thread.
 */
public interface Store extends AutoCloseable {

    /** Sixteen hexadecimal digits, made up when the store was first used. */
    String clusterId();

    /** The committed facts, of whichever leader. */
    Log log();

    /** Who leads. */
    Election election();

    /**
     * Whether several masters may use it. If not, there is nobody to take over, and a reign that ends
     * ends the process.
     */
    boolean shared();

    /** What an operator calls it, without any password, for example {@code zk://10.0.0.1:2181/springtide}. */
    String name();

    /** Lets go of everything; whoever leads through this store leads no more. Idempotent. */
    @Override
    void close();
}
