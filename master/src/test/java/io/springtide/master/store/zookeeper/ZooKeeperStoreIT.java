package io.springtide.master.store.zookeeper;

import io.springtide.master.journal.JournalSeed;
import io.springtide.master.store.Store;
import io.springtide.master.store.StoreConformance;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Elections and fencing in a real ZooKeeper. */
class ZooKeeperStoreIT extends StoreConformance {

    private static final AtomicInteger PATHS = new AtomicInteger();

    @TempDir
    static Path folder;

    private static ZooKeeperServers server;

    private final String path = "/springtide/store" + PATHS.incrementAndGet();

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
    protected int port() {
        return server.port();
    }

    @Override
    protected void seed(JournalSeed seed) {
        ZooKeeperStore.restore("127.0.0.1:" + server.port(), path, Duration.ofSeconds(4), seed);
    }

    @Override
    protected Store openStore(int port, Duration session) {
        return ZooKeeperStore.open("127.0.0.1:" + port, path, session);
    }
}
