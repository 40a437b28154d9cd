package io.springtide.core.placement;

import java.util.Arrays;

/**
 * Fills the fullest agent first, then the next: few agents in use, whole ones left free. Ties go to
 * the lowest row.
 */
final class Binpack implements Ranking {

    private static final int ROW_BITS = 32;

    private final long[] order;
    private int at;

    Binpack(Offers offers, int[] room) {
        long[] keys = new long[room.length];
        int count = 0;
        for (int row = 0; row < room.length; row++) {
            if (room[row] > 0) {
                keys[count++] = (long) (0xFFFF - offers.load(row)) << ROW_BITS | row;
            }
        }
        order = Arrays.copyOf(keys, count);
        Arrays.sort(order);
    }

    @Override
    public int next() {
        return at < order.length ? (int) order[at] : NONE;
    }

    @Override
    public void placed(int row, int more) {
        if (more == 0) {
            at++;
        }
    }
}
