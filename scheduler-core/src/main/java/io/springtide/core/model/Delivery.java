package io.springtide.core.model;

import io.springtide.core.Check;
import java.util.List;

/**
 * How a new configuration takes the place of an older one, beyond the bounds of {@link Upgrade}.
 *
 * @param dependencies apps and groups, by path, that are to be in place first
 * @param readinessChecked whether a new instance counts only once it has said that it is ready
 * @param canary how many new ones there may be, stage after stage, before the rest follows
 * @param promoteByHand of {@link Strategy#BLUE_GREEN}: the old ones end only when somebody says so
 * @param deadlineMs a deployment that is not done by then ends; 0 = it has all the time
 * @param backAtDeadline whether it goes back to what was before; else everything stays as it is then
 * @param guard when to go back without being asked
 */
public record Delivery(List<String> dependencies, boolean readinessChecked, Strategy strategy,
        List<Stage> canary, boolean promoteByHand, long deadlineMs, boolean backAtDeadline,
        Guard guard) {

    /** More stages than a person follows. */
    public static final int STAGES_MAX = 20;

    /** What Marathon does if nothing is said. */
    public static final Delivery PLAIN = new Delivery(List.of(), false, Strategy.ROLLING,
            List.of(), false, 0, false, Guard.NONE);

    /** The order is part of the journal's format. */
    public enum Strategy {
        /** A few at a time. */
        ROLLING,
        /** All new ones beside all old ones, then no old ones. */
        BLUE_GREEN
    }

    /**
     * A number of new instances, at which it is waited.
     *
     * @param instances so many; -1 = {@code ppm} says it
     * @param ppm so many millionths of the wanted ones, rounded up
     * @param pauseMs for so long, once they are healthy; {@link #BY_HAND} = until somebody promotes it
     */
    public record Stage(int instances, int ppm, long pauseMs) {

        public static final long BY_HAND = -1;

        public Stage {
            Check.argument(instances >= -1 && ppm >= 0 && ppm <= 1_000_000,
                    "a canary stage is out of range");
            Check.argument(pauseMs >= BY_HAND, "a pause must not be negative");
        }

        /** How many new instances the stage lets in while {@code wanted} are to run. */
        public int of(int wanted) {
            long many = instances >= 0
                    ? instances
                    : ((long) wanted * ppm + 999_999) / 1_000_000;
            return (int) Math.min(wanted, many);
        }
    }

    /**
     * Goes back when so many new instances fail, or fall ill, within so long of the change.
     *
     * @param failures 0 = never
     */
    public record Guard(int failures, long windowMs) {

        public static final Guard NONE = new Guard(0, 0);

        public Guard {
            Check.argument(failures >= 0 && windowMs >= 0,
                    "the numbers of a rollback must not be negative");
        }

        public boolean armed() {
            return failures > 0;
        }
    }

    public Delivery {
        dependencies = List.copyOf(dependencies);
        canary = List.copyOf(canary);
        Check.argument(canary.size() <= STAGES_MAX, "at most 20 canary stages");
        Check.argument(deadlineMs >= 0, "deadlineSeconds must not be negative");
    }

    /** The same after other apps and groups. */
    public Delivery withDependencies(String... paths) {
        return new Delivery(List.of(paths), readinessChecked, strategy, canary, promoteByHand,
                deadlineMs, backAtDeadline, guard);
    }

    /** The same in other stages. */
    public Delivery withCanary(Stage... stages) {
        return new Delivery(dependencies, readinessChecked, strategy, List.of(stages),
                promoteByHand, deadlineMs, backAtDeadline, guard);
    }
}
