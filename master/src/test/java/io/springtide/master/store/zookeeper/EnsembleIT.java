package io.springtide.master.store.zookeeper;

import io.springtide.master.journal.Batches;
import io.springtide.master.journal.Journal;
import io.springtide.master.store.Store;
import io.springtide.master.store.StoreUri;
import io.springtide.master.store.Stores;
import io.springtide.master.store.Voter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Three servers, each a process of its own, of which one is killed. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class EnsembleIT {

    @TempDir
    Path folder;

    @Test
    void theLossOfAServerLosesNothingAndEndsNoReign() throws Exception {
        try (ZooKeeperServers servers = ZooKeeperServers.start(folder, 3);
                Store store = Stores.open(StoreUri.parse("zk://" + servers.addresses() + "/ha"),
                        Duration.ofSeconds(6))) {
            Voter voter = new Voter(store, "a");
            Journal journal = voter.reign().journal();
            List<String> written = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                written.add(Batches.text(Batches.commit(journal, 1, 3)));
            }
            servers.kill(servers.leader());
            for (int i = 0; i < 50; i++) {
                written.add(Batches.text(Batches.commit(journal, 1, 3)));
            }
            assertThat(voter.wasDeposed()).isFalse();
            try (Store other = Stores.open(StoreUri.parse(store.name()))) {
                assertThat(Batches.texts(other.log(), 0)).isEqualTo(written);
                assertThat(other.clusterId()).isEqualTo(store.clusterId());
            }
        }
    }
}
