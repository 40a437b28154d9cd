package io.springtide.master.store.ledger;

import io.springtide.master.journal.Batch;
import io.springtide.master.journal.Batches;
import io.springtide.master.journal.JournalException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goal: whatever a store does to the writes of several masters, what was committed is there, in order,
 * without a gap, and nothing is there that nobody has written.
 *
 * <p>Method: masters follow each other on a ledger whose writes fail, come to nothing, happen unheard or
 * happen late, as drawn. A batch holds its place and its master; what is read at the end is compared with
 * what each master was told.
 */
class KeyedJournalProperties {

    private static final long CLUSTER = 7;
    private static final int REIGNS = 5;
    private static final int LARGE = 1_700_000;

    /** What the masters of one try were told. */
    private static final class Told {

        private final List<String> committed = new ArrayList<>();

        /** Of the master whose reign has ended without a word: after them in order, or not there. */
        private final List<String> doubtful = new ArrayList<>();

        /** A reader has found all that was committed, and perhaps some of the rest, in order. */
        void expect(List<String> found) {
            assertThat(found.size()).isGreaterThanOrEqualTo(committed.size());
            assertThat(found.subList(0, committed.size())).isEqualTo(committed);
            List<String> more = List.copyOf(found.subList(committed.size(), found.size()));
            assertThat(more.size()).isLessThanOrEqualTo(doubtful.size());
            assertThat(more).isEqualTo(doubtful.subList(0, more.size()));
            committed.addAll(more);
            doubtful.subList(0, more.size()).clear();
        }
    }

    @Property(tries = 80, shrinking = ShrinkingMode.OFF)
    void whatWasCommittedIsThere(@ForAll @LongRange(max = Long.MAX_VALUE) long seed,
            @ForAll @IntRange(max = 60) int faultsPercent) {
        SplittableRandom random = new SplittableRandom(seed);
        MemoryLedger ledger = new MemoryLedger();
        Told told = new Told();
        ledger.failBy(random.split(), faultsPercent);
        KeyedLog follower = new KeyedLog(ledger, CLUSTER, () -> 0);
        List<String> followed = new ArrayList<>();
        long[] position = {0};
        for (int epoch = 1; epoch <= REIGNS; epoch++) {
            reign(ledger, epoch, random, told);
            follower.read(position[0], batch -> {
                followed.add(Batches.text(batch));
                position[0] = batch.positionEnd();
            });
            told.expect(followed);
        }
        ledger.deliverLate();
        follower.read(position[0], batch -> followed.add(Batches.text(batch)));
        told.expect(followed);
        assertThat(followed).isEqualTo(told.committed);
        List<String> anew = new ArrayList<>();
        new KeyedLog(ledger, CLUSTER, () -> 0).read(0, batch -> anew.add(Batches.text(batch)));
        assertThat(anew).isEqualTo(told.committed);
    }

    private void reign(MemoryLedger ledger, int epoch, SplittableRandom random, Told told) {
        Ledger.Fence fence = ledger.fence();
        // From here on nothing can happen any more that an earlier master has under way.
        List<String> found = new ArrayList<>();
        try {
            KeyedJournal journal = KeyedJournal.open(
                    new KeyedLog(ledger, CLUSTER, () -> 0), fence, epoch);
            journal.read(0, batch -> found.add(Batches.text(batch)));
            told.expect(found);
            told.doubtful.clear();
            for (int i = random.nextInt(12); i > 0; i--) {
                List<String> group = new ArrayList<>();
                for (int j = random.nextInt(1, 5); j > 0; j--) {
                    int bytes = bytes(random);
                    Batch batch = Batches.sized(epoch, journal.positionNext(),
                            random.nextInt(1, 9), bytes);
                    journal.append(batch);
                    group.add(Batches.text(batch));
                }
                told.doubtful.addAll(group);
                journal.commit();
                told.doubtful.clear();
                told.committed.addAll(group);
            }
        } catch (JournalException e) {
            return; // its reign is over; the next one looks what has become of it
        }
    }

    /** Mostly small; some so large that a commit takes several transactions, or a batch several keys. */
    private static int bytes(SplittableRandom random) {
        return switch (random.nextInt(40)) {
            case 0 -> LARGE;
            case 1, 2, 3, 4, 5, 6 -> random.nextInt(300_000, 700_000);
            default -> random.nextInt(2_000);
        };
    }
}
