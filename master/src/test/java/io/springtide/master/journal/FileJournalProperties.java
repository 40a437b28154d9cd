package io.springtide.master.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Goal: whatever a crash or a bad disk does to the files, the journal gives back a prefix of what was
 * appended that holds all that was committed, or refuses to open.
 *
 * <p>Method: a log is written whose last group was never confirmed (its flush fails), then spoiled at
 * a place drawn from the seed.
 */
class FileJournalProperties {

    private static final int TRIES = 60;

    /**
     * What was appended.
     *
     * @param committedEnd bytes of the last segment that hold committed records
     * @param writtenEnd bytes of it that hold records at all
     */
    private record Written(List<String> all, int committed, Path last, long committedEnd,
            long writtenEnd) {

        List<String> confirmed() {
            return all.subList(0, committed);
        }
    }

    /** Commits groups of batches and leaves one more group without a commit. */
    private static Written write(JournalFolder folder, SplittableRandom random) throws IOException {
        FaultyDisk disk = new FaultyDisk();
        List<String> all = new ArrayList<>();
        try (FileJournal journal = folder.open(disk)) {
            int groups = random.nextInt(1, 12);
            for (int group = 0; group < groups; group++) {
                for (int i = random.nextInt(1, 4); i > 0; i--) {
                    all.add(Batches
                            .text(Batches.append(journal, 1 + group / 4, random.nextInt(1, 12))));
                }
                journal.commit();
            }
            int committed = all.size();
            Path last = folder.segments().getLast();
            long committedEnd = end(last);
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                // Small, so that the group stays in the last segment.
                all.add(Batches.text(Batches.append(journal, 9, 1)));
            }
            disk.forceFailure = "Input/output error";
            assertThatThrownBy(journal::commit).isInstanceOf(JournalException.class);
            if (!folder.segments().getLast().equals(last)) {
                last = folder.segments().getLast();
                committedEnd = Segment.HEADER_BYTES;
            }
            return new Written(all, committed, last, committedEnd, end(last));
        }
    }

    private static long end(Path segment) throws IOException {
        byte[] bytes = Files.readAllBytes(segment);
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        return (end + 7L) & ~7L;
    }

    /** What the journal gives back; empty if it refuses to open. */
    private static Optional<List<String>> reopened(JournalFolder folder) {
        try (FileJournal journal = folder.open()) {
            List<String> texts = Batches.texts(journal, 0);
            Batches.commit(journal, 20, 3);
            assertThat(Batches.texts(journal, 0)).hasSize(texts.size() + 1);
            return Optional.of(texts);
        } catch (JournalException refused) {
            assertThat(refused).hasMessageContaining("damaged").hasMessageContaining("Restore")
                    .hasMessageContaining(folder.data().toString());
            return Optional.empty();
        }
    }

    private static void assertPrefix(List<String> texts, List<String> all) {
        assertThat(texts.size()).isLessThanOrEqualTo(all.size());
        assertThat(texts).isEqualTo(all.subList(0, texts.size()));
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void aTornGroupNeverTakesACommittedBatchAlong(@ForAll long seed, @ForAll boolean markLost)
            throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        try (JournalFolder folder = JournalFolder.temporary()) {
            Written written = write(folder, random);
            JournalFolder.cut(written.last(),
                    random.nextLong(written.committedEnd(), written.writtenEnd() + 1));
            if (markLost) {
                Files.delete(folder.file("committed"));
            }
            List<String> texts = reopened(folder).orElseThrow();
            assertThat(texts).startsWith(written.confirmed().toArray(String[]::new));
            assertPrefix(texts, written.all());
            assertThat(reopened(folder).orElseThrow()).hasSize(texts.size() + 1);
        }
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void aLogThatEndsBeforeItsMarkIsRefused(@ForAll long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        try (JournalFolder folder = JournalFolder.temporary()) {
            Written written = write(folder, random);
            long cut = random.nextLong(0, written.committedEnd());
            JournalFolder.cut(written.last(), cut);
            boolean lost = written.committedEnd() > Segment.HEADER_BYTES;
            assertThat(reopened(folder).isEmpty()).isEqualTo(lost);
        }
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void anyPrefixWithoutTheMarkGivesAPrefixOfTheBatches(@ForAll long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        try (JournalFolder folder = JournalFolder.temporary()) {
            Written written = write(folder, random);
            JournalFolder.cut(written.last(), random.nextLong(0, written.writtenEnd() + 1));
            Files.delete(folder.file("committed"));
            assertPrefix(reopened(folder).orElseThrow(), written.all());
        }
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void blocksOfTheLastGroupMayBeMissingInAnyOrder(@ForAll long seed,
            @ForAll @IntRange(min = 1, max = 4) int blocks) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        try (JournalFolder folder = JournalFolder.temporary()) {
            Written written = write(folder, random);
            for (int i = 0; i < blocks; i++) {
                byte[] block = new byte[random.nextInt(1, 200)];
                if (random.nextBoolean()) {
                    random.nextBytes(block);
                }
                JournalFolder.overwrite(written.last(),
                        random.nextLong(written.committedEnd(), written.writtenEnd()), block);
            }
            List<String> texts = reopened(folder).orElseThrow();
            assertThat(texts).startsWith(written.confirmed().toArray(String[]::new));
            assertPrefix(texts, written.all());
        }
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void aFlippedBitIsRefusedOrInTheUnconfirmedTail(@ForAll long seed,
            @ForAll @LongRange(min = 0) long where) throws IOException {
        try (JournalFolder folder = JournalFolder.temporary()) {
            Written written = write(folder, new SplittableRandom(seed));
            List<Path> segments = folder.segments();
            Path victim = segments.get((int) (where % segments.size()));
            long bit = where / 7 % (8 * (victim.equals(written.last())
                    ? written.writtenEnd()
                    : Files.size(victim)));
            JournalFolder.flip(victim, bit);
            reopened(folder).ifPresent(texts -> {
                assertThat(texts).startsWith(written.confirmed().toArray(String[]::new));
                assertPrefix(texts, written.all());
            });
        }
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void withoutTheMarkAFlippedBitCostsAtMostTheLastConfirmedGroup(@ForAll long seed,
            @ForAll @LongRange(min = 0) long where) throws IOException {
        try (JournalFolder folder = JournalFolder.temporary()) {
            List<String> all = new ArrayList<>();
            try (FileJournal journal = folder.open()) {
                for (int i = 0; i < 8; i++) {
                    all.add(Batches.text(Batches.commit(journal, 1, 2)));
                }
            }
            JournalFolder.flip(folder.segment(0), where % (8 * Files.size(folder.segment(0))));
            Files.delete(folder.file("committed"));
            reopened(folder).ifPresent(texts -> {
                assertThat(texts.size()).isGreaterThanOrEqualTo(7);
                assertPrefix(texts, all);
            });
        }
    }
}
