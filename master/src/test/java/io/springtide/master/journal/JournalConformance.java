package io.springtide.master.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The rules of {@link Journal} that every implementation keeps. A subclass says how to reach one and
 * the same store again and again; each test gets an empty one.
 */
public abstract class JournalConformance {

    private final List<Journal> opened = new ArrayList<>();

    /** Opens the store of the running test. The journal opened before has been closed. */
    protected abstract Journal openStore();

    /** Payload of the largest batch that the implementation takes. */
    protected abstract int payloadBytesMax();

    private Journal open() {
        Journal journal = openStore();
        opened.add(journal);
        return journal;
    }

    private Journal reopen(Journal journal) {
        journal.close();
        return open();
    }

    @AfterEach
    void closeAll() {
        opened.forEach(Journal::close);
    }

    @Test
    void startsEmptyAtZero() {
        Journal journal = open();
        assertThat(journal.positionNext()).isZero();
        assertThat(Batches.texts(journal, 0)).isEmpty();
        assertThat(journal.snapshotLatest()).isEmpty();
    }

    @Test
    void showsABatchOnlyAfterItsCommit() {
        Journal journal = open();
        Batch first = Batches.append(journal, 1, 3);
        assertThat(journal.positionNext()).isEqualTo(3);
        assertThat(Batches.texts(journal, 0)).isEmpty();
        journal.commit();
        assertThat(Batches.texts(journal, 0)).containsExactly(Batches.text(first));
    }

    @Test
    void commitsAllThatWasAppendedAtOnce() {
        Journal journal = open();
        List<Batch> batches = List.of(Batches.append(journal, 1, 1), Batches.append(journal, 1, 50),
                Batches.append(journal, 1, 7));
        journal.commit();
        assertThat(Batches.texts(journal, 0)).isEqualTo(Batches.texts(batches));
    }

    @Test
    void commitsNothingWithoutComplaint() {
        Journal journal = open();
        journal.commit();
        journal.commit();
        assertThat(journal.positionNext()).isZero();
    }

    @Test
    void keepsWhatWasCommittedWhenOpenedAgain() {
        Journal journal = open();
        Batch first = Batches.commit(journal, 1, 3);
        journal = reopen(journal);
        assertThat(journal.positionNext()).isEqualTo(3);
        Batch second = Batches.commit(journal, 2, 2);
        journal = reopen(journal);
        assertThat(journal.positionNext()).isEqualTo(5);
        assertThat(Batches.texts(journal, 0)).isEqualTo(Batches.texts(List.of(first, second)));
    }

    @Test
    void readsFromTheBatchThatHoldsThePosition() {
        Journal journal = open();
        Batches.append(journal, 1, 10);
        Batch second = Batches.append(journal, 1, 10);
        Batch third = Batches.append(journal, 1, 10);
        journal.commit();
        assertThat(Batches.texts(journal, 15)).isEqualTo(Batches.texts(List.of(second, third)));
        assertThat(Batches.texts(journal, 20)).containsExactly(Batches.text(third));
        assertThat(Batches.texts(journal, 29)).containsExactly(Batches.text(third));
        assertThat(Batches.texts(journal, 30)).isEmpty();
        assertThat(Batches.texts(journal, 1000)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> Batches.texts(journal, -1));
    }

    @Test
    void takesBatchesFromEmptyToTheLargest() {
        Journal journal = open();
        Batch empty = Batches.sized(1, 0, 1, 0);
        Batch largest = Batches.sized(1, 1, 1, payloadBytesMax());
        journal.append(empty);
        journal.append(largest);
        journal.commit();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> journal.append(Batches.sized(1, 2, 1, payloadBytesMax() + 1)))
                .withMessageContaining("limit");
        Batch after = Batches.commit(journal, 1, 1);
        assertThat(Batches.texts(journal, 0))
                .isEqualTo(Batches.texts(List.of(empty, largest, after)));
    }

    @Test
    void refusesGapsAndRepeatsWithoutHarm() {
        Journal journal = open();
        Batch first = Batches.commit(journal, 1, 3);
        assertThatIllegalArgumentException().isThrownBy(() -> journal.append(Batches.at(1, 0, 3)));
        assertThatIllegalArgumentException().isThrownBy(() -> journal.append(Batches.at(1, 4, 3)));
        Batch second = Batches.commit(journal, 1, 3);
        assertThat(Batches.texts(journal, 0)).isEqualTo(Batches.texts(List.of(first, second)));
    }

    @Test
    void refusesAnEpochThatIsOverForGood() {
        Journal journal = open();
        Batch first = Batches.commit(journal, 5, 1);
        assertThatThrownBy(() -> journal.append(Batches.at(4, 1, 1)))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("epoch");
        assertThatThrownBy(() -> journal.append(Batches.at(5, 1, 1)))
                .isInstanceOf(JournalException.class);
        assertThatThrownBy(journal::commit).isInstanceOf(JournalException.class);
        Journal again = reopen(journal);
        assertThatThrownBy(() -> again.append(Batches.at(4, 1, 1)))
                .isInstanceOf(JournalException.class);
        assertThat(Batches.texts(reopen(again), 0)).containsExactly(Batches.text(first));
    }

    @Test
    void handsBackTheNewestSnapshot() {
        Journal journal = open();
        Batches.commit(journal, 1, 30);
        journal.snapshotSave(Batches.snapshot(1, 10));
        journal.snapshotSave(Batches.snapshot(1, 30));
        journal.snapshotSave(Batches.snapshot(1, 20));
        assertThat(journal.snapshotLatest().map(Batches::text))
                .contains(Batches.text(Batches.snapshot(1, 30)));
        Optional<Snapshot> again = reopen(journal).snapshotLatest();
        assertThat(again.map(Batches::text)).contains(Batches.text(Batches.snapshot(1, 30)));
    }

    @Test
    void findsTheSnapshotThatAPositionCanBeReachedFrom() {
        Journal journal = open();
        Batches.commit(journal, 1, 30);
        journal.snapshotSave(Batches.snapshot(1, 10));
        journal.snapshotSave(Batches.snapshot(1, 20));
        assertThat(journal.snapshotUpTo(9)).isEmpty();
        assertThat(journal.snapshotUpTo(10).map(Snapshot::position)).contains(10L);
        assertThat(journal.snapshotUpTo(19).map(Snapshot::position)).contains(10L);
        assertThat(journal.snapshotUpTo(30).map(Batches::text))
                .contains(Batches.text(Batches.snapshot(1, 20)));
        assertThat(reopen(journal).snapshotUpTo(15).map(Snapshot::position)).contains(10L);
    }

    @Test
    void refusesASnapshotOfWhatIsNotCommitted() {
        Journal journal = open();
        Batches.append(journal, 1, 5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> journal.snapshotSave(Batches.snapshot(1, 5)));
        journal.commit();
        journal.snapshotSave(Batches.snapshot(1, 5));
        assertThat(journal.snapshotLatest()).isPresent();
    }

    @Test
    void truncatesNothingThatTheOlderSnapshotNeeds() {
        Journal journal = open();
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(Batches.text(Batches.commit(journal, 1, 10)));
        }
        journal.truncateBefore(1000);
        assertThat(Batches.texts(journal, 0)).isEqualTo(all);
        journal.snapshotSave(Batches.snapshot(1, 500));
        journal.truncateBefore(1000);
        assertThat(Batches.texts(journal, 0)).isEqualTo(all);
        journal.snapshotSave(Batches.snapshot(1, 900));
        journal.truncateBefore(1000);
        assertThat(Batches.texts(journal, 500)).isEqualTo(all.subList(50, 100));
        assertThat(Batches.texts(reopen(journal), 500)).isEqualTo(all.subList(50, 100));
    }

    @Test
    void readersSeeAWholePrefixWhileTheLogGrows() {
        Journal journal = open();
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Long> reader = CompletableFuture.supplyAsync(() -> {
            long next = 0;
            boolean last = false;
            while (!last) {
                last = done.get();
                long[] due = {next};
                journal.read(next, batch -> {
                    assertThat(Batches.text(batch)).isEqualTo(Batches.text(
                            Batches.at(1, due[0], batch.count())));
                    due[0] = batch.positionEnd();
                });
                next = due[0];
            }
            return next;
        });
        try {
            for (int i = 0; i < 200; i++) {
                Batches.append(journal, 1, 1 + i % 20);
                Batches.commit(journal, 1, 3);
            }
        } finally {
            done.set(true);
        }
        assertThat(reader.join()).isEqualTo(journal.positionNext());
    }

    @Test
    void closesTwiceAndIsClosed() {
        Journal journal = open();
        journal.close();
        journal.close();
        assertThatThrownBy(() -> journal.append(Batches.at(1, 0, 1)))
                .isInstanceOf(JournalException.class);
    }
}
