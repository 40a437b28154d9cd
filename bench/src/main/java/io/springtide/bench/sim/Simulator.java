package io.springtide.bench.sim;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** Runs seeds, several side by side, each in one thread; says what they found. */
@SuppressWarnings("EnumOrdinal") // an order of its own, kept nowhere
public final class Simulator {

    /** Every so many runs one is done twice, to see that it gives the same history. */
    private static final int TWICE_EVERY = 50;

    private static final int PROGRESS_EVERY = 100;

    /**
     * What to run.
     *
     * @param seed the first one
     * @param agents so many at most in one cluster
     */
    public record Settings(long seed, int seeds, int minutes, int threads, int agents) {

        public Settings {
            if (seeds < 1 || minutes < 1 || threads < 1 || agents < 1 || agents > AGENTS_MAX) {
                throw new IllegalArgumentException("seeds, minutes and threads must be above zero,"
                        + " and agents within 1 and " + AGENTS_MAX);
            }
        }
    }

    /** Above it one run takes long, and finds nothing that a smaller one does not. */
    public static final int AGENTS_MAX = 500;

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

    /** Runs all seeds, and prints failures as they come and a table at the end. */
    public Report run() throws InterruptedException {
        long begunNanos = System.nanoTime();
        Report report = new Report();
        ExecutorService pool = Executors.newFixedThreadPool(settings.threads(),
                Thread.ofPlatform().name("sim-", 0).daemon(true).factory());
        try {
            List<Future<RunResult>> runs = new ArrayList<>();
            for (int i = 0; i < settings.seeds(); i++) {
                long seed = settings.seed() + i;
                boolean twice = (i + 1) % TWICE_EVERY == 0;
                runs.add(pool.submit(() -> one(seed, twice)));
            }
            for (int i = 0; i < runs.size(); i++) {
                RunResult result = runs.get(i).get();
                report.add(result);
                result.violation().ifPresent(found -> failed(result, found));
                if ((i + 1) % PROGRESS_EVERY == 0) {
                    out.println((i + 1) + " runs, " + report.failures() + " failed, "
                            + report.faults() + " faults, " + report.simulatedHours()
                            + " h simulated");
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
        RunResult result = new World(options, seams.get()).run();
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
        out.println("  enough for it: " + fewer.faults());
        out.println("  replay: ./tide sim --seed " + fewer.seed() + " --seeds 1 --minutes "
                + settings.minutes() + " --agents " + settings.agents() + " --faults "
                + (fewer.faults().isEmpty()
                        ? "none"
                        : String.join(",", fewer.faults().stream()
                                .map(fault -> Integer.toString(fault.number())).toList())));
        out.flush();
    }

    /** One run with only some of its faults, step by step. */
    public Optional<String> replay(List<Integer> faults) {
        Options all = Options.draw(settings.seed(), settings.minutes(), settings.agents());
        Options some = all.with(all.faults().stream()
                .filter(fault -> faults.contains(fault.number())).toList());
        out.println(some.line());
        some.faults().forEach(fault -> out.println("  " + fault));
        RunResult result = new World(some, seams.get()).run();
        out.println("things=" + result.things() + " facts=" + result.facts() + " reigns="
                + result.reigns() + " hash=" + Long.toHexString(result.trace()));
        return result.violation().map(Violation::getMessage);
    }
}
