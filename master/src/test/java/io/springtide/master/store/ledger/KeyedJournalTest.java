package io.springtide.master.store.ledger;

import io.springtide.master.journal.Batch;
import io.springtide.master.journal.Batches;
import io.springtide.master.journal.EventsDroppedException;
import io.springtide.master.journal.Journal;
import io.springtide.master.journal.JournalConformance;
import io.springtide.master.journal.JournalException;
import io.springtide.master.journal.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** {@link KeyedJournal} on a ledger in memory: in ordinary use, and when the ledger fails. */
class KeyedJournalTest extends JournalConformance {

    private static final long CLUSTER = 42;
    private static final int LARGE = 2_000_000;

    private final MemoryLedger ledger = new MemoryLedger();
    private final KeyedLog follower = new KeyedLog(ledger, CLUSTER, System::nanoTime);
    private long epoch;

    @Override
    protected Journal openStore() {
        return open();
    }

    @Override
    protected int payloadBytesMax() {
        return KeyedJournal.PAYLOAD_BYTES_MAX;
    }

    private KeyedJournal open() {
        epoch++;
        return KeyedJournal.open(new KeyedLog(ledger, CLUSTER, System::nanoTime), ledger.fence(),
                epoch);
    }

    @Test
    void putsManySmallBatchesIntoOneTransaction() {
        KeyedJournal journal = open();
        for (int i = 0; i < Ledger.CHANGES_MAX - 1; i++) {
            Batches.append(journal, 1, 3);
        }
        journal.commit();
        assertThat(ledger.transactions).isEqualTo(1);
        assertThat(Batches.texts(follower, 0)).hasSize(Ledger.CHANGES_MAX - 1);
    }

    @Test
    void cutsUpWhatDoesNotFitIntoOneValueAndHidesItUntilItIsWhole() {
        KeyedJournal journal = open();
        Batch large = Batches.sized(1, 0, 10, LARGE);
        journal.append(large);
        journal.commit();
        Batch small = Batches.commit(journal, 1, 1);
        assertThat(ledger.list(Keys.PARTS)).hasSize(1);
        assertThat(Batches.texts(follower, 0))
                .isEqualTo(Batches.texts(List.of(large, small)));
        // What a master has left that died on the way:
        ledger.set(Keys.part(2, 0), new byte[10]);
        assertThat(Batches.texts(follower, 0)).hasSize(2);
        KeyedJournal next = open();
        assertThat(ledger.list(Keys.PARTS)).hasSize(1);
        next.append(Batches.sized(2, 11, 1, LARGE));
        next.commit();
        assertThat(Batches.texts(follower, 11)).hasSize(1);
    }

    /** Goal: who takes over is not kept waiting. Method: the last event again, behind some hundred batches. */
    @Test
    void findsTheNewestBatchWithoutASearch() {
        KeyedJournal journal = open();
        for (int i = 0; i < 300; i++) {
            Batches.commit(journal, 1, 3);
        }
        String newest = Batches.texts(follower, 0).getLast();
        int before = ledger.valuesRead;
        assertThat(Batches.texts(follower, 899)).containsExactly(newest);
        assertThat(ledger.valuesRead - before).isLessThanOrEqualTo(8);
        String next = Batches.text(Batches.commit(journal, 1, 2));
        assertThat(Batches.texts(follower, 899)).containsExactly(newest, next);
        assertThat(Batches.texts(follower, 897)).containsExactly(newest, next);
        assertThat(Batches.texts(follower, 901)).containsExactly(next);
    }

    @Test
    void aLateWriteOfAnEarlierReignFails() {
        KeyedJournal old = open();
        Batch first = Batches.commit(old, 1, 3);
        Batches.append(old, 1, 3);
        KeyedJournal next = open();
        assertThatThrownBy(old::commit).isInstanceOf(JournalException.class)
                .hasMessageContaining("another master leads now");
        assertThatThrownBy(() -> Batches.append(old, 1, 3)).isInstanceOf(JournalException.class);
        assertThat(Batches.texts(follower, 0)).containsExactly(Batches.text(first));
        Batch second = Batches.commit(next, 2, 1);
        assertThat(Batches.texts(follower, 0))
                .isEqualTo(Batches.texts(List.of(first, second)));
        assertThatThrownBy(() -> old.snapshotSave(Batches.snapshot(1, 3)))
                .isInstanceOf(JournalException.class);
        assertThat(follower.snapshotLatest()).isEmpty();
    }

    @Test
    void whatSomebodyElseHasWrittenToItsPlaceEndsTheReign() {
        KeyedJournal journal = open();
        Batches.commit(journal, 1, 3);
        Batches.append(journal, 1, 3);
        ledger.set(Keys.batch(1), new byte[100]);
        assertThatThrownBy(journal::commit).isInstanceOf(JournalException.class)
                .hasMessageContaining(Keys.batch(1));
    }

    @Test
    void aStoreThatIsDownEndsTheReignAndNotTheLog() {
        KeyedJournal journal = open();
        Batch first = Batches.commit(journal, 1, 3);
        Batches.append(journal, 1, 3);
        ledger.down(true);
        assertThatThrownBy(journal::commit).isInstanceOf(JournalException.class)
                .hasMessageContaining("can be reached");
        assertThatThrownBy(() -> follower.read(0, batch -> {
        })).isInstanceOf(JournalException.class).hasMessageContaining("can be reached");
        ledger.down(false);
        assertThatThrownBy(journal::commit).isInstanceOf(JournalException.class);
        assertThat(Batches.texts(follower, 0)).containsExactly(Batches.text(first));
        assertThat(open().positionNext()).isEqualTo(3);
    }

    @Test
    void findsItsPlaceAmongManyBatches() {
        KeyedJournal journal = open();
        for (int i = 0; i < 3_500; i++) {
            Batches.append(journal, 1, 1 + i % 7);
        }
        journal.commit();
        long end = journal.positionNext();
        assertThat(ledger.list(Keys.LOG)).hasSize(4);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 50; i++) {
            long from = random.nextLong(end);
            List<Batch> read = new ArrayList<>();
            new KeyedLog(ledger, CLUSTER, System::nanoTime).read(from, read::add);
            assertThat(read.getFirst().position()).isLessThanOrEqualTo(from);
            assertThat(read.getFirst().positionEnd()).isGreaterThan(from);
            assertThat(read.getLast().positionEnd()).isEqualTo(end);
        }
    }

    @Test
    void aFollowerThatLagsBehindTheTruncationIsSentToTheSnapshot() {
        KeyedJournal journal = open();
        List<Batch> all = new ArrayList<>();
        for (int i = 0; i < 2_500; i++) {
            all.add(Batches.append(journal, 1, 1));
        }
        journal.commit();
        follower.read(100, batch -> {});
        long before = journal.sizeBytes();
        journal.snapshotSave(Batches.snapshot(1, 1_500));
        journal.snapshotSave(Batches.snapshot(1, 2_000));
        journal.truncateBefore(2_400);
        assertThat(journal.sizeBytes()).isEqualTo(before * 1_000 / 2_500);
        assertThatThrownBy(() -> follower.read(1_499, batch -> {}))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("start from the latest snapshot");
        assertThat(Batches.texts(follower, 1_500))
                .isEqualTo(Batches.texts(all.subList(1_500, 2_500)));
        assertThat(ledger.list(Keys.LOG)).hasSize(2);
        KeyedJournal again = open();
        assertThat(again.positionNext()).isEqualTo(2_500);
        assertThat(again.sizeBytes()).isEqualTo(before * 1_000 / 2_500);
    }

    @Test
    void aFollowerWhoseWholePastIsDroppedGetsOnAndCanLead() {
        KeyedJournal journal = open();
        Batches.commit(journal, 1, 3);
        assertThat(Batches.texts(follower, 0)).hasSize(1);
        List<Batch> all = appendAndTruncate(journal);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> follower.read(3, batch -> {}))
                    .isInstanceOf(EventsDroppedException.class);
        }
        long from = follower.snapshotLatest().orElseThrow().position();
        assertThat(from).isEqualTo(1_203);
        assertThat(Batches.texts(follower, from))
                .isEqualTo(Batches.texts(all.subList(1_200, 1_500)));
        assertThat(Batches.texts(follower, 1_503)).isEmpty();
    }

    @Test
    void aMasterWhoseWholePastIsDroppedFindsWhereItsReignBegins() throws Exception {
        KeyedJournal journal = open();
        Batches.commit(journal, 1, 3);
        assertThat(Batches.texts(follower, 0)).hasSize(1);
        appendAndTruncate(journal);
        assertThat(follower.await(3, Duration.ZERO)).isFalse();
        KeyedJournal next = KeyedJournal.open(follower, ledger.fence(), 2);
        assertThat(next.positionNext()).isEqualTo(1_503);
        Batch first = Batches.commit(next, 2, 1);
        assertThat(Batches.texts(follower, 1_503)).containsExactly(Batches.text(first));
    }

    @Test
    void whoeverKnewTheLogWhenItWasEmptyDoesNotTakeItForEmptyForEver() {
        assertThat(Batches.texts(follower, 0)).isEmpty();
        KeyedLog candidate = new KeyedLog(ledger, CLUSTER, System::nanoTime);
        assertThat(Batches.texts(candidate, 0)).isEmpty();
        KeyedJournal journal = open();
        Batches.commit(journal, 1, 3);
        appendAndTruncate(journal);
        assertThatThrownBy(() -> follower.read(0, batch -> {}))
                .isInstanceOf(EventsDroppedException.class);
        assertThat(Batches.texts(follower, 1_202)).hasSize(301);
        assertThat(KeyedJournal.open(candidate, ledger.fence(), 2).positionNext())
                .isEqualTo(1_503);
    }

    @Test
    void theEndIsNotTakenForWhereTheLogBeganBeforeItWasTruncated() {
        KeyedJournal journal = open();
        Batches.commit(journal, 1, 3);
        // Between the look at the oldest batch and that at those behind it:
        ledger.beforeRead(1, () -> appendAndTruncate(journal));
        KeyedLog late = new KeyedLog(ledger, CLUSTER, System::nanoTime);
        assertThat(late.end().position()).isEqualTo(1_503);
    }

    /**
     * 1500 batches of one event; the first 1100 and what was before them are dropped. None is left where
     * a search from the start would look: at one less than the powers of two.
     */
    private static List<Batch> appendAndTruncate(KeyedJournal journal) {
        List<Batch> all = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            all.add(Batches.append(journal, 1, 1));
        }
        journal.commit();
        journal.snapshotSave(Batches.snapshot(1, 1_103));
        journal.snapshotSave(Batches.snapshot(1, 1_203));
        journal.truncateBefore(1_203);
        return all;
    }

    @Test
    void neverDropsTheLastBatch() {
        KeyedJournal journal = open();
        Batches.commit(journal, 1, 10);
        journal.append(Batches.sized(1, 10, 10, LARGE));
        journal.commit();
        journal.snapshotSave(Batches.snapshot(1, 15));
        journal.snapshotSave(Batches.snapshot(1, 20));
        journal.truncateBefore(20);
        journal.truncateBefore(20);
        assertThat(Batches.texts(follower, 15)).hasSize(1);
        assertThat(open().positionNext()).isEqualTo(20);
    }

    @Test
    void aHalfWrittenSnapshotIsNotSeenAndIsRemoved() {
        KeyedJournal journal = open();
        Batches.commit(journal, 1, 30);
        Snapshot large = new Snapshot(1, 10, 5, 6, new byte[LARGE]);
        journal.snapshotSave(large);
        ledger.set(Keys.chunk(20, 0), new byte[100]);
        assertThat(follower.snapshotLatest().map(Batches::text)).contains(Batches.text(large));
        journal.snapshotSave(Batches.snapshot(1, 30));
        assertThat(ledger.list(Keys.CHUNKS)).hasSize(2);
        journal.snapshotSave(Batches.snapshot(1, 30));
        assertThat(follower.snapshotUpTo(29).map(Batches::text)).contains(Batches.text(large));
    }

    @Test
    void takesTheOlderSnapshotIfTheNewerIsDamaged() {
        KeyedJournal journal = open();
        Batches.commit(journal, 1, 30);
        journal.snapshotSave(Batches.snapshot(1, 10));
        journal.snapshotSave(Batches.snapshot(1, 20));
        ledger.set(Keys.chunk(20, 0), new byte[100]);
        assertThat(follower.snapshotLatest().map(Snapshot::position)).contains(10L);
    }

    @Test
    void aDamagedBatchIsNamed() {
        KeyedJournal journal = open();
        Batches.commit(journal, 1, 3);
        byte[] value = Objects.requireNonNull(ledger.values().get(Keys.batch(0)));
        for (int i = 0; i < value.length; i += 5) {
            byte[] spoiled = value.clone();
            spoiled[i] ^= 4;
            ledger.set(Keys.batch(0), spoiled);
            assertThatThrownBy(() -> Batches.texts(follower, 0))
                    .isInstanceOf(JournalException.class).hasMessageContaining(Keys.batch(0));
        }
    }

    @Test
    void aStoreThatWasEmptiedIsNotTakenForANewOne() {
        KeyedJournal journal = open();
        Batches.commit(journal, 1, 3);
        KeyedLog log = new KeyedLog(ledger, CLUSTER, System::nanoTime);
        log.read(0, batch -> {});
        ledger.clear();
        assertThatThrownBy(() -> log.read(3, batch -> {})).isInstanceOf(JournalException.class)
                .hasMessageContaining("has lost batch 0");
        assertThatThrownBy(() -> KeyedJournal.open(log, ledger.fence(), 2))
                .isInstanceOf(JournalException.class).hasMessageContaining("has lost batch 0");
    }

    @Test
    void awaitEndsWithTheBatchOrWithTheTime() throws Exception {
        KeyedJournal journal = open();
        assertThat(follower.await(0, Duration.ofMillis(20))).isFalse();
        CompletableFuture<Boolean> awaited = CompletableFuture.supplyAsync(() -> {
            try {
                return follower.await(12, Duration.ofSeconds(30));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Batches.commit(journal, 1, 10);
        Batches.commit(journal, 1, 10);
        assertThat(awaited.get()).isTrue();
        assertThat(follower.await(19, Duration.ZERO)).isTrue();
        assertThat(follower.await(20, Duration.ofMillis(20))).isFalse();
        assertThat(journal.await(5, Duration.ZERO)).isTrue();
    }
}
