package io.springtide.core.placement;

import io.springtide.core.state.AgentTable;
import java.util.List;

/**
 * Looks at the best agent of every cell and takes the one that costs least. Simple, and open to any
 * mixture of rules and wishes; there are few cells unless somebody groups by host.
 */
final class AnyCell implements Chooser {

    private final Standing standing;
    private final Cells cells;
    private final Wishes wishes;
    private final Neighbourhood around;
    private final List<PlacedConstraint.Group> groups;
    private final int[] site;
    private final int[] rack;
    private final int[][] codes;

    AnyCell(Standing standing, Wishes wishes, Neighbourhood around,
            List<PlacedConstraint.Group> groups, AgentTable agents) {
        this.standing = standing;
        this.cells = standing.cells();
        this.wishes = wishes;
        this.around = around;
        this.groups = groups;
        this.site = new int[cells.count()];
        this.rack = new int[cells.count()];
        this.codes = new int[groups.size()][cells.count()];
        for (int cell = 0; cell < cells.count(); cell++) {
            if (cells.size(cell) > 0) {
                int row = cells.rowAt(cells.start(cell));
                site[cell] = agents.site(row);
                rack[cell] = agents.rack(row);
                for (int group = 0; group < codes.length; group++) {
                    codes[group][cell] = groups.get(group).code(row);
                }
            }
        }
    }

    @Override
    public int next() {
        long bestKey = Tournament.OUT;
        long bestCost = Long.MAX_VALUE;
        for (int cell = 0; cell < site.length; cell++) {
            long key = standing.best(cell);
            if (key == Tournament.OUT || !open(cell)) {
                continue;
            }
            long cost = standing.points(key);
            if (wishes.places()) {
                cost += wishes.siteUnit() * around.onSite(site[cell])
                        + wishes.rackUnit() * around.onRack(rack[cell]);
            }
            if (cost < bestCost || (cost == bestCost && key < bestKey)) {
                bestCost = cost;
                bestKey = key;
            }
        }
        return bestKey == Tournament.OUT ? NONE : Standing.row(bestKey);
    }

    @Override
    public void placed(int row) {
        // Everything is read anew each time.
    }

    private boolean open(int cell) {
        for (int group = 0; group < codes.length; group++) {
            int code = codes[group][cell];
            if (code == Column.NONE || !groups.get(group).open(code)) {
                return false;
            }
        }
        return true;
    }
}
