package io.springtide.master.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** {@link FileJournal} in ordinary use, and with a disk that fails. */
class FileJournalTest extends JournalConformance {

    static final JournalConfig SMALL = new JournalConfig(4 << 10, 1 << 10);

    @TempDir
    Path data;

    @Override
    protected Journal openStore() {
        return open();
    }

    @Override
    protected int payloadBytesMax() {
        return FileJournal.PAYLOAD_BYTES_MAX;
    }

    private FileJournal open() {
        return FileJournal.open(data, SMALL);
    }

    private List<String> files(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("journal"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(suffix))
                    .sorted().toList();
        }
    }

    @Test
    void isNewUntilTheFirstCommit() {
        String id;
        try (FileJournal journal = open()) {
            id = journal.clusterId();
            assertThat(id).matches("[0-9a-f]{16}");
            assertThat(journal.isNew()).isTrue();
            Batches.append(journal, 1, 1);
            assertThat(journal.isNew()).isTrue();
        }
        try (FileJournal journal = open()) {
            assertThat(journal.isNew()).isTrue();
            Batches.commit(journal, 1, 1);
            assertThat(journal.isNew()).isFalse();
        }
        try (FileJournal journal = open()) {
            assertThat(journal.isNew()).isFalse();
            assertThat(journal.clusterId()).isEqualTo(id);
            assertThat(journal.findings()).isEmpty();
            assertThat(journal.bytesCut()).isZero();
        }
    }

    @Test
    void beginsASegmentWhenOneIsFull() throws IOException {
        try (FileJournal journal = open()) {
            for (int i = 0; i < 30; i++) {
                Batches.commit(journal, 1, 10);
            }
        }
        // 40 bytes of header and 8 records of 456 bytes fit into 4096.
        assertThat(files(".log")).containsExactly("00000000000000000000.log",
                "00000000000000000080.log",
                "00000000000000000160.log", "00000000000000000240.log");
        try (FileJournal journal = open()) {
            assertThat(journal.positionNext()).isEqualTo(300);
            assertThat(Batches.texts(journal, 0)).hasSize(30);
            assertThat(Batches.texts(journal, 159)).hasSize(15);
        }
    }

    @Test
    void commitsAGroupAcrossSegmentsAtOnce() {
        try (FileJournal journal = open()) {
            List<Batch> batches = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                batches.add(Batches.append(journal, 1, 10));
            }
            assertThat(Batches.texts(journal, 0)).isEmpty();
            journal.commit();
            assertThat(Batches.texts(journal, 0)).isEqualTo(Batches.texts(batches));
        }
    }

    @Test
    void flushesOncePerGroupAndWritesOnce() {
        FaultyDisk disk = new FaultyDisk();
        try (FileJournal journal = FileJournal.open(data, JournalConfig.STANDARD, disk)) {
            Batches.commit(journal, 1, 1); // also fills the segment ahead
            int forces = disk.forces;
            int writes = disk.writes;
            for (int i = 0; i < 100; i++) {
                Batches.append(journal, 1, 20);
            }
            journal.commit();
            assertThat(disk.forces - forces).isEqualTo(1);
            assertThat(disk.writes - writes).isEqualTo(1);
            journal.commit();
            assertThat(disk.forces - forces).isEqualTo(1);
        }
    }

    @Test
    void dropsOldSegmentsAndTheirBytes() throws IOException {
        try (FileJournal journal = open()) {
            for (int i = 0; i < 30; i++) {
                Batches.commit(journal, 1, 10);
            }
            long before = journal.sizeBytes();
            journal.snapshotSave(Batches.snapshot(1, 170));
            journal.snapshotSave(Batches.snapshot(1, 290));
            journal.truncateBefore(100);
            assertThat(files(".log")).hasSize(3);
            journal.truncateBefore(300);
            assertThat(files(".log")).containsExactly("00000000000000000160.log",
                    "00000000000000000240.log");
            assertThat(journal.sizeBytes()).isLessThan(before - 2 * 3000);
            assertThatThrownBy(() -> Batches.texts(journal, 159))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("the oldest kept is 160");
            assertThat(Batches.texts(journal, 160)).hasSize(14);
        }
    }

    @Test
    void aReaderThatIsOvertakenByTruncationIsToldSo() {
        try (FileJournal journal = open()) {
            for (int i = 0; i < 30; i++) {
                Batches.commit(journal, 1, 10);
            }
            journal.snapshotSave(Batches.snapshot(1, 250));
            journal.snapshotSave(Batches.snapshot(1, 290));
            assertThatThrownBy(() -> journal.read(0, batch -> journal.truncateBefore(300)))
                    .isInstanceOf(JournalException.class).hasMessageContaining("latest snapshot");
        }
    }

    @Test
    void epochsNeverRepeat() {
        try (FileJournal journal = open()) {
            assertThat(journal.epochNext()).isEqualTo(1);
        }
        try (FileJournal journal = open()) {
            assertThat(journal.epochNext()).isEqualTo(2);
            Batches.commit(journal, 7, 1);
        }
        try (FileJournal journal = open()) {
            assertThat(journal.epochNext()).isEqualTo(8);
            assertThatThrownBy(() -> Batches.append(journal, 7, 1))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("epoch 7 is over");
        }
    }

    @Test
    void aFailedFlushIsFinal() {
        FaultyDisk disk = new FaultyDisk();
        Batch first;
        try (FileJournal journal = FileJournal.open(data, SMALL, disk)) {
            first = Batches.commit(journal, 1, 1);
            Batches.append(journal, 1, 1);
            disk.forceFailure = "Input/output error";
            assertThatThrownBy(journal::commit).isInstanceOf(JournalException.class)
                    .hasMessageContaining("Input/output error").hasMessageContaining("kernel log");
            disk.forceFailure = "";
            int forces = disk.forces;
            assertThatThrownBy(journal::commit).isInstanceOf(JournalException.class)
                    .hasMessageContaining("opened anew");
            assertThatThrownBy(() -> Batches.append(journal, 1, 1))
                    .isInstanceOf(JournalException.class);
            assertThatThrownBy(journal::epochNext).isInstanceOf(JournalException.class);
            assertThat(disk.forces).isEqualTo(forces);
            assertThat(Batches.texts(journal, 0)).containsExactly(Batches.text(first));
        }
    }

    @Test
    void whatAFailedFlushLeftIsWrittenAgainAtTheNextStart() {
        FaultyDisk disk = new FaultyDisk();
        try (FileJournal journal = FileJournal.open(data, SMALL, disk)) {
            Batches.commit(journal, 1, 1);
            Batches.append(journal, 1, 2);
            disk.forceFailure = "Input/output error";
            assertThatThrownBy(journal::commit).isInstanceOf(JournalException.class);
        }
        FaultyDisk later = new FaultyDisk();
        try (FileJournal journal = FileJournal.open(data, SMALL, later)) {
            assertThat(journal.positionNext()).isEqualTo(3);
            assertThat(later.writes).isEqualTo(1);
            assertThat(later.forces).isEqualTo(1);
        }
        FaultyDisk last = new FaultyDisk();
        try (FileJournal journal = FileJournal.open(data, SMALL, last)) {
            assertThat(journal.positionNext()).isEqualTo(3);
            assertThat(last.writes).isZero();
        }
    }

    @Test
    void aFullDiskSaysSoAndLosesNothingCommitted() {
        FaultyDisk disk = new FaultyDisk();
        Batch first;
        try (FileJournal journal = FileJournal.open(data, SMALL, disk)) {
            first = Batches.commit(journal, 1, 10);
            disk.writeFailure = "No space left on device";
            assertThatThrownBy(() -> {
                Batches.append(journal, 1, 10);
                journal.commit();
            }).isInstanceOf(JournalException.class).hasMessageContaining("disk is full")
                    .hasMessageContaining(data.toString());
        }
        try (FileJournal journal = open()) {
            assertThat(Batches.texts(journal, 0)).containsExactly(Batches.text(first));
            assertThat(journal.bytesCut()).isPositive();
            assertThat(journal.findings()).singleElement().asString().contains("never confirmed");
            Batches.commit(journal, 1, 10);
        }
    }

    @Test
    void aSecondMasterInThisProcessIsRefusedAndHarmless() {
        try (FileJournal journal = open()) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(this::open).isInstanceOf(JournalException.class)
                        .hasMessageContaining(data.resolve("journal").toString())
                        .hasMessageContaining("" + ProcessHandle.current().pid());
            }
            Batches.commit(journal, 1, 1);
        }
        open().close();
    }

    @Test
    void refusesASegmentSizeThatMakesNoSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> new JournalConfig(10, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new JournalConfig(4096, 8192));
        assertThatIllegalArgumentException().isThrownBy(() -> new Batch(1, 0, 0, 0, new byte[0]));
    }

    @Test
    void worksWithoutPreallocation() throws IOException {
        try (FileJournal journal = FileJournal.open(data, new JournalConfig(4 << 10, 0))) {
            Batches.commit(journal, 1, 10);
            assertThat(Files.size(data.resolve("journal/00000000000000000000.log")))
                    .isEqualTo(journal.sizeBytes()).isEqualTo(40 + 456);
        }
    }
}
