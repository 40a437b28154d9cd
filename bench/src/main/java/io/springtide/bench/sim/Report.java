package io.springtide.bench.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What many runs came to, and which faults met which checks. */
@SuppressWarnings("EnumOrdinal") // an order of its own, kept nowhere
public final class Report {

    private static final double NANOS = 1e9;
    private static final int SECONDS_AN_HOUR = 3_600;
    private static final int FOUND_MAX = 100;

    private final long[] injected = new long[FaultKind.values().length];
    private final long[] runsWith = new long[FaultKind.values().length];
    private final long[] checks = new long[Invariant.values().length];
    private final long[][] met = new long[FaultKind.values().length][Invariant.values().length];
    /** What failed, the first ones only. */
    private final List<String> found = new ArrayList<>();
    private int runs;
    private int failures;
    private long things;
    private long facts;
    private long reigns;
    private long snapshots;
    private long acknowledged;
    private long convergedMsMax;
    private double simulatedSeconds;
    private double wallSeconds;
    private double cpuSeconds;

    Report() {}

    void add(RunResult result) {
        runs++;
        result.violation().ifPresent(violation -> {
            failures++;
            if (found.size() < FOUND_MAX) {
                found.add("seed " + result.options().seed() + ": " + violation.getMessage());
            }
        });
        things += result.things();
        facts += result.facts();
        reigns += result.reigns();
        snapshots += result.snapshots();
        acknowledged += result.acknowledged();
        simulatedSeconds += result.simulatedNanos() / NANOS;
        cpuSeconds += result.cpuNanos() / NANOS;
        if (result.options().faults().stream()
                .noneMatch(fault -> fault.kind() == FaultKind.STORE_WIPED)) {
            convergedMsMax = Math.max(convergedMsMax, result.convergedMs());
        }
        for (int kind = 0; kind < injected.length; kind++) {
            injected[kind] += result.injected()[kind];
            runsWith[kind] += result.injected()[kind] > 0 ? 1 : 0;
            for (int check = 0; check < checks.length; check++) {
                met[kind][check] += result.injected()[kind] > 0 ? result.checks()[check] : 0;
            }
        }
        for (int check = 0; check < checks.length; check++) {
            checks[check] += result.checks()[check];
        }
    }

    void took(long nanos) {
        wallSeconds = nanos / NANOS;
    }

    public int runs() {
        return runs;
    }

    /** Runs in which an invariant broke. */
    public int failures() {
        return failures;
    }

    /** Seed and invariant of the first failures; there may be more of them. */
    List<String> found() {
        return List.copyOf(found);
    }

    /** How often a fault was injected. */
    public long faults() {
        long sum = 0;
        for (long one : injected) {
            sum += one;
        }
        return sum;
    }

    /** How often any invariant was checked. */
    public long checks() {
        long sum = 0;
        for (long one : checks) {
            sum += one;
        }
        return sum;
    }

    /** How things stand in a long series. */
    String progress(int runsWanted) {
        double left = wallSeconds / runs * (runsWanted - runs);
        return String.format(Locale.ROOT,
                "%d runs of %d, %d failed, %d faults, %.0f h simulated in %.0f s (x%.0f), %.0f s"
                        + " to go",
                runs, runsWanted, failures, faults(), simulatedSeconds / SECONDS_AN_HOUR,
                wallSeconds, factor(), left);
    }

    /** Simulated time over real time, of all threads together. */
    double factor() {
        return simulatedSeconds / Math.max(wallSeconds, 1e-9);
    }

    /** The same of one thread, as if it had a processor of its own. */
    double factorOfThread() {
        return simulatedSeconds / Math.max(cpuSeconds, 1e-9);
    }

    /** Runs that were done twice and gave the same history. */
    long twice() {
        return checks[Invariant.REPEATABLE.ordinal()];
    }

    /** The table of faults and checks, and a last line of totals. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%-16s%9s%7s", "fault", "injected", "runs"));
        for (Invariant one : Invariant.values()) {
            text.append(String.format(Locale.ROOT, "%7s", one.id()));
        }
        text.append('\n');
        for (FaultKind kind : FaultKind.values()) {
            row(text, kind.text(), injected[kind.ordinal()], runsWith[kind.ordinal()],
                    met[kind.ordinal()]);
        }
        row(text, "all", faults(), runs, checks);
        text.append(String.format(Locale.ROOT,
                "%d runs, %d failed; %.1f h simulated in %.1f s: %.0f times real time, %.0f in each"
                        + " second of a thread; %d things, %d facts,"
                        + " %d reigns, %d snapshots, %d changes acknowledged;"
                        + " longest convergence %.0f s%n",
                runs, failures, simulatedSeconds / SECONDS_AN_HOUR, wallSeconds, factor(),
                factorOfThread(), things, facts, reigns, snapshots,
                acknowledged, convergedMsMax / 1e3));
        return text.toString();
    }

    private static void row(StringBuilder text, String name, long count, long inRuns,
            long[] checked) {
        text.append(String.format(Locale.ROOT, "%-16s%9d%7d", name, count, inRuns));
        for (long one : checked) {
            text.append(String.format(Locale.ROOT, "%7s", shortened(one)));
        }
        text.append('\n');
    }

    private static String shortened(long number) {
        if (number < 10_000) {
            return Long.toString(number);
        }
        return number < 10_000_000 ? number / 1_000 + "k" : number / 1_000_000 + "M";
    }
}
