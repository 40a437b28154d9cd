package io.springtide.bench.journal;

import io.springtide.master.journal.Batch;
import io.springtide.master.journal.Journal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/** One thread that appends and commits batches for a while, as an engine does. */
public final class AppendRun {

    /** What an instance's placement or report takes in a journal, about. */
    public static final int EVENT_BYTES = 40;

    private static final int SAMPLES_MAX = 1 << 20;

    /** How much is appended between two commits. */
    public record Load(int eventsPerBatch, int batchesPerCommit) {

        long eventsPerCommit() {
            return (long) eventsPerBatch * batchesPerCommit;
        }
    }

    /** What a run has measured; times are those of a commit with the appends before it. */
    public record Result(double eventsPerSecond, double mibPerSecond, double p50Micros,
            double p99Micros) {

        /** Of each value by itself; at least one run. */
        public static Result median(List<Result> runs) {
            return new Result(median(runs, Result::eventsPerSecond),
                    median(runs, Result::mibPerSecond), median(runs, Result::p50Micros),
                    median(runs, Result::p99Micros));
        }

        private static double median(List<Result> runs, ToDoubleFunction<Result> value) {
            double[] sorted = runs.stream().mapToDouble(value).sorted().toArray();
            return sorted[sorted.length / 2];
        }
    }

    private AppendRun() {}

    /** Appends from where the journal ends, with batches of this epoch. */
    public static Result of(Journal journal, long epoch, Load load, Duration length) {
        byte[] payload = new byte[load.eventsPerBatch() * EVENT_BYTES];
        new SplittableRandom(1).nextBytes(payload);
        long[] nanos = new long[SAMPLES_MAX];
        int commits = 0;
        long start = System.nanoTime();
        long end = start + length.toNanos();
        long last = start;
        while (last < end && commits < SAMPLES_MAX) {
            for (int i = 0; i < load.batchesPerCommit(); i++) {
                journal.append(new Batch(epoch, journal.positionNext(), commits,
                        load.eventsPerBatch(), payload));
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
}
