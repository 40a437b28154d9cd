package io.springtide.core.model;

import io.springtide.core.Check;
import java.util.List;

/**
 * How many agents said no to an instance, by first veto.
 *
 * @param agents how many were asked
 * @param counts one for each {@link Rejection}, in its order
 */
@SuppressWarnings("EnumOrdinal") // the order is fixed
public record Rejections(int agents, List<Integer> counts) {

    public static final Rejections NONE = new Rejections(0, new int[Rejection.values().length]);

    public Rejections {
        counts = List.copyOf(counts);
        Check.argument(counts.size() == Rejection.values().length, "one count for each rejection");
    }

    public Rejections(int agents, int[] counts) {
        this(agents, java.util.Arrays.stream(counts).boxed().toList());
    }

    public int count(Rejection rejection) {
        return counts.get(rejection.ordinal());
    }
}
