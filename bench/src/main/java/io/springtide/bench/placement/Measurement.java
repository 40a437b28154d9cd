package io.springtide.bench.placement;

import io.springtide.bench.placement.engine.CheckedOutcome;
import io.springtide.bench.placement.engine.PlacementEngine;
import io.springtide.bench.placement.work.Workload;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Runs an engine on a workload several times and takes the median. The same rule for every engine: two
 * seconds for the JIT do not count, short runs are repeated until they make up a second, and no run is
 * begun that would exceed the time in all.
 *
 * @param runs how many count at least
 * @param limitNanos for one run, and for all that count
 */
record Measurement(int runs, long limitNanos, long warmUpNanos) {

    private static final long WARM_UP_NANOS = 2_000_000_000L;
    private static final int WARM_UPS_MAX = 5_000;
    private static final long SPENT_MIN_NANOS = 1_000_000_000L;
    private static final int RUNS_MAX = 101;

    Measurement(int runs, long limitNanos) {
        this(runs, limitNanos, WARM_UP_NANOS);
    }

    Row of(PlacementEngine engine, Workload work) {
        Optional<String> refusal = engine.refusal(work);
        if (refusal.isPresent()) {
            return Row.refused(work.name(), work.about(), engine.name(), engine.peer(),
                    work.taskCount(), refusal.get());
        }
        warmUp(engine, work);
        List<CheckedOutcome> counted = new ArrayList<>();
        long spent = 0;
        long longest = 0;
        // What was before is not this one's business.
        System.gc();
        while ((counted.size() < runs || (spent < SPENT_MIN_NANOS && counted.size() < RUNS_MAX))
                && (counted.isEmpty() || spent + longest <= limitNanos)) {
            CheckedOutcome next = CheckedOutcome.of(work, engine.run(work, limitNanos));
            counted.add(next);
            spent += next.outcome().nanos();
            longest = Math.max(longest, next.outcome().nanos());
        }
        return row(engine, work, counted);
    }

    private void warmUp(PlacementEngine engine, Workload work) {
        long start = System.nanoTime();
        long left = warmUpNanos;
        for (int i = 0; i < WARM_UPS_MAX && left > 0; i++) {
            engine.run(work, left);
            left = warmUpNanos - (System.nanoTime() - start);
        }
    }

    private static Row row(PlacementEngine engine, Workload work, List<CheckedOutcome> counted) {
        List<CheckedOutcome> byRate = new ArrayList<>(counted);
        byRate.sort(Comparator.comparingDouble(one -> one.outcome().placementsPerSecond()));
        CheckedOutcome median = byRate.get(byRate.size() / 2);
        List<String> violations = counted.stream().flatMap(one -> one.violations().stream())
                .distinct().limit(CheckedOutcome.VIOLATIONS_MAX).toList();
        long bytes = median.outcome().allocatedBytes();
        double bytesEach = bytes < 0 || median.placed() == 0
                ? -1
                : (double) bytes / median.placed();
        return new Row(work.name(), work.about(), engine.name(), engine.peer(), "",
                work.taskCount(), median.outcome().tried(), median.placed(), counted.size(),
                median.outcome().placementsPerSecond(),
                byRate.getFirst().outcome().placementsPerSecond(),
                byRate.getLast().outcome().placementsPerSecond(), median.machinesUsed(),
                median.skewMax(), median.doubled(), bytesEach, violations);
    }
}
