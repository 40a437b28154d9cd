package io.springtide.master.scaling;

import io.springtide.api.marathon.ScalingSeries;
import io.springtide.api.marathon.ScalingSeries.Point;
import io.springtide.core.elasticity.Autoscaler;
import io.springtide.core.elasticity.Observation;
import io.springtide.core.elasticity.Sample;
import io.springtide.core.elasticity.ScalingPolicy;
import io.springtide.core.elasticity.ScalingReason;
import io.springtide.core.elasticity.Target;
import io.springtide.core.elasticity.Traffic;
import io.springtide.core.elasticity.Verdict;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a policy would have done to a recorded load: the same code that decides in earnest, each second
 * of the series. Instances serve a fixed while after they are ordered and go at once; the load is what
 * was recorded, whatever the policy does to it.
 */
public final class Simulation {

    private static final long STEP_MS = 1_000;

    private final ScalingPolicy policy;
    private final ScalingSeries series;
    private final long beginMs;
    private final Autoscaler autoscaler;
    private final Calendar calendar;
    private final Fleet fleet;
    private final List<Change> changes = new ArrayList<>();
    private final List<Moment> moments = new ArrayList<>();
    private long overloadMs;

    /**
     * A change of the count.
     *
     * @param atSeconds since the beginning of the series
     */
    public record Change(long atSeconds, int from, int to, ScalingReason reason) {}

    /**
     * How things stand at a point of the series.
     *
     * @param capacity what the ready ones should carry, by the first target of requests or concurrency;
     *     empty if there is none
     */
    public record Moment(double atSeconds, int wanted, int ready, boolean frozen,
            OptionalDouble load, OptionalDouble capacity) {}

    /**
     * The whole.
     *
     * @param changes in order
     * @param moments one for each point of the series
     * @param overloadSeconds for how long the load was more than what the ready ones should carry,
     *     rounded up
     */
    public record Result(List<Change> changes, List<Moment> moments, int overloadSeconds,
            int most) {}

    /** Instances, and when those that are on their way will serve. */
    private static final class Fleet {

        private final long startMs;
        private final ArrayDeque<long[]> coming = new ArrayDeque<>();
        private int ready;
        private int wanted;

        Fleet(int count, long startMs) {
            this.startMs = startMs;
            this.ready = count;
            this.wanted = count;
        }

        void pass(long nowMs) {
            while (!coming.isEmpty() && coming.getFirst()[0] <= nowMs) {
                ready += (int) coming.removeFirst()[1];
            }
        }

        void want(int count, long nowMs) {
            int less = wanted - count;
            if (less < 0) {
                coming.addLast(new long[]{nowMs + startMs, -less});
            }
            while (less > 0 && !coming.isEmpty()) {
                long[] last = coming.getLast();
                int taken = (int) Math.min(less, last[1]);
                last[1] -= taken;
                less -= taken;
                if (last[1] == 0) {
                    coming.removeLast();
                }
            }
            ready -= Math.max(0, less);
            wanted = count;
        }
    }

    private Simulation(ScalingPolicy policy, ScalingSeries series, long nowMs) {
        this.policy = policy;
        this.series = series;
        this.beginMs = series.fromMs().orElse(nowMs);
        this.autoscaler = new Autoscaler(policy, List.of(), beginMs);
        this.calendar = new Calendar(policy.schedules());
        this.fleet = new Fleet(policy.clamp(series.instances().orElse(policy.min())),
                series.startSeconds() * 1_000L);
    }

    /** Runs through a series; a day of seconds takes about a second. */
    public static Result run(ScalingPolicy policy, ScalingSeries series, long nowMs) {
        return new Simulation(policy, series, nowMs).run();
    }

    private Result run() {
        int most = fleet.wanted;
        for (int i = 0; i < series.points().size(); i++) {
            Point point = series.points().get(i);
            long fromMs = ms(point);
            long untilMs = i + 1 < series.points().size()
                    ? ms(series.points().get(i + 1))
                    : fromMs + STEP_MS;
            // Points may be closer than a millisecond: each is a moment all the same.
            untilMs = Math.max(fromMs + 1, untilMs);
            boolean frozen = false;
            for (long atMs = fromMs; atMs < untilMs; atMs += STEP_MS) {
                frozen = step(point, atMs);
                most = Math.max(most, fleet.wanted);
                if (atMs == fromMs) {
                    moments.add(moment(point, frozen));
                }
                overloadMs += overloaded(point) ? Math.min(STEP_MS, untilMs - atMs) : 0;
            }
        }
        // A part of a second is not to look as if there had been none.
        return new Result(changes, moments, (int) Math.ceilDiv(overloadMs, STEP_MS), most);
    }

    private long ms(Point point) {
        return beginMs + Math.round(point.atSeconds() * 1_000);
    }

    private boolean step(Point point, long nowMs) {
        fleet.pass(nowMs);
        List<Optional<Sample>> samples = policy.targets().stream()
                .map(target -> sample(target, point, nowMs)).toList();
        Optional<Traffic> traffic = Optional.<Traffic>empty();
        if (point.value("requests").isPresent() || point.value("concurrency").isPresent()) {
            traffic = Optional.of(new Traffic(point.value("requests").orElse(0),
                    point.value("concurrency").orElse(0), point.value("waiting").orElse(0),
                    nowMs));
        }
        Verdict verdict = autoscaler.decide(new Observation(fleet.wanted, fleet.ready,
                fleet.wanted - fleet.ready, samples, traffic, calendar.windows(nowMs)), nowMs);
        if (verdict.direction() != Verdict.Direction.STAY) {
            changes.add(new Change((nowMs - beginMs) / 1_000, verdict.from(), verdict.count(),
                    verdict.reason()));
            fleet.want(verdict.count(), nowMs);
        }
        return verdict.frozen();
    }

    private Optional<Sample> sample(Target target, Point point, long nowMs) {
        OptionalDouble value = switch (target.kind()) {
            case CPU -> each(point.value("cpu"));
            case MEMORY -> each(point.value("memory"));
            case REQUESTS -> point.value("requests");
            case CONCURRENCY -> concurrency(point);
            case LATENCY -> point.value("latency");
            case PROMQL -> target.measure() == Target.Measure.AVERAGE
                    ? each(point.value("promql"))
                    : point.value("promql");
        };
        return value.isPresent()
                ? Optional.of(new Sample(value.getAsDouble(), nowMs, STEP_MS))
                : Optional.empty();
    }

    private static OptionalDouble concurrency(Point point) {
        OptionalDouble served = point.value("concurrency");
        return served.isPresent()
                ? OptionalDouble.of(served.getAsDouble() + point.value("waiting").orElse(0))
                : served;
    }

    private OptionalDouble each(OptionalDouble sum) {
        return sum.isPresent() && fleet.ready > 0
                ? OptionalDouble.of(sum.getAsDouble() / fleet.ready)
                : OptionalDouble.empty();
    }

    // ------------------------------------------------------------ what it comes to

    private Optional<Target> carried() {
        return policy.targets().stream().filter(target -> target.kind() == Target.Kind.REQUESTS
                || target.kind() == Target.Kind.CONCURRENCY).findFirst();
    }

    private OptionalDouble load(Point point) {
        return carried().map(target -> target.kind() == Target.Kind.REQUESTS
                ? point.value("requests")
                : concurrency(point)).orElse(OptionalDouble.empty());
    }

    private OptionalDouble capacity() {
        return carried().map(target -> OptionalDouble
                .of(target.valueMilli() / 1_000.0 * fleet.ready)).orElse(OptionalDouble.empty());
    }

    private boolean overloaded(Point point) {
        OptionalDouble load = load(point);
        OptionalDouble capacity = capacity();
        return load.isPresent() && capacity.isPresent()
                && load.getAsDouble() > capacity.getAsDouble();
    }

    private Moment moment(Point point, boolean frozen) {
        return new Moment(point.atSeconds(), fleet.wanted, fleet.ready, frozen, load(point),
                capacity());
    }
}
