package io.springtide.core.elasticity;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** How far a count may move within the periods of a policy's steps. */
final class StepLimits {

    private final Side up;
    private final Side down;

    StepLimits(ScalingPolicy policy, List<ScalingDecision> past) {
        this.up = new Side(policy.up());
        this.down = new Side(policy.down());
        for (ScalingDecision one : past) {
            if (!one.dryRun()) {
                note(one.atMs(), one.from());
                note(one.atMs(), one.to());
            }
        }
    }

    /** Takes note of a count. */
    void note(long atMs, int count) {
        up.note(atMs, count);
        down.note(atMs, count);
    }

    /** The count that is as near to {@code to} as the steps allow, having been told what is now. */
    int allow(int from, int to) {
        if (to > from) {
            return Math.clamp(up.highest(from), from, to);
        }
        return Math.clamp(down.lowest(from), to, from);
    }

    /** The steps of one direction, each with what the count was within its period. */
    private static final class Side {

        private final Behaviour behaviour;
        private final List<Extremes> seen = new ArrayList<>();

        Side(Behaviour behaviour) {
            this.behaviour = behaviour;
            behaviour.steps().forEach(step -> seen.add(new Extremes(step.periodMs())));
        }

        void note(long atMs, int count) {
            seen.forEach(one -> one.note(atMs, count));
        }

        /** Measured from the lowest count of the period: whatever came between, it rises by no more. */
        int highest(int from) {
            return switch (behaviour.select()) {
                case NONE -> from;
                case MOST -> tops().max().orElse(Integer.MAX_VALUE);
                case LEAST -> tops().min().orElse(Integer.MAX_VALUE);
            };
        }

        /** Likewise from the highest. */
        int lowest(int from) {
            return switch (behaviour.select()) {
                case NONE -> from;
                case MOST -> bottoms().min().orElse(0);
                case LEAST -> bottoms().max().orElse(0);
            };
        }

        private IntStream tops() {
            return IntStream.range(0, seen.size()).map(i -> {
                int low = seen.get(i).smallest();
                // Of nothing any share is nothing: one may come all the same.
                return low + Math.max(1, behaviour.steps().get(i).most(low));
            });
        }

        private IntStream bottoms() {
            return IntStream.range(0, seen.size()).map(i -> {
                int high = seen.get(i).largest();
                return high - behaviour.steps().get(i).most(high);
            });
        }
    }
}
