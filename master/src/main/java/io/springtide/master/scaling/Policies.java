package io.springtide.master.scaling;

import io.springtide.api.marathon.ScalingDefinition;
import io.springtide.core.elasticity.Behaviour;
import io.springtide.core.elasticity.Burst;
import io.springtide.core.elasticity.ScalingPolicy;
import io.springtide.core.elasticity.Schedule;
import io.springtide.core.elasticity.Standby;
import io.springtide.core.elasticity.Target;

/** Policies as clients write them, in the words and units of the core. */
public final class Policies {

    private static final double MILLI = 1_000;
    private static final long MS = 1_000;
    private static final double PPM = 1_000_000;

    private Policies() {}

    /**
     * Converts what has been checked.
     *
     * @throws IllegalArgumentException if the core knows a rule that the check does not; the message is a
     *     path, a colon, and what is wrong there
     */
    public static ScalingPolicy of(ScalingDefinition given) {
        return new ScalingPolicy(given.min(), given.max(),
                given.targets().stream().map(Policies::target).toList(),
                (int) Math.round(given.tolerance() * PPM), behaviour(given.up()),
                behaviour(given.down()),
                given.schedules().stream().map(Policies::schedule).toList(),
                given.burst().map(burst -> new Burst(burst.windowSeconds() * MS,
                        Math.round(burst.factor() * MILLI), burst.holdSeconds() * MS)),
                given.standby().map(some -> new Standby(some.count().orElse(0),
                        some.percent().orElse(0))).orElse(Standby.NONE),
                given.dryRun());
    }

    private static Target target(ScalingDefinition.Target given) {
        long valueMilli = Math.round(given.value() * MILLI);
        return switch (given.metric()) {
            case CPU -> new Target(Target.Kind.CPU, valueMilli);
            case MEMORY -> new Target(Target.Kind.MEMORY, valueMilli);
            case REQUESTS -> new Target(Target.Kind.REQUESTS, valueMilli);
            case CONCURRENCY -> new Target(Target.Kind.CONCURRENCY, valueMilli);
            case LATENCY -> new Target(Target.Kind.LATENCY, valueMilli);
            case PROMQL -> Target.query(given.query(), valueMilli,
                    given.perInstance() ? Target.Measure.AVERAGE : Target.Measure.TOTAL);
        };
    }

    private static Behaviour behaviour(ScalingDefinition.Behaviour given) {
        return new Behaviour(given.stabilizationSeconds() * MS,
                given.steps().stream().map(Policies::step).toList(), switch (given.select()) {
                    case MOST -> Behaviour.Select.MOST;
                    case LEAST -> Behaviour.Select.LEAST;
                    case NONE -> Behaviour.Select.NONE;
                });
    }

    private static Behaviour.Step step(ScalingDefinition.Step given) {
        return given.percent().isPresent()
                ? new Behaviour.Step(Behaviour.Unit.PERCENT, given.percent().getAsInt(),
                        given.periodSeconds() * MS)
                : new Behaviour.Step(Behaviour.Unit.INSTANCES, given.instances().orElse(1),
                        given.periodSeconds() * MS);
    }

    private static Schedule schedule(ScalingDefinition.Schedule given) {
        return new Schedule(given.name(), given.cron(), given.zone(), given.instances(),
                given.durationSeconds() * MS, given.rampSeconds() * MS, given.leadSeconds() * MS);
    }
}
