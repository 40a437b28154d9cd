package io.springtide.bench.journal;

import io.springtide.bench.journal.AppendRun.Load;
import io.springtide.bench.journal.AppendRun.Result;
import io.springtide.master.journal.FileJournal;
import io.springtide.master.journal.Folders;
import io.springtide.master.journal.JournalConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Durable events a second with one appending thread, by size of batch and of group, and the latency
 * of a commit. Each line is the median of some runs, each run a journal of its own.
 *
 * <p>Usage: {@code java -cp ... io.springtide.bench.journal.JournalBench [FOLDER]}. The folder says
 * which disk is measured: the current one by default.
 */
public final class JournalBench {

    private static final int RUNS = 5;
    private static final Duration RUN = Duration.ofSeconds(2);
    private static final int EPOCH = 1;

    private JournalBench() {}

    /** Runs the whole table. */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args.length > 0 ? args[0] : ".").toAbsolutePath();
        System.out.printf(Locale.ROOT,
                "journal in %s, Java %s, %d runs of %d ms, events of %d bytes%n%n",
                folder, Runtime.version(), RUNS, RUN.toMillis(), AppendRun.EVENT_BYTES);
        System.out.println(
                "| events/batch | batches/commit | durable events/s | MiB/s | commit p50 | p99 |");
        System.out.println("|---:|---:|---:|---:|---:|---:|");
        run(folder, new Load(1000, 16)); // warms up, not printed
        for (Load load : new Load[]{new Load(1, 1), new Load(50, 1), new Load(100, 1),
                new Load(1000, 1),
                new Load(50, 16), new Load(100, 16), new Load(1000, 16)}) {
            print(load, median(folder, load));
        }
    }

    private static void print(Load load, Result result) {
        System.out.printf(Locale.ROOT, "| %d | %d | %,.0f | %.1f | %.0f us | %.0f us |%n",
                load.eventsPerBatch(), load.batchesPerCommit(), result.eventsPerSecond(),
                result.mibPerSecond(), result.p50Micros(), result.p99Micros());
    }

    private static Result median(Path folder, Load load) throws IOException {
        List<Result> results = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            results.add(run(folder, load));
        }
        return Result.median(results);
    }

    private static Result run(Path folder, Load load) throws IOException {
        Path data = Files.createTempDirectory(folder, "journal-bench");
        try (FileJournal journal = FileJournal.open(data, JournalConfig.STANDARD)) {
            return AppendRun.of(journal, EPOCH, load, RUN);
        } finally {
            Folders.delete(data);
        }
    }
}
