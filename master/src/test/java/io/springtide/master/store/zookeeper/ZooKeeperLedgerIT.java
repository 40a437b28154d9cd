package io.springtide.master.store.zookeeper;

import io.springtide.master.store.ledger.Ledger;
import io.springtide.master.store.ledger.LedgerConformance;
import io.springtide.master.store.ledger.Seat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Transactions and their fence in a real ZooKeeper. */
class ZooKeeperLedgerIT extends LedgerConformance {

    private static final AtomicInteger PATHS = new AtomicInteger();
    private static final Duration SESSION = Duration.ofSeconds(4);

    @TempDir
    static Path folder;

    private static ZooKeeperServers server;

    private final String path = "/ledger" + PATHS.incrementAndGet();
    private final Map<Ledger, ZooKeeperConnection> connections = new HashMap<>();

    @BeforeAll
    static void start() throws Exception {
        server = ZooKeeperServers.start(folder, 1);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected Ledger openLedger() {
        ZooKeeperConnection connection = new ZooKeeperConnection("test",
                "127.0.0.1:" + server.port(),
                path, SESSION, Duration.ofSeconds(20));
        Ledger ledger = new ZooKeeperLedger(connection);
        connections.put(ledger, connection);
        return ledger;
    }

    @Override
    protected Seat openSeat(Ledger of) {
        return new ZooKeeperSeat(Objects.requireNonNull(connections.get(of)));
    }
}
