package io.springtide.api.marathon;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What an app says about its change from one version to the next beyond Marathon's words, in an object
 * {@code rollout} that strict clients of Marathon never see. What nobody said is empty.
 *
 * @param strategy how old instances make room for new ones; rolling if empty
 * @param canary how many new ones there are before the rest follows, rising; rolling only
 * @param promote whether the old ones end by themselves; blue-green only, by themselves if empty
 * @param minimumHealthy so many stay healthy, in place of {@code minimumHealthCapacity}
 * @param maximumOver so many more than wanted at most, in place of {@code maximumOverCapacity}
 * @param deadlineSeconds for the whole change; none if empty
 * @param onDeadline what happens then; it stops if empty
 * @param rollback when it goes back by itself; never if empty
 */
public record RolloutTerms(Optional<Strategy> strategy, List<Stage> canary,
        Optional<Promote> promote, OptionalInt minimumHealthy, OptionalInt maximumOver,
        OptionalInt deadlineSeconds, Optional<OnDeadline> onDeadline,
        Optional<FailureLimit> rollback) {

    public static final int STAGES_MAX = 20;
    /** Of any number of instances in here. */
    public static final int INSTANCES_MAX = 1_000_000;
    /** Of any time in here: thirty days. */
    public static final int SECONDS_MAX = 30 * 24 * 3600;

    /** Nothing was said. */
    public static final RolloutTerms NONE = new RolloutTerms(Optional.empty(), List.of(),
            Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(),
            Optional.empty(), Optional.empty());

    /** How old instances make room for new ones. */
    public enum Strategy implements Literal {
        /** A few at a time. */
        ROLLING("rolling"),
        /** All new ones beside all old ones, then the old ones end together. */
        BLUE_GREEN("blueGreen");

        private final String json;

        Strategy(String json) {
            this.json = json;
        }

        @Override
        public String json() {
            return json;
        }
    }

    /** Who says that the old instances may end. */
    public enum Promote implements Literal {
        /** The health of the new ones. */
        AUTO("auto"),
        /** A person. */
        MANUAL("manual");

        private final String json;

        Promote(String json) {
            this.json = json;
        }

        @Override
        public String json() {
            return json;
        }
    }

    /** What happens to a change that is not done in time. */
    public enum OnDeadline implements Literal {
        /** It stays where it is and waits for a person. */
        STOP("stop"),
        /** It goes back to the version before. */
        ROLLBACK("rollback");

        private final String json;

        OnDeadline(String json) {
            this.json = json;
        }

        @Override
        public String json() {
            return json;
        }
    }

    /** A number of new instances, and what has to happen before there are more. */
    public record Stage(Size size, Pause pause) {

        /**
         * How many new instances this stage has when so many are wanted in the end: a part is rounded up, and
         * it is never more than wanted. Stages of both kinds rise each for themselves, so that a later one can
         * ask for less than an earlier one; whoever goes through them keeps what is there.
         */
        public int instancesOf(int wanted) {
            long asked = switch (size) {
                case Size.Instances(int count) -> count;
                case Size.Percent(int percent) -> ((long) wanted * percent + 99) / 100;
            };
            return (int) Math.min(wanted, asked);
        }
    }

    /** How far a stage goes. */
    public sealed interface Size {

        /** So many instances. */
        record Instances(int count) implements Size {}

        /** A part of those wanted, 1 to 100. */
        record Percent(int percent) implements Size {}
    }

    /** What has to happen between a stage whose instances are healthy and the next one. */
    public sealed interface Pause {

        /** Nothing. */
        record None() implements Pause {}

        /** A person promotes it. */
        record UntilPromoted() implements Pause {}

        /** Time passes. */
        record Seconds(int seconds) implements Pause {}
    }

    /**
     * So many failures within so long of the change are too many.
     *
     * @param failures instances of the new version that fail or turn unhealthy
     */
    public record FailureLimit(int failures, int windowSeconds) {}

    /** Keeps its own copy. */
    public RolloutTerms {
        canary = List.copyOf(canary);
    }

    /** Whether nothing was said. */
    public boolean isEmpty() {
        return equals(NONE);
    }

    /** Whether all new instances start beside all old ones. */
    public boolean isBlueGreen() {
        return strategy.equals(Optional.of(Strategy.BLUE_GREEN));
    }

    /** Whether the old instances end only after a promotion. */
    public boolean isPromotedByHand() {
        return promote.equals(Optional.of(Promote.MANUAL));
    }

    /** Whether a change that is not done in time goes back. */
    public boolean goesBackOnDeadline() {
        return onDeadline.equals(Optional.of(OnDeadline.ROLLBACK));
    }
}
