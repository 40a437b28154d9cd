package io.springtide.core.elasticity;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How many instances an app is to have, and why.
 *
 * @param from how many there were to be
 * @param count how many there are to be now
 * @param frozen it does not shrink, since something that is to be measured cannot be believed
 * @param winner what has asked for most; empty if nothing could say anything
 * @param recommendations of everything in the policy
 * @param sentence for people: what was seen, and what keeps the count from being that
 */
public record Verdict(int from, int count, boolean frozen, Optional<Recommendation> winner,
        List<Recommendation> recommendations, String sentence) {

    /** Where a count goes. */
    public enum Direction {
        UP, DOWN, STAY
    }

    public Verdict {
        recommendations = List.copyOf(recommendations);
    }

    public Direction direction() {
        if (count == from) {
            return Direction.STAY;
        }
        return count > from ? Direction.UP : Direction.DOWN;
    }

    /** The reason to keep with the change. */
    public ScalingReason reason() {
        TreeMap<String, String> numbers = new TreeMap<>();
        for (Recommendation one : recommendations) {
            numbers.put(one.path(), one.count().isPresent()
                    ? one.count().getAsInt() + ": " + one.note()
                    : one.note());
        }
        String kind = winner.map(Recommendation::kind).orElse(ScalingReason.LIMITS);
        return ScalingReason.cut(kind, sentence, numbers);
    }
}
