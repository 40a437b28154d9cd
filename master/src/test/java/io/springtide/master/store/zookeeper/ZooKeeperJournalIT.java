package io.springtide.master.store.zookeeper;

import io.springtide.master.journal.Journal;
import io.springtide.master.journal.JournalConformance;
import io.springtide.master.store.StoreJournal;
import io.springtide.master.store.ledger.KeyedJournal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The rules of all journals in a real ZooKeeper. */
class ZooKeeperJournalIT extends JournalConformance {

    private static final AtomicInteger PATHS = new AtomicInteger();
    private static final Duration SESSION = Duration.ofSeconds(4);

    @TempDir
    static Path folder;

    private static ZooKeeperServers server;

    private final String path = "/journal" + PATHS.incrementAndGet();

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
    protected Journal openStore() {
        return StoreJournal
                .lead(ZooKeeperStore.open("127.0.0.1:" + server.port(), path, SESSION));
    }

    @Override
    protected int payloadBytesMax() {
        return KeyedJournal.PAYLOAD_BYTES_MAX;
    }
}
