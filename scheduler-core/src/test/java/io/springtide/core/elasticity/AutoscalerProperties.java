package io.springtide.core.elasticity;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goal: whatever is measured, a count stays within its bounds and steps, does not flap under a constant
 * load, does not shoot far over a step of it, and does not shrink because nobody can see. Method: policies,
 * loads and samples drawn from seeds; instances that take a while to become ready.
 */
class AutoscalerProperties {

    private static final long START_MS = 1_700_000_000_000L;

    /** An app whose instances take so long to become ready, and those that are too many go at once. */
    private static final class Launches {

        final long takesMs;
        final TreeMap<Long, Integer> coming = new TreeMap<>();
        int ready;

        Launches(long takesMs, int ready) {
            this.takesMs = takesMs;
            this.ready = ready;
        }

        int launching() {
            return coming.values().stream().mapToInt(Integer::intValue).sum();
        }

        void at(long nowMs) {
            while (!coming.isEmpty() && coming.firstKey() <= nowMs) {
                ready += coming.pollFirstEntry().getValue();
            }
        }

        void want(int count, long nowMs) {
            int more = count - ready - launching();
            if (more > 0) {
                coming.merge(nowMs + takesMs, more, Integer::sum);
            }
            while (more < 0) {
                if (coming.isEmpty()) {
                    ready--;
                } else {
                    long last = coming.lastKey();
                    coming.computeIfPresent(last, (when, many) -> many == 1 ? null : many - 1);
                }
                more++;
            }
        }
    }

    @Property(tries = 60, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void aConstantLoadWithNoiseDoesNotMakeItFlap(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        boolean total = random.nextBoolean();
        ScalingPolicy policy = new ScalingPolicy(1, 500, List.of(total
                ? new Target(Target.Kind.REQUESTS, 100_000)
                : new Target(Target.Kind.CPU, 50_000)));
        policy = total ? policy.withBurst(Burst.DEFAULT) : policy;
        double each = total ? 100 : 50;
        double load = each * random.nextDouble(0.3, 100);
        int count = random.nextInt(1, 200);
        Launches launches = new Launches(random.nextLong(30_000), count);
        Autoscaler scaler = new Autoscaler(policy, List.of(), START_MS);
        List<Integer> turns = new ArrayList<>();
        for (long nowMs = START_MS; nowMs < START_MS + 3_600_000; nowMs += 2_000) {
            launches.at(nowMs);
            double noise = load * (1 + random.nextDouble(-0.05, 0.05));
            double value = total ? noise : noise / Math.max(1, launches.ready);
            Observation seen = observe(count, launches, value, nowMs);
            Verdict verdict = scaler.decide(total ? with(seen, noise, 0, nowMs) : seen, nowMs);
            if (verdict.count() != count) {
                turns.add(Integer.compare(verdict.count(), count));
            }
            count = verdict.count();
            launches.want(count, nowMs);
        }
        assertThat(turns.stream().distinct().count()).as("ups and downs: " + turns)
                .isLessThanOrEqualTo(1);
        assertThat(turns).hasSizeLessThan(12);
        assertThat((double) count).as("load " + load / each)
                .isBetween(load * 0.94 / 1.1 / each, load * 1.06 / 0.9 / each + 1);
    }

    private static Observation observe(int count, Launches launches, double value, long nowMs) {
        return new Observation(count, launches.ready, launches.launching(),
                List.of(Optional.of(new Sample(value, nowMs, 1_000))), Optional.empty(),
                List.of());
    }

    @Property(tries = 100, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void aStepIsMetAndNotShotFarOver(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        boolean total = random.nextBoolean();
        ScalingPolicy policy = new ScalingPolicy(1, 10_000, List.of(total
                ? new Target(Target.Kind.REQUESTS, 100_000)
                : new Target(Target.Kind.CPU, 50_000)));
        policy = total ? policy.withBurst(Burst.DEFAULT) : policy;
        double each = total ? 100 : 50;
        // An instance cannot use more than it has: what is over that is not seen.
        double most = total ? Double.MAX_VALUE : each * random.nextDouble(1.2, 4);
        double before = each * random.nextDouble(1, 20);
        double after = before * random.nextDouble(1, 50);
        int count = (int) Math.ceil(before / each);
        Launches launches = new Launches(random.nextLong(60_000), count);
        Autoscaler scaler = new Autoscaler(policy, List.of(), START_MS);
        int needed = (int) Math.ceil(after / each);
        int highest = count;
        for (long nowMs = START_MS; nowMs < START_MS + 1_500_000; nowMs += 1_000) {
            launches.at(nowMs);
            double load = nowMs < START_MS + 20_000 ? before : after;
            double value = total ? load : Math.min(most, load / launches.ready);
            Observation seen = observe(count, launches, value, nowMs);
            count = scaler.decide(total ? with(seen, load, 0, nowMs) : seen, nowMs).count();
            highest = Math.max(highest, count);
            launches.want(count, nowMs);
        }
        assertThat(highest).as("needed " + needed).isLessThanOrEqualTo(needed + 1);
        assertThat(count * 1.1 + 1).isGreaterThanOrEqualTo(needed);
    }

    private static Observation with(Observation seen, double arrivals, double waiting,
            long nowMs) {
        return new Observation(seen.count(), seen.ready(), seen.launching(), seen.samples(),
                Optional.of(new Traffic(arrivals, 0, waiting, nowMs)), seen.windows());
    }

    /** What is not served waits in a line; the load rises evenly for some seconds, with noise. */
    @Property(tries = 100, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void aSlopeAndALineAreShotOverByNoMoreThanTheFactor(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Burst burst = new Burst(random.nextLong(1_000, 10_000), random.nextLong(1_200, 4_000),
                60_000);
        int max = random.nextBoolean() ? 10_000 : random.nextInt(1, 200);
        ScalingPolicy policy = new ScalingPolicy(1, max,
                List.of(new Target(Target.Kind.REQUESTS, 100_000))).withBurst(burst);
        double before = 100 * random.nextDouble(1, 20);
        double after = before * random.nextDouble(1, 30);
        long riseMs = random.nextLong(1, 30_000);
        int count = policy.clamp((int) Math.ceil(before / 100));
        Launches launches = new Launches(random.nextLong(60_000), count);
        Autoscaler scaler = new Autoscaler(policy, List.of(), START_MS);
        int needed = (int) Math.ceil(after / 100);
        int highest = count;
        double waiting = 0;
        for (long nowMs = START_MS; nowMs < START_MS + 1_500_000; nowMs += 1_000) {
            launches.at(nowMs);
            double share = Math.clamp((nowMs - START_MS - 20_000) / (double) riseMs, 0, 1);
            double load = (before + (after - before) * share)
                    * (1 + random.nextDouble(-0.05, 0.05));
            waiting = Math.max(0, waiting + load - 150.0 * launches.ready);
            count = scaler.decide(with(observe(count, launches, load, nowMs), load, waiting,
                    nowMs), nowMs).count();
            assertThat(count).isLessThanOrEqualTo(max);
            highest = Math.max(highest, count);
            launches.want(count, nowMs);
        }
        assertThat((double) highest).as("needed " + needed)
                .isLessThanOrEqualTo(needed * 1.05 * burst.factorMilli() / 1_000 + 1);
        assertThat(count * 1.1 * 1.1 + 1).isGreaterThanOrEqualTo(Math.min(max, needed));
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void staysWithinItsBoundsWhateverIsMeasured(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ScalingPolicy policy = Policies.draw(random);
        Autoscaler scaler = new Autoscaler(policy, List.of(), START_MS);
        int count = random.nextInt(policy.min(), policy.max() + 1);
        long nowMs = START_MS;
        for (int i = 0; i < 50; i++) {
            nowMs += random.nextLong(100_000);
            Observation seen = nonsense(random, policy, count, nowMs);
            Verdict verdict = scaler.decide(seen, nowMs);
            assertThat(verdict.count()).isBetween(policy.min(), policy.max());
            boolean blind = seen.samples().stream().anyMatch(Optional::isEmpty);
            if (blind || verdict.frozen()) {
                assertThat(verdict.frozen()).isTrue();
                assertThat(verdict.count()).isGreaterThanOrEqualTo(count);
            }
            ScalingReason reason = verdict.reason();
            assertThat(reason.sentence()).isNotEmpty();
            count = verdict.count();
        }
    }

    private static Observation nonsense(SplittableRandom random, ScalingPolicy policy, int count,
            long nowMs) {
        List<Optional<Sample>> samples = new ArrayList<>();
        for (int i = 0; i < policy.targets().size(); i++) {
            samples.add(random.nextInt(6) == 0
                    ? Optional.empty()
                    : Optional.of(new Sample(number(random), nowMs - random.nextLong(20_000),
                            random.nextLong(10_000))));
        }
        List<ScheduleWindow> windows = policy.schedules().stream()
                .map(one -> ScheduleWindow.of(one, nowMs + random.nextLong(-200_000, 200_000)))
                .toList();
        int ready = random.nextInt(count + 1);
        return new Observation(count, ready, count - ready, samples,
                random.nextBoolean()
                        ? Optional.of(new Traffic(number(random), number(random), number(random),
                                nowMs - random.nextLong(10_000)))
                        : Optional.empty(),
                windows);
    }

    private static double number(SplittableRandom random) {
        return switch (random.nextInt(10)) {
            case 0 -> Double.NaN;
            case 1 -> -random.nextDouble(100);
            case 2 -> Double.POSITIVE_INFINITY;
            case 3 -> Double.MAX_VALUE;
            case 4 -> Double.longBitsToDouble(random.nextLong());
            case 5 -> random.nextDouble(1e12);
            case 6 -> 0;
            default -> random.nextDouble(1_000);
        };
    }

    /** What a series has come through, once per second. */
    private record Point(long atMs, int count) {}

    @Property(tries = 150, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void stepsAreKeptOverAnyPeriod(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Behaviour up = quick(Policies.behaviour(random));
        Behaviour down = quick(Policies.behaviour(random));
        ScalingPolicy policy = new ScalingPolicy(0, 1_000,
                List.of(new Target(Target.Kind.REQUESTS, 100_000))).withBehaviour(up, down)
                .withBurst(Burst.DEFAULT);
        Autoscaler scaler = new Autoscaler(policy, List.of(), START_MS);
        List<Point> points = new ArrayList<>();
        int count = random.nextInt(200);
        double load = 100 * count;
        for (long nowMs = START_MS; nowMs < START_MS + 400_000; nowMs += 1_000
                + random.nextLong(500)) {
            if (random.nextInt(20) == 0) {
                load = random.nextDouble(50_000);
            }
            points.add(new Point(nowMs, count));
            Observation seen = new Observation(count, count, 0,
                    List.of(Optional.of(new Sample(load, nowMs, 1_000))),
                    Optional.of(new Traffic(load, 0, 0, nowMs)), List.of());
            count = scaler.decide(seen, nowMs).count();
            keeps(points, new Point(nowMs, count), up, true);
            keeps(points, new Point(nowMs, count), down, false);
        }
    }

    /** Without a wait, so that the steps alone hold it. */
    private static Behaviour quick(Behaviour behaviour) {
        return new Behaviour(0, behaviour.steps(), behaviour.select());
    }

    private static void keeps(List<Point> points, Point now, Behaviour behaviour, boolean up) {
        if (behaviour.steps().isEmpty() && behaviour.select() != Behaviour.Select.NONE) {
            return;
        }
        int moved = now.count - points.getLast().count;
        if (up ? moved <= 0 : moved >= 0) {
            return;
        }
        assertThat(behaviour.select()).isNotEqualTo(Behaviour.Select.NONE);
        long kept = behaviour.steps().stream().filter(step -> points.stream()
                .filter(then -> then.atMs >= now.atMs - step.periodMs())
                .allMatch(then -> within(step, then.count, now.count, up))).count();
        assertThat(kept).as(now + " after " + points.getLast() + " by " + behaviour)
                .isGreaterThanOrEqualTo(behaviour.select() == Behaviour.Select.LEAST
                        ? behaviour.steps().size()
                        : 1);
    }

    private static boolean within(Behaviour.Step step, int then, int now, boolean up) {
        int amount = step.unit() == Behaviour.Unit.INSTANCES
                ? step.amount()
                : (int) Math.ceil(then * step.amount() / 100.0);
        return up ? now <= then + Math.max(1, amount) : now >= then - amount;
    }
}
