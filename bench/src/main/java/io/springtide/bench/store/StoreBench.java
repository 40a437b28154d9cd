package io.springtide.bench.store;

import io.springtide.bench.journal.AppendRun;
import io.springtide.bench.journal.AppendRun.Load;
import io.springtide.bench.journal.AppendRun.Result;
import io.springtide.master.journal.JournalException;
import io.springtide.master.store.Election;
import io.springtide.master.store.Reign;
import io.springtide.master.store.Store;
import io.springtide.master.store.StoreUri;
import io.springtide.master.store.Stores;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code tide bench store}: instance events a second that a leader commits to a store, by size of batch
 * and of commit, the latency of a commit, and how fast a follower reads it all again.
 */
@Command(name = "store", sortOptions = false, //
        description = "Events a second that a leader commits to a store. Writes to a path of its own, which stays.",
        footerHeading = "%nExample:%n", //
        footer = "  tide bench store --store zk://127.0.0.1:2181/bench    an ensemble that runs already")
public final class StoreBench implements Callable<Integer> {

    private static final int RUNS_MAX = 100;
    private static final int SECONDS_MAX = 600;
    private static final int ELECTED_SECONDS = 30;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    boolean help;

    @Option(names = "--store", required = true, paramLabel = "URI", //
            description = "file:DIR, zk://host:port,.../path or etcd://host:port,.../path.")
    private String store = "";

    @Option(names = "--runs", defaultValue = "3", paramLabel = "N", //
            description = "Medians are of so many runs (default: ${DEFAULT-VALUE}).")
    private int runs;

    @Option(names = "--seconds", defaultValue = "3", paramLabel = "N", //
            description = "How long a run takes (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Waits to be elected. */
    private record Candidate(BlockingQueue<Reign> reigns) implements Election.Candidate {

        @Override
        public void elected(Reign reign) {
            reigns.add(reign);
        }

        @Override
        public void deposed(String why) {
            System.err.println("tide bench store: deposed: " + why);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (runs < 1 || runs > RUNS_MAX || seconds < 1 || seconds > SECONDS_MAX) {
            err.println("tide bench store: 1 to " + RUNS_MAX + " runs of 1 to " + SECONDS_MAX
                    + " seconds");
            return ExitCode.USAGE;
        }
        StoreUri uri;
        try {
            uri = StoreUri.parse(store);
        } catch (IllegalArgumentException wrong) {
            err.println("tide bench store: " + wrong.getMessage());
            return ExitCode.USAGE;
        }
        try (Store opened = Stores.open(uri)) {
            Candidate candidate = new Candidate(new ArrayBlockingQueue<>(2));
            opened.election().campaign(new Election.Addresses("bench:0", "bench:0"), candidate);
            Reign reign = candidate.reigns().poll(ELECTED_SECONDS, TimeUnit.SECONDS);
            if (reign == null) {
                err.println("tide bench store: another master leads in " + opened.name()
                        + ": give the bench a path of its own");
                return ExitCode.SOFTWARE;
            }
            run(out, opened, reign);
            return ExitCode.OK;
        } catch (JournalException failed) {
            err.println("tide bench store: " + failed.getMessage());
            return ExitCode.SOFTWARE;
        }
    }

    private void run(PrintWriter out, Store opened, Reign reign) {
        out.printf(Locale.ROOT, "%s, Java %s, %d runs of %d s, events of %d bytes%n%n",
                opened.name(), Runtime.version(), runs, seconds,
                AppendRun.EVENT_BYTES);
        out.println("| events/batch | batches/commit | events/s | MiB/s | commit p50 | p99 |");
        out.println("|---:|---:|---:|---:|---:|---:|");
        long start = reign.journal().positionNext();
        Duration length = Duration.ofSeconds(seconds);
        AppendRun.of(reign.journal(), reign.epoch(), new Load(100, 4), length); // not printed
        for (Load load : new Load[]{new Load(1, 1), new Load(100, 1), new Load(1_000, 1),
                new Load(1, 100), new Load(100, 16), new Load(1_000, 16)}) {
            List<Result> results = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                results.add(AppendRun.of(reign.journal(), reign.epoch(), load, length));
            }
            Result median = Result.median(results);
            out.printf(Locale.ROOT, "| %d | %d | %,.0f | %.1f | %.2f ms | %.2f ms |%n",
                    load.eventsPerBatch(), load.batchesPerCommit(), median.eventsPerSecond(),
                    median.mibPerSecond(), median.p50Micros() / 1e3, median.p99Micros() / 1e3);
            out.flush();
        }
        long[] read = {0, 0};
        long began = System.nanoTime();
        opened.log().read(start, batch -> {
            read[0]++;
            read[1] += batch.count();
        });
        double taken = Duration.ofNanos(System.nanoTime() - began).toNanos() / 1e9;
        out.printf(Locale.ROOT,
                "%nread again: %,d batches, %,.0f a second; %,.0f events a second%n",
                read[0], read[0] / taken, read[1] / taken);
    }
}
