package io.springtide.bench.sim;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Runs seeds, several side by side, each in one thread; says what they found. */
@SuppressWarnings("EnumOrdinal") // an order of its own, kept nowhere
public final class Simulator {

    /** Every so many runs one is done twice, to see that it gives the same history. */
    private static final int TWICE_EVERY = 50;

    /** A long series says from time to time how far it is. */
    private static final long PROGRESS_NANOS = 30_000_000_000L;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Runs that are under way or wait for their turn, a thread. */
    private static final int AHEAD = 4;

    /**
     * What to run.
     *
     * @param seed the first one
     */
    public record Settings(long seed, int seeds, int minutes, int threads, AgentRange agents) {

        public Settings {
            if (seeds < 1 || minutes < 1 || threads < 1) {
                throw new IllegalArgumentException("seeds, minutes and threads must be above zero");
            }
        }
    }

    private final Settings settings;
    private final Supplier<Seams> seams;
    private final PrintWriter out;

    /** Of the code as it ships. */
    public Simulator(Settings settings, PrintWriter out) {
        this(settings, Seams::new, out);
    }

    /** With something planted at the seams. */
    public Simulator(Settings settings, Supplier<Seams> seams, PrintWriter out) {
        this.settings = settings;
        this.seams = seams;
        this.out = out;
    }

    /** Runs all seeds, and prints failures as they come. */
    public Report run() throws InterruptedException {
        return run(report -> {});
    }

    /**
     * The same.
     *
     * @param onProgress shown from time to time how things stand
     */
    Report run(Consumer<Report> onProgress) throws InterruptedException {
        long begunNanos = System.nanoTime();
        long saidNanos = begunNanos;
        Report report = new Report();
        ExecutorService pool = Executors.newFixedThreadPool(settings.threads(),
                Thread.ofPlatform().name("sim-", 0).daemon(true).factory());
        try {
            Deque<Future<RunResult>> runs = new ArrayDeque<>();
            int begun = 0;
            for (int done = 1; done <= settings.seeds(); done++) {
                while (begun < settings.seeds() && runs.size() < AHEAD * settings.threads()) {
                    long seed = settings.seed() + begun;
                    begun++;
                    boolean twice = begun % TWICE_EVERY == 0;
                    runs.add(pool.submit(() -> one(seed, twice)));
                }
                RunResult result = runs.remove().get();
                report.add(result);
                result.violation().ifPresent(found -> failed(result, found));
                if (System.nanoTime() - saidNanos > PROGRESS_NANOS && done < settings.seeds()) {
                    saidNanos = System.nanoTime();
                    report.took(saidNanos - begunNanos);
                    out.println(report.progress(settings.seeds()));
                    out.flush();
                    onProgress.accept(report);
                }
            }
        } catch (ExecutionException bug) {
            throw new IllegalStateException("a run could not be made", bug.getCause());
        } finally {
            pool.shutdownNow();
        }
        report.took(System.nanoTime() - begunNanos);
        return report;
    }

    /** The first seed that breaks an invariant, counted from 1; empty if none does. */
    public Optional<Integer> seedsToFind() {
        for (int i = 0; i < settings.seeds(); i++) {
            if (one(settings.seed() + i, false).violation().isPresent()) {
                return Optional.of(i + 1);
            }
        }
        return Optional.empty();
    }

    private RunResult one(long seed, boolean twice) {
        Options options = Options.draw(seed, settings.minutes(), settings.agents());
        long cpuNanos = THREADS.getCurrentThreadCpuTime();
        RunResult result = new World(options, seams.get()).run()
                .took(THREADS.getCurrentThreadCpuTime() - cpuNanos);
        if (twice && result.violation().isEmpty()) {
            RunResult again = new World(options, seams.get()).run();
            result.checks()[Invariant.REPEATABLE.ordinal()]++;
            if (again.trace() != result.trace()) {
                return result.with(new Violation(Invariant.REPEATABLE, "seed " + seed
                        + " gave " + Long.toHexString(result.trace()) + " and then "
                        + Long.toHexString(again.trace())));
            }
        }
        return result;
    }

    private void failed(RunResult result, Violation found) {
        out.println("FAILED " + found.getMessage());
        out.println("  " + result.options().line());
        Options fewer = new Shrinker(seams, found.invariant()).shrink(result.options());
        out.println("  enough for it: " + fewer.faultMs() + " ms with " + fewer.faults());
        out.println("  replay: ./tide sim --seed " + fewer.seed() + " --seeds 1 --minutes "
                + settings.minutes() + " --until-ms " + fewer.faultMs() + " --agents "
                + settings.agents() + " --faults "
                + (fewer.faults().isEmpty()
                        ? "none"
                        : String.join(",", fewer.faults().stream()
                                .map(fault -> Integer.toString(fault.number())).toList())));
        out.flush();
    }

    /**
     * One run with only some of its faults, step by step.
     *
     * @param untilMs when the faults are over, if that is before the end of the minutes
     */
    public Optional<String> replay(List<Integer> faults, long untilMs) {
        Options all = Options.draw(settings.seed(), settings.minutes(), settings.agents());
        Options some = all.with(all.faults().stream()
                .filter(fault -> faults.contains(fault.number())).toList())
                .until(Math.min(all.faultMs(), untilMs));
        out.println(some.line());
        some.faults().forEach(fault -> out.println("  " + fault));
        RunResult result = new World(some, seams.get()).run();
        out.println("things=" + result.things() + " facts=" + result.facts() + " reigns="
                + result.reigns() + " hash=" + Long.toHexString(result.trace()));
        return result.violation().map(Violation::getMessage);
    }
}
