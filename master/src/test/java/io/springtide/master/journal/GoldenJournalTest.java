package io.springtide.master.journal;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goal: journals that earlier releases wrote stay readable, byte for byte.
 *
 * <p>Method: each format has a folder in the test resources, written once by {@link #main} and never
 * again.
 */
class GoldenJournalTest {

    private static final long END = 123;

    @TempDir
    Path data;

    @Test
    void readsFormat1() throws IOException, URISyntaxException {
        copy(Path.of(GoldenJournalTest.class.getResource("/journal/format-1").toURI()));
        try (FileJournal journal = FileJournal.open(data, FileJournalTest.SMALL)) {
            assertThat(journal.findings()).isEmpty();
            assertThat(journal.bytesCut()).isZero();
            assertThat(journal.positionNext()).isEqualTo(END);
            assertThat(journal.clusterId()).isEqualTo(clusterId());
            assertThat(journal.epoch()).isEqualTo(4);
            assertThat(journal.snapshotLatest().map(Batches::text))
                    .contains(Batches.text(Batches.snapshot(2, 110)));
            assertThat(Batches.texts(journal, 0)).isEqualTo(Batches.texts(content()));
            Batches.commit(journal, 4, 1);
        }
    }

    private String clusterId() throws IOException {
        return Files.readAllLines(data.resolve("journal/cluster")).get(2).substring("id ".length());
    }

    private void copy(Path from) throws IOException {
        Files.createDirectories(data.resolve("journal"));
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, data.resolve("journal").resolve(file.getFileName().toString()));
            }
        }
    }

    private static List<Batch> content() {
        List<Batch> batches = new ArrayList<>();
        long position = 0;
        while (position < END) {
            int count = (int) Math.min(1 + position % 5, END - position);
            long epoch = position < 60 ? 1 : 2;
            batches.add(Batches.sized(epoch, position, count, (int) (position * 7 % 200)));
            position += count;
        }
        return batches;
    }

    /** Writes the folder given as the only argument; for a new format. */
    public static void main(String[] args) {
        try (FileJournal journal = FileJournal.open(Path.of(args[0]), FileJournalTest.SMALL)) {
            for (Batch batch : content()) {
                journal.append(batch);
                if (batch.position() % 3 == 0) {
                    journal.commit();
                }
            }
            journal.commit();
            journal.snapshotSave(Batches.snapshot(1, 50));
            journal.snapshotSave(Batches.snapshot(2, 110));
            journal.epochNext();
            journal.epochNext();
        }
    }
}
