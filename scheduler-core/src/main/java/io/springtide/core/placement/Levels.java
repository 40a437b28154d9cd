package io.springtide.core.placement;

import io.springtide.core.state.AgentTable;
import java.util.Arrays;
import java.util.List;

/**
 * Levels the app's instances over sites, within a site over racks, within a rack over agents; among
 * equals the emptiest agent. Each cell is a rack. Those racks of a site that have fewest instances wait
 * in a line, the one with the best agent first; when all of them have been served, those that have
 * fewest then form the next line. An instance costs the sorting of its place in a line and the
 * logarithm of the number of agents in a rack.
 */
final class Levels implements Chooser {

    private final Standing standing;
    private final Cells cells;
    private final Neighbourhood around;
    private final List<PlacedConstraint.Group> groups;
    private final Line[] lines;

    /**
     * @param groups constraints that level over sites or regions, if any
     */
    Levels(Standing standing, Neighbourhood around, List<PlacedConstraint.Group> groups,
            AgentTable agents) {
        this.groups = groups;
        this.standing = standing;
        this.cells = standing.cells();
        this.around = around;
        int[] racks = new int[agents.siteCount()];
        for (int cell = 0; cell < cells.count(); cell++) {
            if (cells.size(cell) > 0) {
                racks[cells.site(cell)]++;
            }
        }
        lines = new Line[racks.length];
        for (int site = 0; site < racks.length; site++) {
            lines[site] = new Line(racks[site]);
        }
        for (int cell = 0; cell < cells.count(); cell++) {
            if (cells.size(cell) > 0) {
                lines[cells.site(cell)].add(cell);
            }
        }
    }

    @Override
    public int next() {
        long best = Tournament.OUT;
        int bestOnSite = 0;
        int bestOnRack = 0;
        for (int site = 0; site < lines.length; site++) {
            long key = lines[site].first();
            if (key == Tournament.OUT || !open(Standing.row(key))) {
                continue;
            }
            int onSite = around.onSite(site);
            int onRack = lines[site].level;
            if (best == Tournament.OUT || onSite < bestOnSite || (onSite == bestOnSite
                    && (onRack < bestOnRack || (onRack == bestOnRack && key < best)))) {
                best = key;
                bestOnSite = onSite;
                bestOnRack = onRack;
            }
        }
        return best == Tournament.OUT ? NONE : Standing.row(best);
    }

    @Override
    public void placed(int row) {
        // The rack has one more now: it is found out of line when its turn comes.
    }

    private boolean open(int row) {
        for (int i = 0; i < groups.size(); i++) {
            if (!groups.get(i).admits(row)) {
                return false;
            }
        }
        return true;
    }

    /** The racks of one site. */
    private final class Line {

        private final int[] racks;
        /** Keys of the best agents of the racks in line, the best first; they name their racks. */
        private final long[] keys;
        private int known;
        private int size;
        private int at;
        private int level = -1;

        Line(int capacity) {
            racks = new int[capacity];
            keys = new long[capacity];
        }

        void add(int cell) {
            racks[known++] = cell;
        }

        /** The key of the best agent in the first rack of the line, or {@link Tournament#OUT}. */
        long first() {
            while (true) {
                if (at == size && !formAnew()) {
                    return Tournament.OUT;
                }
                long key = keys[at];
                int cell = cells.cellOf(Standing.row(key));
                long now = standing.best(cell);
                boolean inLine = around.onRack(cells.rack(cell)) == level;
                if (inLine && now == key) {
                    return key;
                }
                if (inLine && now != Tournament.OUT) {
                    moveBack(now);
                } else {
                    at++;
                }
            }
        }

        /** Its best agent was taken out by a constraint: the rack waits with its next one. */
        private void moveBack(long key) {
            int place = at;
            while (place + 1 < size && keys[place + 1] < key) {
                keys[place] = keys[place + 1];
                place++;
            }
            keys[place] = key;
        }

        private boolean formAnew() {
            int fewest = Integer.MAX_VALUE;
            at = 0;
            size = 0;
            for (int i = 0; i < known; i++) {
                long key = standing.best(racks[i]);
                int count = around.onRack(cells.rack(racks[i]));
                if (key == Tournament.OUT || count > fewest) {
                    continue;
                }
                if (count < fewest) {
                    fewest = count;
                    size = 0;
                }
                keys[size++] = key;
            }
            level = fewest;
            Arrays.sort(keys, 0, size);
            return size > 0;
        }
    }
}
