package io.springtide.core.model;

import io.springtide.core.Check;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How many agents said no to an instance, by first veto.
 *
 * @param agents how many were asked
 * @param counts one for each {@link Rejection}, in its order
 * @param byConstraint of {@link Rejection#CONSTRAINT}, so many for each of the app's constraints
 * @param closest the agent that is short of least
 */
@SuppressWarnings("EnumOrdinal") // the order is fixed
public record Rejections(int agents, List<Integer> counts, List<Integer> byConstraint,
        Optional<Closest> closest) {

    /**
     * An agent that could nearly take an instance.
     *
     * @param missing of the resource that {@code reason} names, in its unit
     */
    public record Closest(String agent, Rejection reason, long missing) {}

    public static final Rejections NONE = new Rejections(0, new int[Rejection.values().length]);

    public Rejections {
        counts = List.copyOf(counts);
        byConstraint = List.copyOf(byConstraint);
        Check.argument(counts.size() == Rejection.values().length, "one count for each rejection");
    }

    public Rejections(int agents, int[] counts) {
        this(agents, boxed(counts), List.of(), Optional.empty());
    }

    public Rejections(int agents, int[] counts, int[] byConstraint, Optional<Closest> closest) {
        this(agents, boxed(counts), boxed(byConstraint), closest);
    }

    public int count(Rejection rejection) {
        return counts.get(rejection.ordinal());
    }

    private static List<Integer> boxed(int[] counts) {
        return Arrays.stream(counts).boxed().toList();
    }
}
