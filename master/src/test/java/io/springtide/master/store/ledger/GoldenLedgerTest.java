package io.springtide.master.store.ledger;

import io.springtide.master.journal.Batch;
import io.springtide.master.journal.Batches;
import io.springtide.master.journal.Snapshot;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goal: what earlier releases wrote to a ledger stays readable, byte for byte, and is written the same
 * way as long as the format has the same number.
 *
 * <p>Method: each format has a file in the test resources with every key and its value, written once by
 * {@link #main} and never again.
 */
class GoldenLedgerTest {

    private static final long CLUSTER = 0x1c198d5c61de6094L;

    private static List<Batch> content() {
        return List.of(Batches.at(1, 0, 1), Batches.at(1, 1, 3), Batches.at(4, 4, 2));
    }

    private static Snapshot snapshot() {
        return Batches.snapshot(1, 4);
    }

    private static void write(MemoryLedger ledger) {
        assertThat(ClusterKey.settle(ledger, CLUSTER)).isEqualTo(CLUSTER);
        KeyedLog log = new KeyedLog(ledger, CLUSTER, () -> 0);
        KeyedJournal journal = KeyedJournal.open(log, ledger.fence(), 1);
        content().forEach(journal::append);
        journal.commit();
        journal.snapshotSave(snapshot());
    }

    @Test
    void readsAndWritesFormat1() throws IOException, URISyntaxException {
        MemoryLedger golden = new MemoryLedger();
        List<String> lines = Files.readAllLines(
                Path.of(GoldenLedgerTest.class.getResource("/journal/ledger-1.txt").toURI()));
        for (String line : lines) {
            String[] words = line.split(" ", 2);
            golden.set(words[0], HexFormat.of().parseHex(words[1]));
        }
        assertThat(ClusterKey.settle(golden, 1)).isEqualTo(CLUSTER);
        KeyedLog log = new KeyedLog(golden, CLUSTER, () -> 0);
        assertThat(Batches.texts(log, 0)).isEqualTo(Batches.texts(content()));
        assertThat(log.snapshotLatest().map(Batches::text)).contains(Batches.text(snapshot()));
        assertThat(KeyedJournal.open(log, golden.fence(), 2).positionNext()).isEqualTo(6);
        MemoryLedger now = new MemoryLedger();
        write(now);
        assertThat(text(now)).isEqualTo(lines);
    }

    private static List<String> text(MemoryLedger ledger) {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, byte[]> value : ledger.values().entrySet()) {
            lines.add(value.getKey() + " " + HexFormat.of().formatHex(value.getValue()));
        }
        return lines;
    }

    /** Writes the file of the present format to a path. */
    public static void main(String[] args) throws IOException {
        MemoryLedger ledger = new MemoryLedger();
        write(ledger);
        Files.write(Path.of(args[0]), text(ledger));
    }
}
