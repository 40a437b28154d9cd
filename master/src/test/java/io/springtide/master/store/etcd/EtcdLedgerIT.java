package io.springtide.master.store.etcd;

import io.springtide.master.store.ledger.Ledger;
import io.springtide.master.store.ledger.LedgerConformance;
import io.springtide.master.store.ledger.Seat;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Transactions and their fence in a real etcd. */
class EtcdLedgerIT extends LedgerConformance {

    private static final AtomicInteger PATHS = new AtomicInteger();
    private static final Duration SESSION = Duration.ofSeconds(4);

    @TempDir
    static Path folder;

    private static EtcdServer server;

    private final String path = "/ledger" + PATHS.incrementAndGet();
    private final Map<Ledger, EtcdConnection> connections = new HashMap<>();

    @BeforeAll
    static void start() throws Exception {
        server = EtcdServer.start(folder);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected Ledger openLedger() {
        EtcdConnection connection = new EtcdConnection("test",
                List.of(URI.create("http://127.0.0.1:" + server.port())), path, SESSION);
        Ledger ledger = new EtcdLedger(connection);
        connections.put(ledger, connection);
        return ledger;
    }

    @Override
    protected Seat openSeat(Ledger of) {
        return new EtcdSeat(Objects.requireNonNull(connections.get(of)));
    }
}
