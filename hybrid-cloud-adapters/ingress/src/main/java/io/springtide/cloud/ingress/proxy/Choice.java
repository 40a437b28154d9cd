package io.springtide.cloud.ingress.proxy;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the endpoint of a request, for one event loop. Least connections among few equals looks at all
 * of them. Among many, or if weights differ, it draws two by weight and takes the one that is less busy
 * for its weight: that costs the same for ten thousand endpoints, keeps the shares of versions while
 * there is little to do, and evens out a load nearly as well. One thread.
 */
final class Choice {

    /** Up to so many are looked at one by one. */
    private static final int FEW = 16;

    private static final int DRAWS_MAX = 8;

    private final int lane;
    private final int linesMax;
    private final SplittableRandom random;

    Choice(int lane, int linesMax, long seed) {
        this.lane = lane;
        this.linesMax = linesMax;
        this.random = new SplittableRandom(seed);
    }

    /** Where a service's turn is. */
    static final class Turn {
        private @Nullable Roster roster;
        private double[] credits = new double[0];
        private int next;
    }

    /**
     * The endpoint that takes the next request.
     *
     * @param client its address, for those bound to it
     * @param not one that has just failed
     * @return null if none may be asked now
     */
    @Nullable
    Target any(Roster roster, Turn turn, String client, @Nullable Target not, long now) {
        if (roster.open.length == 0) {
            return null;
        }
        Target chosen = switch (roster.rules.balance()) {
            case LEAST_CONNECTIONS -> leastConnections(roster, not, now);
            case ROUND_ROBIN -> roundRobin(roster, turn, not, now);
            case SOURCE -> source(roster, client, not, now);
        };
        return chosen != null ? chosen : atNeed(roster.open, not);
    }

    /** The least busy one of some, whatever their weights. */
    @Nullable
    Target of(Target[] some, @Nullable Target not, long now) {
        Target best = null;
        int start = some.length == 0 ? 0 : random.nextInt(some.length);
        for (int i = 0; i < some.length; i++) {
            Target each = some[(start + i) % some.length];
            if (each != not && admits(each, now)
                    && (best == null || each.inFlight.get() < best.inFlight.get())) {
                best = each;
            }
        }
        return best != null ? best : atNeed(some, not);
    }

    boolean admits(Target target, long now) {
        return target.lanes[lane].admits(now, linesMax);
    }

    private @Nullable Target leastConnections(Roster roster, @Nullable Target not, long now) {
        Target[] open = roster.open;
        Roster.Weights weights = roster.weights(now);
        if (!weights.equal || open.length > FEW) {
            return ofTwo(open, weights, not, now);
        }
        Target best = null;
        int fewest = Integer.MAX_VALUE;
        int at = open.length == 1 ? 0 : random.nextInt(open.length);
        for (int i = 0; i < open.length; i++) {
            Target each = open[at];
            at = at + 1 == open.length ? 0 : at + 1;
            int busy = each.inFlight.get();
            if (busy < fewest && each != not && admits(each, now)) {
                fewest = busy;
                best = each;
            }
        }
        return best;
    }

    private @Nullable Target ofTwo(Target[] open, Roster.Weights weights, @Nullable Target not,
            long now) {
        int first = -1;
        for (int draw = 0; draw < DRAWS_MAX; draw++) {
            int i = draw(weights);
            if (i == first || open[i] == not || !admits(open[i], now)) {
                continue;
            }
            if (first < 0) {
                first = i;
                // Nothing can be less busy.
                if (open[i].inFlight.get() == 0) {
                    return open[i];
                }
            } else {
                return busy(open[i], weights, i) < busy(open[first], weights, first)
                        ? open[i]
                        : open[first];
            }
        }
        return first >= 0 ? open[first] : next(open, random.nextInt(open.length), not, now);
    }

    private static double busy(Target target, Roster.Weights weights, int i) {
        return target.inFlight.get() / weights.each[i];
    }

    private int draw(Roster.Weights weights) {
        double[] upTo = weights.upTo;
        int i = Arrays.binarySearch(upTo, random.nextDouble() * upTo[upTo.length - 1]);
        return Math.min(upTo.length - 1, i >= 0 ? i + 1 : -i - 1);
    }

    /** Each gets credit by its weight when its turn comes, and a request when the credit is a whole one. */
    private @Nullable Target roundRobin(Roster roster, Turn turn, @Nullable Target not, long now) {
        Target[] open = roster.open;
        if (turn.roster != roster) {
            turn.roster = roster;
            turn.credits = new double[open.length];
            // Loops and tables do not all begin with the first.
            turn.next = random.nextInt(open.length);
        }
        Roster.Weights weights = roster.weights(now);
        for (int i = 0; i < 2 * open.length; i++) {
            int at = turn.next;
            turn.next = at + 1 == open.length ? 0 : at + 1;
            turn.credits[at] = Math.min(2, turn.credits[at] + weights.each[at] / weights.heaviest);
            if (turn.credits[at] >= 1 - 1e-9 && open[at] != not && admits(open[at], now)) {
                turn.credits[at] -= 1;
                return open[at];
            }
        }
        return next(open, turn.next, not, now);
    }

    /** The highest number that client and endpoint make together: few clients move when one comes or goes. */
    private @Nullable Target source(Roster roster, String client, @Nullable Target not, long now) {
        double[] each = roster.weights(now).each;
        long hash = client.hashCode() * 0x9E3779B97F4A7C15L;
        Target best = null;
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < roster.open.length; i++) {
            Target target = roster.open[i];
            long mixed = mix(hash ^ mix(target.instance));
            double uniform = ((mixed >>> 11) + 1) * 0x1.0p-53;
            double score = Math.log(uniform) / each[i];
            if (score > highest && target != not && admits(target, now)) {
                highest = score;
                best = target;
            }
        }
        return best;
    }

    private @Nullable Target next(Target[] open, int start, @Nullable Target not, long now) {
        for (int i = 0; i < open.length; i++) {
            Target each = open[(start + i) % open.length];
            if (each != not && admits(each, now)) {
                return each;
            }
        }
        return null;
    }

    /** All are out: then those that did answer, if only with 5xx. */
    private @Nullable Target atNeed(Target[] some, @Nullable Target not) {
        int start = some.length == 0 ? 0 : random.nextInt(some.length);
        for (int i = 0; i < some.length; i++) {
            Target each = some[(start + i) % some.length];
            if (each != not && each.lanes[lane].admitsAtNeed(linesMax)) {
                return each;
            }
        }
        return null;
    }

    private static long mix(long value) {
        long z = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
