package io.springtide.core.placement;

import io.springtide.core.state.AgentTable;

/**
 * Levels the app's instances over sites, within a site over racks, within a rack over agents; among
 * equals the emptiest agent. Each cell is a rack; the racks of a site stand in a heap, so that an
 * instance costs the logarithm of the number of racks and of the agents in one.
 */
final class Levels implements Chooser {

    private final Standing standing;
    private final Neighbourhood around;
    private final Cells cells;
    private final int[][] heaps;
    private final int[] sizes;
    private final long[] countKey;
    private final long[] agentKey;

    Levels(Standing standing, Neighbourhood around, AgentTable agents) {
        this.standing = standing;
        this.around = around;
        this.cells = standing.cells();
        this.countKey = new long[cells.count()];
        this.agentKey = new long[cells.count()];
        this.sizes = new int[agents.siteCount()];
        for (int cell = 0; cell < cells.count(); cell++) {
            if (cells.size(cell) > 0) {
                sizes[cells.site(cell)]++;
            }
        }
        this.heaps = new int[sizes.length][];
        for (int site = 0; site < sizes.length; site++) {
            heaps[site] = new int[sizes[site]];
            sizes[site] = 0;
        }
        for (int cell = 0; cell < cells.count(); cell++) {
            read(cell);
            if (agentKey[cell] != Tournament.OUT) {
                heaps[cells.site(cell)][sizes[cells.site(cell)]++] = cell;
            }
        }
        for (int site = 0; site < sizes.length; site++) {
            for (int at = sizes[site] / 2 - 1; at >= 0; at--) {
                sink(site, at);
            }
        }
    }

    @Override
    public int next() {
        int best = NONE;
        long bestCount = Long.MAX_VALUE;
        for (int site = 0; site < sizes.length; site++) {
            settle(site);
            if (sizes[site] > 0) {
                int cell = heaps[site][0];
                long count = around.onSite(site);
                if (count < bestCount || (count == bestCount && before(cell, best))) {
                    bestCount = count;
                    best = cell;
                }
            }
        }
        return best == NONE ? NONE : Standing.row(agentKey[best]);
    }

    @Override
    public void placed(int row) {
        // The rack's key has changed; next() finds that out at the top of the heap.
    }

    /** A rack's key only rises, so that the top is right once its own key is. */
    private void settle(int site) {
        while (sizes[site] > 0) {
            int top = heaps[site][0];
            long count = countKey[top];
            long agent = agentKey[top];
            read(top);
            if (count == countKey[top] && agent == agentKey[top]) {
                return;
            }
            if (agentKey[top] == Tournament.OUT) {
                heaps[site][0] = heaps[site][--sizes[site]];
            }
            sink(site, 0);
        }
    }

    private void read(int cell) {
        agentKey[cell] = standing.best(cell);
        countKey[cell] = around.onRack(cells.rack(cell));
    }

    private boolean before(int cell, int other) {
        return countKey[cell] < countKey[other]
                || (countKey[cell] == countKey[other] && agentKey[cell] < agentKey[other]);
    }

    private void sink(int site, int from) {
        int[] heap = heaps[site];
        int size = sizes[site];
        int at = from;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                return;
            }
            if (child + 1 < size && before(heap[child + 1], heap[child])) {
                child++;
            }
            if (!before(heap[child], heap[at])) {
                return;
            }
            int moved = heap[at];
            heap[at] = heap[child];
            heap[child] = moved;
            at = child;
        }
    }
}
