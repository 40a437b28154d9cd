package io.springtide.core.placement;

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
    private final int[][] codes;

    AnyCell(Standing standing, Wishes wishes, Neighbourhood around,
            List<PlacedConstraint.Group> groups) {
        this.standing = standing;
        this.cells = standing.cells();
        this.wishes = wishes;
        this.around = around;
        this.groups = groups;
        this.codes = new int[groups.size()][];
        for (int group = 0; group < codes.length; group++) {
            codes[group] = new int[cells.count()];
            for (int cell = 0; cell < cells.count(); cell++) {
                codes[group][cell] = cells.size(cell) == 0
                        ? Column.NONE
                        : groups.get(group).code(cells.rowAt(cells.start(cell)));
            }
        }
    }

    @Override
    public int next() {
        long bestKey = Tournament.OUT;
        long bestCost = Long.MAX_VALUE;
        for (int cell = 0; cell < cells.count(); cell++) {
            long key = standing.best(cell);
            if (key == Tournament.OUT || !open(cell)) {
                continue;
            }
            long cost = standing.points(key);
            if (wishes.places()) {
                cost += wishes.siteUnit() * around.onSite(cells.site(cell))
                        + wishes.rackUnit() * around.onRack(cells.rack(cell));
            }
            if (cost < bestCost || (cost == bestCost && standing.rest(key) < standing.rest(bestKey))) {
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
