package io.springtide.api.marathon;

/**
 * How tasks are started, replaced and given up.
 *
 * @param backoff between attempts that fail
 * @param upgrade how many may be down or extra during a deployment
 * @param unreachable when a silent instance is replaced
 * @param killSelection who goes first when there are too many
 * @param terms what Marathon has no words for
 * @param onPartition what becomes of an instance whose agent no master can reach
 */
public record Rollout(Backoff backoff, UpgradeStrategy upgrade, UnreachableStrategy unreachable,
        KillSelection killSelection, RolloutTerms terms, OnPartition onPartition) {

    /** What an agent does with an instance while it is cut off from all masters. */
    public enum OnPartition implements Literal {
        /** It runs on; there may be another one elsewhere until the agent is back. */
        KEEP("keep"),
        /** It is ended before another one takes its place. */
        STOP("stop");

        private final String json;

        OnPartition(String json) {
            this.json = json;
        }

        @Override
        public String json() {
            return json;
        }
    }

    /** With instances that run on while their agent is cut off. */
    public Rollout(Backoff backoff, UpgradeStrategy upgrade, UnreachableStrategy unreachable,
            KillSelection killSelection, RolloutTerms terms) {
        this(backoff, upgrade, unreachable, killSelection, terms, OnPartition.KEEP);
    }

    /** The wait after the first failure, its growth, and its end. */
    public record Backoff(int seconds, double factor, int maxLaunchDelaySeconds) {}

    /** Shares of the wanted instances, each 0 to 1. */
    public record UpgradeStrategy(double minimumHealthCapacity, double maximumOverCapacity) {}

    /** When a silent instance is replaced. */
    public sealed interface UnreachableStrategy {

        /** Never. */
        record Disabled() implements UnreachableStrategy {}

        /** A substitute after the first time, forgotten after the second. */
        record After(int inactiveAfterSeconds, int expungeAfterSeconds)
                implements
                    UnreachableStrategy {}
    }

    /** Who goes first. */
    public enum KillSelection implements Literal {
        /** Those that started last. */
        YOUNGEST_FIRST,
        /** Those that started first. */
        OLDEST_FIRST;

        @Override
        public String json() {
            return name();
        }
    }

    /** The same with other terms of our own. */
    public Rollout withTerms(RolloutTerms other) {
        return new Rollout(backoff, upgrade, unreachable, killSelection, other, onPartition);
    }

    /** The same with another way to deal with a partition. */
    public Rollout withOnPartition(OnPartition other) {
        return new Rollout(backoff, upgrade, unreachable, killSelection, terms, other);
    }
}
