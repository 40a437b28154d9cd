package io.springtide.master.store.zookeeper;

import io.springtide.master.journal.JournalException;
import io.springtide.master.journal.JournalSeed;
import io.springtide.master.store.Store;
import io.springtide.master.store.ledger.LedgerException;
import io.springtide.master.store.ledger.LedgerStore;
import io.springtide.master.store.ledger.SeededLedger;
import java.time.Duration;

/** Opens what a cluster keeps in a ZooKeeper ensemble. */
public final class ZooKeeperStore {

    /** For the first connection; an ensemble that has just been started needs some seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private ZooKeeperStore() {}

    /**
     * Opens it.
     *
     * @param servers {@code host:port,host:port}
     * @param path of everything that is the cluster's, beginning with a slash
     * @param session for how long a master may be cut off and still lead; the servers bound it by 2 to
     *        20 of their ticks
     * @throws JournalException if no server answers, or something else lives at the path
     */
    public static Store open(String servers, String path, Duration session) {
        ZooKeeperConnection connection = connect(servers, path, session);
        return LedgerStore.open(new ZooKeeperLedger(connection), new ZooKeeperSeat(connection),
                session);
    }

    /**
     * Begins it with what a backup gives.
     *
     * @throws JournalException if no server answers, or anything is there already
     */
    public static void restore(String servers, String path, Duration session, JournalSeed seed) {
        ZooKeeperConnection connection = connect(servers, path, session);
        SeededLedger.begin(new ZooKeeperLedger(connection), new ZooKeeperSeat(connection), seed);
    }

    private static ZooKeeperConnection connect(String servers, String path, Duration session) {
        String name = "zk://" + servers + path;
        try {
            return new ZooKeeperConnection(name, servers, path, session, PATIENCE);
        } catch (LedgerException e) {
            throw new JournalException("cannot open the journal in " + name + ": " + e.getMessage()
                    + ". See that the servers run and can be reached from here", e);
        }
    }
}
