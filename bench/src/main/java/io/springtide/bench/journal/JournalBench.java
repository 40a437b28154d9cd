package io.springtide.bench.journal;

import io.springtide.master.journal.Batch;
import io.springtide.master.journal.FileJournal;
import io.springtide.master.journal.JournalConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Durable events a second with one appending thread, by size of batch and of group, and the latency
 * of a commit. Each line is the median of some runs, each run a journal of its own.
 *
 * <p>Usage: {@code java -cp ... io.springtide.bench.journal.JournalBench [FOLDER]}. The folder says
 * which disk is measured: the current one by default.
 */
public final class JournalBench {

    private static final int RUNS = 5;
    private static final long RUN_MS = 2_000;
    private static final int EVENT_BYTES = 40;
    private static final int EPOCH = 1;
    private static final int SAMPLES_MAX = 1 << 20;

    /** How much is appended between two commits. */
    private record Load(int eventsPerBatch, int batchesPerCommit) {

        long eventsPerCommit() {
            return (long) eventsPerBatch * batchesPerCommit;
        }
    }

    /** What one run has measured. */
    private record Result(double eventsPerSecond, double mibPerSecond, double p50Micros,
            double p99Micros) {}

    private JournalBench() {}

    /** Runs the whole table. */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args.length > 0 ? args[0] : ".").toAbsolutePath();
        System.out.printf(Locale.ROOT,
                "journal in %s, Java %s, %d runs of %d ms, events of %d bytes%n%n",
                folder, Runtime.version(), RUNS, RUN_MS, EVENT_BYTES);
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
        Result[] results = new Result[RUNS];
        for (int i = 0; i < RUNS; i++) {
            results[i] = run(folder, load);
        }
        return new Result(
                median(Arrays.stream(results).mapToDouble(Result::eventsPerSecond).toArray()),
                median(Arrays.stream(results).mapToDouble(Result::mibPerSecond).toArray()),
                median(Arrays.stream(results).mapToDouble(Result::p50Micros).toArray()),
                median(Arrays.stream(results).mapToDouble(Result::p99Micros).toArray()));
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static Result run(Path folder, Load load) throws IOException {
        Path data = Files.createTempDirectory(folder, "journal-bench");
        try (FileJournal journal = FileJournal.open(data, JournalConfig.STANDARD)) {
            return measure(journal, load);
        } finally {
            delete(data);
        }
    }

    private static Result measure(FileJournal journal, Load load) {
        byte[] payload = new byte[load.eventsPerBatch() * EVENT_BYTES];
        new SplittableRandom(1).nextBytes(payload);
        long[] nanos = new long[SAMPLES_MAX];
        int commits = 0;
        long start = System.nanoTime();
        long end = start + TimeUnit.MILLISECONDS.toNanos(RUN_MS);
        long last = start;
        while (last < end && commits < SAMPLES_MAX) {
            for (int i = 0; i < load.batchesPerCommit(); i++) {
                journal.append(
                        new Batch(EPOCH, journal.positionNext(), commits, load.eventsPerBatch(),
                                payload));
            }
            journal.commit();
            long now = System.nanoTime();
            nanos[commits] = now - last;
            commits++;
            last = now;
        }
        double seconds = (last - start) / 1e9;
        long[] sorted = Arrays.copyOf(nanos, commits);
        Arrays.sort(sorted);
        double events = (double) commits * load.eventsPerCommit();
        return new Result(events / seconds, events * EVENT_BYTES / (1 << 20) / seconds,
                sorted[commits / 2] / 1e3, sorted[(int) (commits * 0.99)] / 1e3);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
