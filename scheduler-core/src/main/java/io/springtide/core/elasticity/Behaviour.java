package io.springtide.core.elasticity;

import java.util.List;

/**
 * How fast a count may move in one direction.
 *
 * @param stabilisationMs a move goes no further than what was recommended all this time; 0 = at once
 * @param steps how far it may go within periods; none = as far as it likes
 * @param select which of several steps counts
 */
public record Behaviour(long stabilisationMs, List<Step> steps, Select select) {

    /** Up: at once, and as far as it takes. */
    public static final Behaviour UP = new Behaviour(0, List.of(), Select.MOST);

    /** Down: no lower than what has been recommended at any time within five minutes. */
    public static final Behaviour DOWN = new Behaviour(300_000, List.of(), Select.MOST);

    public Behaviour {
        steps = List.copyOf(steps);
    }

    /** Which of several steps counts. The order is part of the journal's format. */
    public enum Select {
        /** The one that lets it go furthest. */
        MOST,
        /** The one that lets it go least far: all are kept. */
        LEAST,
        /** None: it does not move in this direction. */
        NONE
    }

    /** What a step counts. The order is part of the journal's format. */
    public enum Unit {
        INSTANCES,
        /** Of the count that the period began with, rounded up. */
        PERCENT
    }

    /**
     * At most so much within any period.
     *
     * @param amount instances, or percent
     */
    public record Step(Unit unit, int amount, long periodMs) {

        /** By how many instances a count may have moved away from {@code from}. */
        int most(int from) {
            return unit == Unit.INSTANCES
                    ? amount
                    : (int) Math.min(Integer.MAX_VALUE / 2, ((long) from * amount + 99) / 100);
        }
    }
}
