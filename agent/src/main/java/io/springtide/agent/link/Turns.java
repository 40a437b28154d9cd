package io.springtide.agent.link;

import java.util.List;
import java.util.random.RandomGenerator;

/** Whose turn it is among the masters, and how long to wait before it; owned by the link's thread. */
final class Turns {

    /** Between two masters of one round: enough that agents do not come to the next one all at once. */
    private static final long PAUSE_MS_MAX = 50;

    private final List<MasterAddress> masters;
    private final Backoff backoff;
    private final RandomGenerator random;
    private int turn;
    private int failed;

    Turns(List<MasterAddress> masters, Backoff backoff, RandomGenerator random) {
        this.masters = List.copyOf(masters);
        this.backoff = backoff;
        this.random = random;
    }

    MasterAddress master() {
        return masters.get(turn);
    }

    /**
     * A connection has ended.
     *
     * @param heard whether the master took part, and was not given up
     * @param reason what it said; if that names another of the masters, it is next
     * @return how long to wait before the next one, in ms
     */
    long over(boolean heard, String reason) {
        if (heard) {
            failed = 0;
            backoff.reset();
        }
        failed++;
        turn = next(reason);
        return failed % masters.size() == 0 ? backoff.nextMs() : random.nextLong(PAUSE_MS_MAX + 1);
    }

    private int next(String reason) {
        for (int i = 0; i < masters.size(); i++) {
            if (i != turn && named(reason, masters.get(i).toString())) {
                return i;
            }
        }
        return (turn + 1) % masters.size();
    }

    /** As a whole word: one address may be the beginning of another. */
    private static boolean named(String reason, String address) {
        for (String word : reason.split("[\\s;,]+", -1)) {
            if (word.equals(address)) {
                return true;
            }
        }
        return false;
    }
}
