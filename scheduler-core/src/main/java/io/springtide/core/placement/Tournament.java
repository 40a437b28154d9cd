package io.springtide.core.placement;

import java.util.Arrays;

/**
 * The best agent of each cell, kept up while single agents change: one small tournament tree a cell,
 * all of them in one array. A change costs the logarithm of the cell's size, the winner nothing.
 */
final class Tournament {

    /** The key of an agent that takes part no more. */
    static final long OUT = Long.MAX_VALUE;

    private final Cells cells;
    private final long[] tree;

    Tournament(Cells cells) {
        this.cells = cells;
        this.tree = new long[2 * cells.agents() + 1];
        Arrays.fill(tree, OUT);
    }

    /** The lowest key in a cell, or {@link #OUT}. */
    long best(int cell) {
        return tree[cells.winner(cell)];
    }

    /** Sets a key without choosing winners anew; {@link #build} does that for all. */
    void put(int row, long key) {
        tree[cells.root(row) + cells.leaf(row)] = key;
    }

    void build() {
        for (int cell = 0; cell < cells.count(); cell++) {
            int base = 2 * cells.start(cell);
            for (int node = cells.size(cell) - 1; node >= 1; node--) {
                tree[base + node] = Math.min(tree[base + 2 * node], tree[base + 2 * node + 1]);
            }
        }
    }

    /** Sets the key of an agent and chooses the winners above it anew. */
    void set(int row, long key) {
        int base = cells.root(row);
        int node = cells.leaf(row);
        tree[base + node] = key;
        for (node >>= 1; node >= 1; node >>= 1) {
            long winner = Math.min(tree[base + 2 * node], tree[base + 2 * node + 1]);
            if (tree[base + node] == winner) {
                return;
            }
            tree[base + node] = winner;
        }
    }
}
