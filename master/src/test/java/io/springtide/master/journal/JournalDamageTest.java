package io.springtide.master.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What the journal says about spoiled files, and whether following its advice helps. */
class JournalDamageTest {

    /** Bytes of a record with ten events of forty bytes. */
    private static final int RECORD = 456;
    private static final int HEADER = 40;

    @TempDir
    Path data;

    private JournalFolder folder;

    /** Segments start at 0, 80, 160 and 240; the log ends at 300. */
    @BeforeEach
    void writeALog() {
        folder = new JournalFolder(data);
        try (FileJournal journal = folder.open()) {
            journal.epochNext();
            for (int i = 0; i < 30; i++) {
                Batches.commit(journal, 1, 10);
            }
        }
    }

    private AbstractThrowableAssert<?, ?> assertRefused() {
        return assertThatThrownBy(() -> folder.open().close()).isInstanceOf(JournalException.class);
    }

    private List<String> reopened() {
        try (FileJournal journal = folder.open()) {
            long from = journal.snapshotLatest().map(Snapshot::position).orElse(0L);
            return Batches.texts(journal, from);
        }
    }

    private void saveSnapshots(long... positions) {
        try (FileJournal journal = folder.open()) {
            for (long position : positions) {
                journal.snapshotSave(Batches.snapshot(1, position));
            }
        }
    }

    @Test
    void damageInTheMiddleNamesFileByteAndEvent() throws IOException {
        int at = HEADER + 3 * RECORD;
        JournalFolder.flip(folder.segment(240), (at + 100) * 8L);
        byte[] before = Files.readAllBytes(folder.segment(240));
        assertRefused().hasMessageContaining(folder.segment(240) + ", byte " + at)
                .hasMessageContaining("event 270 fails the checksum of its payload")
                .hasMessageContaining(
                        "when the record at byte " + (at + 2 * RECORD) + " was written")
                .hasMessageContaining("'truncate -s " + at);
        assertThat(Files.readAllBytes(folder.segment(240))).isEqualTo(before);
        JournalFolder.cut(folder.segment(240), at);
        assertRefused().hasMessageContaining("events up to 299 had been committed");
        Files.delete(folder.file("committed"));
        assertThat(reopened()).hasSize(27);
    }

    @Test
    void damageInTheLastCommittedRecordIsKnownByTheMark() throws IOException {
        int at = HEADER + 5 * RECORD;
        JournalFolder.flip(folder.segment(240), (at + 100) * 8L);
        assertRefused().hasMessageContaining("event 290").hasMessageContaining("byte " + at);
        Files.delete(folder.file("committed"));
        assertThat(reopened()).hasSize(29);
    }

    @Test
    void damageInAnOlderSegmentCanBeLeftBehindIfASnapshotCoversIt() throws IOException {
        saveSnapshots(200, 250);
        JournalFolder.flip(folder.segment(80), (HEADER + 10) * 8L);
        assertRefused().hasMessageContaining(folder.segment(80) + ", byte " + HEADER)
                .hasMessageContaining("event 80 has no valid header")
                .hasMessageContaining("the snapshot at position 250")
                .hasMessageContaining("no event is lost");
        Files.delete(folder.segment(0));
        Files.delete(folder.segment(80));
        assertThat(reopened()).hasSize(5);
    }

    @Test
    void aMissingSegmentIsAGap() throws IOException {
        Files.delete(folder.segment(160));
        assertRefused().hasMessageContaining("events 160 to 239 are missing")
                .hasMessageContaining("00000000000000000160.log");
    }

    @Test
    void aMissingLastSegmentIsKnownByTheMark() throws IOException {
        Files.delete(folder.segment(240));
        assertRefused().hasMessageContaining("events up to 299 had been committed");
    }

    @Test
    void aMissingFirstSegmentNeedsASnapshot() throws IOException {
        Files.delete(folder.segment(0));
        assertRefused().hasMessageContaining("no whole snapshot");
    }

    @Test
    void allSegmentsMissingIsNoNewJournal() throws IOException {
        for (Path segment : folder.segments()) {
            Files.delete(segment);
        }
        assertRefused().hasMessageContaining("all segments");
    }

    @Test
    void aRecordInTheWrongPlaceIsDamage() throws IOException {
        byte[] bytes = Files.readAllBytes(folder.segment(240));
        JournalFolder.overwrite(folder.segment(240), HEADER,
                Arrays.copyOfRange(bytes, HEADER + RECORD, HEADER + 2 * RECORD));
        assertRefused().hasMessageContaining("is that of event 250");
    }

    @Test
    void aBlankedPageIsDamage() throws IOException {
        JournalFolder.overwrite(folder.segment(240), HEADER, new byte[2 * RECORD]);
        assertRefused().hasMessageContaining("event 240 is blank");
    }

    @Test
    void anEmptyNewSegmentIsBegunAnew() throws IOException {
        Path next = folder.segment(300);
        Files.createFile(next);
        try (FileJournal journal = folder.open()) {
            assertThat(journal.findings()).singleElement().asString().contains(next.toString());
            Batches.commit(journal, 1, 10);
        }
        assertThat(reopened()).hasSize(31);
    }

    @Test
    void aSegmentOfAnotherJournalIsRefused() throws IOException {
        JournalFolder other = new JournalFolder(data.resolve("other"));
        try (FileJournal journal = other.open()) {
            Batches.commit(journal, 1, 10);
        }
        Files.copy(other.segment(0), folder.segment(300));
        assertRefused().hasMessageContaining("belongs to another journal");
    }

    @Test
    void aLaterFormatIsNotTouched() throws IOException {
        JournalFolder.overwrite(folder.segment(240), 8, new byte[]{0, 0, 0, 2});
        assertRefused().hasMessageContaining("format 2 comes from a later release");
    }

    @Test
    void rubbishBehindTheEndIsCutAndCounted() throws IOException {
        JournalFolder.overwrite(folder.segment(240), HEADER + 6 * RECORD,
                new byte[]{1, 2, 3, 0, 4, 0});
        try (FileJournal journal = folder.open()) {
            assertThat(journal.bytesCut()).isEqualTo(5);
            assertThat(journal.positionNext()).isEqualTo(300);
        }
        try (FileJournal journal = folder.open()) {
            assertThat(journal.bytesCut()).isZero();
        }
    }

    @Test
    void aDamagedSnapshotGivesWayToTheOneBefore() throws IOException {
        saveSnapshots(100, 200);
        JournalFolder.flip(folder.snapshot(200), 8 * 90);
        try (FileJournal journal = folder.open()) {
            assertThat(journal.snapshotLatest().map(Snapshot::position)).contains(100L);
            assertThat(journal.findings()).singleElement().asString()
                    .contains("position 100 is used");
            // One alone holds the whole log.
            journal.truncateBefore(300);
            assertThat(Batches.texts(journal, 0)).hasSize(30);
            journal.snapshotSave(Batches.snapshot(1, 300));
        }
        assertThat(Files.exists(folder.snapshot(100))).isTrue();
        assertThat(Files.exists(folder.snapshot(300))).isTrue();
    }

    @Test
    void aSnapshotDamagedWhileOpenGivesWayToo() throws IOException {
        try (FileJournal journal = folder.open()) {
            journal.snapshotSave(Batches.snapshot(1, 100));
            journal.snapshotSave(Batches.snapshot(1, 200));
            JournalFolder.cut(folder.snapshot(200), 80);
            assertThat(journal.snapshotLatest().map(Snapshot::position)).contains(100L);
            assertThat(journal.findings()).hasSize(1);
        }
    }

    @Test
    void aHalfWrittenSnapshotIsNeverSeen() throws IOException {
        saveSnapshots(100);
        Path half = folder.file(folder.snapshot(200).getFileName() + ".tmp");
        Files.write(half, new byte[]{1, 2, 3});
        try (FileJournal journal = folder.open()) {
            assertThat(journal.snapshotLatest().map(Snapshot::position)).contains(100L);
            assertThat(journal.findings()).isEmpty();
        }
        assertThat(Files.exists(half)).isFalse();
    }

    @Test
    void aSnapshotNewerThanTheLogIsRefused() throws IOException {
        saveSnapshots(100, 300);
        JournalFolder.cut(folder.segment(240), HEADER + 5 * RECORD);
        Files.delete(folder.file("committed"));
        assertRefused().hasMessageContaining(
                "position 300 is newer than the log, which ends before event 290");
        Files.delete(folder.snapshot(300));
        assertThat(reopened()).hasSize(19);
    }

    @Test
    void aLostOrSpoiledClusterFileIsRefused() throws IOException {
        byte[] cluster = Files.readAllBytes(folder.file("cluster"));
        JournalFolder.flip(folder.file("cluster"), 8 * 30);
        assertRefused().hasMessageContaining("cluster is damaged");
        Files.delete(folder.file("cluster"));
        assertRefused().hasMessageContaining("'cluster' is missing");
        Files.write(folder.file("cluster"), cluster);
        assertThat(reopened()).hasSize(30);
    }

    @Test
    void aSpoiledEpochIsRefusedAndASpoiledMarkIsNot() throws IOException {
        JournalFolder.flip(folder.file("committed"), 8 * 20);
        assertThat(reopened()).hasSize(30);
        JournalFolder.flip(folder.file("epoch"), 8 * 20);
        assertRefused().hasMessageContaining("epoch is damaged");
    }
}
