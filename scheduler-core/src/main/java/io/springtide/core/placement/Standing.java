package io.springtide.core.placement;

import java.util.function.IntPredicate;

/**
 * All agents in the order in which a shape wants them, kept up as they change. The standing of an
 * agent depends on that agent alone, so that it is worked out anew only when the agent has changed;
 * what depends on where the app's other instances are is laid over it for the time of one call.
 *
 * <p>A key is, from its highest bit: the points or the number of the app's instances on the agent, the
 * score, the row. The lowest key wins.
 */
final class Standing {

    private static final int ROW_BITS = 21;
    private static final int SCORE_BITS = 32;
    private static final int COUNT_SHIFT = ROW_BITS + SCORE_BITS;
    private static final int COUNT_MAX = 1_023;
    /** With points there is less room for the score: its upper half decides. */
    private static final int SCORE_DROPPED = 16;
    private static final int POINTS_SHIFT = COUNT_SHIFT - SCORE_DROPPED;
    private static final long POINTS_MAX = (1L << (Long.SIZE - 1 - POINTS_SHIFT)) - 1;
    private static final long REST_MASK = (1L << POINTS_SHIFT) - 1;
    private static final long ROW_MASK = (1L << ROW_BITS) - 1;

    /** Above this part of the agents it is cheaper to begin anew than to follow. */
    private static final int FOLLOW_PART = 4;

    private final Offers offers;
    private final Demand demand;
    private final Scorer scorer;
    private final Cells cells;
    private final Tournament tournament;
    private final IntPredicate admitted;
    private final int[] penalty;
    private final boolean points;
    private final Candidates candidates;
    private int followed = -1;

    /**
     * @param penalty points of each agent for preferences that it does not meet; empty if there are none
     */
    Standing(Offers offers, Demand demand, Scorer scorer, Cells cells, IntPredicate admitted,
            boolean points, int[] penalty, Candidates candidates) {
        this.candidates = candidates;
        this.offers = offers;
        this.demand = demand;
        this.scorer = scorer;
        this.cells = cells;
        this.admitted = admitted;
        this.points = points;
        this.penalty = penalty;
        this.tournament = new Tournament(cells);
    }

    Demand demand() {
        return demand;
    }

    Scorer scorer() {
        return scorer;
    }

    Cells cells() {
        return cells;
    }

    Candidates candidates() {
        return candidates;
    }

    boolean admits(int row) {
        return admitted.test(row);
    }

    /** The lowest key in a cell, or {@link Tournament#OUT}. */
    long best(int cell) {
        return tournament.best(cell);
    }

    static int row(long key) {
        return (int) (key & ROW_MASK);
    }

    /** The points in a key; 0 where none are counted. */
    long points(long key) {
        return points ? key >>> POINTS_SHIFT : 0;
    }

    /** What of a key decides where points are equal. */
    long rest(long key) {
        return points ? key & REST_MASK : key;
    }

    /** Takes in every change since the last call. Returns how many agents were looked at. */
    int follow() {
        int behind = offers.changeCount() - followed;
        int from = followed;
        followed = offers.changeCount();
        if (from < 0 || behind > cells.agents() / FOLLOW_PART) {
            for (int place = 0; place < cells.agents(); place++) {
                int row = cells.rowAt(place);
                tournament.put(row, key(row, 0));
            }
            tournament.build();
            return cells.agents();
        }
        for (int i = from; i < followed; i++) {
            int row = offers.change(i);
            tournament.set(row, key(row, 0));
        }
        return behind;
    }

    /** The changes so far are of our own making and taken care of. */
    void followed() {
        followed = offers.changeCount();
    }

    /** The next {@link #follow} begins anew. */
    void forget() {
        followed = -1;
    }

    /** Works out where an agent stands, with points or instances laid over. */
    void update(int row, long over) {
        tournament.set(row, key(row, over));
    }

    /** Takes an agent out until it is updated. */
    void exclude(int row) {
        tournament.set(row, Tournament.OUT);
    }

    private long key(int row, long over) {
        if (!admitted.test(row) || !offers.fits(row, demand)) {
            return Tournament.OUT;
        }
        long score = scorer.score(offers.window(row), demand.resources);
        if (points) {
            long sum = Math.min(POINTS_MAX, over + (penalty.length == 0 ? 0 : penalty[row]));
            return (sum << POINTS_SHIFT) | (score >>> SCORE_DROPPED << ROW_BITS) | row;
        }
        return (Math.min(COUNT_MAX, over) << COUNT_SHIFT) | (score << ROW_BITS) | row;
    }
}
