package io.springtide.master.store;

import io.springtide.master.journal.Batch;
import io.springtide.master.journal.Batches;
import io.springtide.master.journal.Journal;
import io.springtide.master.journal.JournalException;
import io.springtide.master.journal.JournalSeed;
import io.springtide.master.journal.Log;
import io.springtide.master.journal.Snapshot;
import io.springtide.master.store.Election.Leader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What every store that masters share has to do, on a real server: one leads, another takes over, and
 * whoever was deposed can add nothing. Each test has an empty path of its own.
 */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
public abstract class StoreConformance {

    /** Long enough for a busy build machine to keep it. */
    private static final Duration SESSION = Duration.ofSeconds(4);

    private final List<AutoCloseable> open = new ArrayList<>();

    /** Port of a server of the running test's ensemble. */
    protected abstract int port();

    /** Opens the running test's path by way of a port. */
    protected abstract Store openStore(int port, Duration session);

    /** Begins the running test's path with what a backup gives. */
    protected abstract void seed(JournalSeed seed);

    private Store store(int port) {
        Store store = openStore(port, SESSION);
        open.add(store);
        return store;
    }

    private Store store() {
        return store(port());
    }

    private TcpProxy proxy() throws IOException {
        TcpProxy proxy = new TcpProxy(port());
        open.add(0, proxy);
        return proxy;
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable next : open.reversed()) {
            next.close();
        }
    }

    private static void awaitLeader(Store store, Leader leader) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!store.election().leader().equals(Optional.of(leader))) {
            assertThat(System.nanoTime()).as("%s instead of %s", store.election().leader(), leader)
                    .isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    @Test
    void theFirstLeadsAndAllKnowIt() throws Exception {
        Store first = store();
        Store second = store();
        Store idle = store();
        assertThat(second.clusterId()).isEqualTo(first.clusterId()).matches("[0-9a-f]{16}");
        assertThat(first.shared()).isTrue();
        assertThat(idle.election().leader()).isEmpty();
        Voter a = new Voter(first, "a");
        assertThat(a.reign().epoch()).isEqualTo(1);
        Voter b = new Voter(second, "b");
        Leader leader = new Leader(1, a.self());
        awaitLeader(first, leader);
        awaitLeader(second, leader);
        awaitLeader(idle, leader);
        assertThat(b.wasElected()).isFalse();
    }

    @Test
    void aClosedStoreHandsOverAtOnce() throws Exception {
        Store first = store();
        Voter a = new Voter(first, "a");
        Batches.commit(a.reign().journal(), 1, 3);
        Store second = store();
        Voter b = new Voter(second, "b");
        long start = System.nanoTime();
        first.close();
        Reign reign = b.reign();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SESSION);
        assertThat(a.wasDeposed()).isFalse();
        assertThat(reign.epoch()).isEqualTo(2);
        assertThat(reign.journal().positionNext()).isEqualTo(3);
        awaitLeader(second, new Leader(2, b.self()));
    }

    @Test
    void beginsWithWhatABackupGivesIfItIsEmpty() throws Exception {
        byte[] state = new byte[2_500_000];
        new SplittableRandom(7).nextBytes(state);
        Batch first = new Batch(1_000_007, 5_000_000, 17, 1, new byte[]{1, 2, 3});
        JournalSeed seed = new JournalSeed(0x0123456789abcdefL,
                new Snapshot(1_000_007, 5_000_000, 16, 99, state), first);
        seed(seed);
        assertThatThrownBy(() -> seed(seed)).isInstanceOf(JournalException.class)
                .hasMessageContaining("holds a cluster already");
        Store store = store();
        assertThat(store.clusterId()).isEqualTo("0123456789abcdef");
        Snapshot read = store.log().snapshotLatest().orElseThrow();
        assertThat(read.payload()).isEqualTo(state);
        assertThat(read.position()).isEqualTo(5_000_000);
        assertThat(read.stateHash()).isEqualTo(99);
        assertThat(Batches.texts(store.log(), 5_000_000)).containsExactly(Batches.text(first));
        Reign reign = new Voter(store, "a").reign();
        assertThat(reign.epoch()).isEqualTo(1_000_008);
        assertThat(reign.journal().positionNext()).isEqualTo(5_000_001);
        Batches.commit(reign.journal(), reign.epoch(), 2);
        assertThat(Batches.texts(store.log(), 5_000_000)).hasSize(2);
    }

    @Test
    void aStoreWithAClusterIsNotReplaced() {
        String cluster = store().clusterId();
        JournalSeed seed = new JournalSeed(1, new Snapshot(2, 3, 4, 5, new byte[]{6}),
                new Batch(2, 3, 4, 1, new byte[]{7}));
        assertThatThrownBy(() -> seed(seed)).isInstanceOf(JournalException.class)
                .hasMessageContaining("nothing was changed");
        assertThat(store().clusterId()).isEqualTo(cluster);
    }

    @Test
    void resigningHandsOver() throws Exception {
        Store first = store();
        Store second = store();
        Voter a = new Voter(first, "a");
        Journal old = a.reign().journal();
        Batch kept = Batches.commit(old, 1, 3);
        Batches.append(old, 1, 3);
        Voter b = new Voter(second, "b");
        Thread.sleep(200);
        first.election().resign();
        assertThat(a.end()).contains("resign");
        Reign reign = b.reign();
        assertThat(reign.epoch()).isEqualTo(2);
        assertThatThrownBy(old::commit).isInstanceOf(JournalException.class);
        assertThat(Batches.texts(reign.journal(), 0)).containsExactly(Batches.text(kept));
        awaitLeader(first, new Leader(2, b.self()));
        // It stands again.
        second.close();
        assertThat(a.reign().epoch()).isEqualTo(3);
    }

    @Test
    void whoeverIsCutOffForLongerThanTheSessionIsReplacedAndCanAddNothing() throws Exception {
        TcpProxy proxy = proxy();
        Store first = store(proxy.port());
        Voter a = new Voter(first, "a");
        Journal old = a.reign().journal();
        Batch kept = Batches.commit(old, 1, 3);
        Store second = store();
        Voter b = new Voter(second, "b");
        Thread.sleep(200);
        // The write is on its way, and arrives when another has long been elected.
        proxy.freeze();
        Batches.append(old, 1, 5);
        CompletableFuture<Void> late = CompletableFuture.runAsync(old::commit);
        Reign reign = b.reign();
        assertThat(reign.epoch()).isEqualTo(2);
        Batch next = Batches.commit(reign.journal(), 2, 2);
        proxy.mend();
        assertThatThrownBy(late::join).hasCauseInstanceOf(JournalException.class);
        assertThat(a.end()).isNotBlank();
        assertThatThrownBy(() -> Batches.append(old, 1, 1)).isInstanceOf(JournalException.class);
        List<String> expected = Batches.texts(List.of(kept, next));
        assertThat(Batches.texts(second.log(), 0)).isEqualTo(expected);
        awaitLeader(first, new Leader(2, b.self()));
        assertThat(Batches.texts(first.log(), 0)).isEqualTo(expected);
    }

    @Test
    void aBlipShorterThanTheSessionChangesNothingAndLosesNothing() throws Exception {
        TcpProxy proxy = proxy();
        Store first = store(proxy.port());
        Voter a = new Voter(first, "a");
        Journal journal = a.reign().journal();
        Store second = store();
        Voter b = new Voter(second, "b");
        List<String> written = new ArrayList<>();
        written.add(Batches.text(Batches.commit(journal, 1, 3)));
        for (int i = 0; i < 3; i++) {
            boolean frozen = i == 1;
            if (frozen) {
                proxy.freeze();
            } else {
                proxy.cut();
            }
            CompletableFuture<Void> mended = CompletableFuture.runAsync(proxy::mend,
                    CompletableFuture.delayedExecutor(700, TimeUnit.MILLISECONDS));
            written.add(Batches.text(Batches.commit(journal, 1, 4)));
            mended.join();
            Thread.sleep(1_500);
        }
        assertThat(a.wasDeposed()).isFalse();
        assertThat(b.wasElected()).isFalse();
        assertThat(Batches.texts(second.log(), 0)).isEqualTo(written);
        assertThat(Batches.texts(first.log(), 0)).isEqualTo(written);
        awaitLeader(second, new Leader(1, a.self()));
    }

    @Test
    void aFollowerSeesAllThatTheLeaderCommits() throws Exception {
        Voter a = new Voter(store(), "a");
        Journal journal = a.reign().journal();
        Log follower = store().log();
        List<String> read = new ArrayList<>();
        int batches = 300;
        CompletableFuture<Void> following = CompletableFuture.runAsync(() -> {
            long[] position = {0};
            try {
                while (read.size() < batches) {
                    assertThat(follower.await(position[0], Duration.ofSeconds(20))).isTrue();
                    follower.read(position[0], batch -> {
                        read.add(Batches.text(batch));
                        position[0] = batch.positionEnd();
                    });
                }
                assertThat(follower.await(position[0], Duration.ofMillis(50))).isFalse();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        List<String> written = new ArrayList<>();
        for (int i = 0; i < batches; i++) {
            written.add(Batches.text(Batches.append(journal, 1, 1 + i % 5)));
            if (i % 3 == 0 || i == batches - 1) {
                journal.commit();
            }
        }
        following.get(40, TimeUnit.SECONDS);
        assertThat(read).isEqualTo(written);
        journal.snapshotSave(Batches.snapshot(1, 10));
        assertThat(follower.snapshotLatest().map(Batches::text))
                .contains(Batches.text(Batches.snapshot(1, 10)));
    }
}
