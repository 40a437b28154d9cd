package io.springtide.master.store.etcd;

import io.springtide.master.journal.JournalException;
import io.springtide.master.journal.JournalSeed;
import io.springtide.master.store.Store;
import io.springtide.master.store.ledger.LedgerException;
import io.springtide.master.store.ledger.LedgerStore;
import io.springtide.master.store.ledger.SeededLedger;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Opens what a cluster keeps in etcd. */
public final class EtcdStore {

    /** For the first answer; a cluster that has just been started needs some seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private EtcdStore() {}

    /**
     * Opens it.
     *
     * @param servers {@code host:port,host:port}
     * @param path of everything that is the cluster's, beginning with a slash
     * @param session for how long a master may be cut off and still lead; rounded up to seconds
     * @throws JournalException if no server answers, or something else lives at the path
     */
    public static Store open(String servers, String path, Duration session) {
        EtcdConnection connection = connect(servers, path, session);
        return LedgerStore.open(new EtcdLedger(connection), new EtcdSeat(connection), session);
    }

    /**
     * Begins it with what a backup gives.
     *
     * @throws JournalException if no server answers, or anything is there already
     */
    public static void restore(String servers, String path, Duration session, JournalSeed seed) {
        EtcdConnection connection = connect(servers, path, session);
        SeededLedger.begin(new EtcdLedger(connection), new EtcdSeat(connection), seed);
    }

    private static EtcdConnection connect(String servers, String path, Duration session) {
        List<URI> endpoints = Arrays.stream(servers.split(","))
                .map(server -> URI.create("http://" + server)).toList();
        String name = "etcd://" + servers + path;
        EtcdConnection connection = new EtcdConnection(name, endpoints, path, session);
        try {
            connection.ride(client -> client.getKVClient().get(connection.key("")), PATIENCE);
            return connection;
        } catch (LedgerException e) {
            connection.close();
            throw new JournalException("cannot open the journal in " + name + ": " + e.getMessage()
                    + ". See that the servers run and can be reached from here", e);
        }
    }
}
