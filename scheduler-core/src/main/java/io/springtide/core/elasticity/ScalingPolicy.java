package io.springtide.core.elasticity;

import java.util.List;
import java.util.Optional;

/**
 * How many instances an app is to have: within bounds, as many as its load and its schedules ask for.
 *
 * @param min fewest
 * @param max most
 * @param targets what is measured; the one that asks for most wins
 * @param tolerancePpm a load that differs by no more than so many millionths from what the count should
 *     carry changes nothing
 * @param up how fast the count may rise
 * @param down how fast it may fall
 * @param schedules counts for times that are known beforehand
 * @param burst what is done about floods; empty = nothing beyond the targets
 * @param standby instances kept frozen for the next flood
 * @param dryRun decides, and writes down what it would do, but the app's own count is what counts
 */
public record ScalingPolicy(int min, int max, List<Target> targets, int tolerancePpm,
        Behaviour up, Behaviour down, List<Schedule> schedules, Optional<Burst> burst,
        Standby standby, boolean dryRun) {

    public static final int TARGETS_MAX = 16;
    public static final int SCHEDULES_MAX = 100;
    public static final int STEPS_MAX = 8;
    public static final int STANDBY_PERCENT_MAX = 1_000;
    public static final int QUERY_LENGTH_MAX = 4_096;
    public static final int TEXT_LENGTH_MAX = 255;

    /** A tenth. */
    public static final int TOLERANCE_PPM = 100_000;

    /** An hour: longer windows than that are rather schedules. */
    public static final long WINDOW_MS_MAX = 3_600_000;

    /** A week: whatever is scheduled for longer is rather a minimum. */
    public static final long SCHEDULE_MS_MAX = 7 * 86_400_000L;

    /** A thousand million a second, in thousandths; the product with any count fits into a long. */
    public static final long VALUE_MILLI_MAX = 1_000_000_000_000L;

    /**
     * Refuses what contradicts itself; the message is the JSON path of what is wrong, as Marathon writes
     * paths, a colon, and what is wrong with it: {@code /schedules(1)/count: must not be above /max}.
     *
     * @throws IllegalArgumentException if anything is wrong
     */
    public ScalingPolicy {
        targets = List.copyOf(targets);
        schedules = List.copyOf(schedules);
        PolicyRules.check(min, max, targets, tolerancePpm, standby);
        PolicyRules.check("/up", up);
        PolicyRules.check("/down", down);
        PolicyRules.check(schedules, max);
        if (burst.isPresent()) {
            PolicyRules.check(burst.get(), targets);
        }
    }

    /** Nothing but bounds and targets, the rest as usual. */
    public ScalingPolicy(int min, int max, List<Target> targets) {
        this(min, max, targets, TOLERANCE_PPM, Behaviour.UP, Behaviour.DOWN, List.of(),
                Optional.empty(), Standby.NONE, false);
    }

    /** The nearest count within the bounds. */
    public int clamp(int count) {
        return Math.clamp(count, min, max);
    }

    /** The same with other speeds. */
    public ScalingPolicy withBehaviour(Behaviour upwards, Behaviour downwards) {
        return new ScalingPolicy(min, max, targets, tolerancePpm, upwards, downwards, schedules,
                burst, standby, dryRun);
    }

    /** The same with schedules. */
    public ScalingPolicy withSchedules(Schedule... others) {
        return new ScalingPolicy(min, max, targets, tolerancePpm, up, down, List.of(others), burst,
                standby, dryRun);
    }

    /** The same prepared for floods. */
    public ScalingPolicy withBurst(Burst other) {
        return new ScalingPolicy(min, max, targets, tolerancePpm, up, down, schedules,
                Optional.of(other), standby, dryRun);
    }

    /** The same with frozen instances beside those that serve. */
    public ScalingPolicy withStandby(Standby other) {
        return new ScalingPolicy(min, max, targets, tolerancePpm, up, down, schedules, burst,
                other, dryRun);
    }

    /** The same, decided only on paper or in earnest. */
    public ScalingPolicy withDryRun(boolean dry) {
        return new ScalingPolicy(min, max, targets, tolerancePpm, up, down, schedules, burst,
                standby, dry);
    }
}
