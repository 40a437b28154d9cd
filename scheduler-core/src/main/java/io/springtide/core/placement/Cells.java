package io.springtide.core.placement;

import io.springtide.core.model.Preferences;
import io.springtide.core.state.AgentTable;
import java.util.Arrays;
import java.util.List;
import org.agrona.collections.Long2LongHashMap;

/** The agents parted into cells: those of one cell are alike in all fields that matter. */
final class Cells {

    /** Each agent for itself; no attribute can be named so. */
    static final String ROW = "\u001frow";
    /** The rack, told apart from racks of the same name elsewhere. */
    static final String RACK = "\u001frack";
    /** The site, told apart from sites of the same name elsewhere. */
    static final String SITE = "\u001fsite";

    /** The field that tells agents apart that are not near to each other. */
    static String column(Preferences.Scope scope) {
        return switch (scope) {
            case HOST -> ROW;
            case RACK -> RACK;
            case SITE -> SITE;
        };
    }

    private static final long UNKNOWN = -1;

    private final int count;
    private final int[] cellOf;
    private final int[] starts;
    private final int[] rowAt;
    private final int[] roots;
    private final int[] leaves;
    private final int[] winners;
    private final int[] sites;
    private final int[] racks;

    Cells(AgentTable agents, List<Column> columns) {
        int rows = agents.rows();
        cellOf = new int[rows];
        int cells = 1;
        for (Column column : columns) {
            cells = split(agents, column);
        }
        count = cells;
        starts = new int[count + 1];
        for (int row = 0; row < rows; row++) {
            if (agents.present(row)) {
                starts[cellOf[row] + 1]++;
            } else {
                cellOf[row] = -1;
            }
        }
        for (int cell = 0; cell < count; cell++) {
            starts[cell + 1] += starts[cell];
        }
        int[] slotOf = new int[rows];
        rowAt = new int[starts[count]];
        int[] next = Arrays.copyOf(starts, count);
        for (int row = 0; row < rows; row++) {
            if (cellOf[row] >= 0) {
                int at = next[cellOf[row]]++;
                slotOf[row] = at - starts[cellOf[row]];
                rowAt[at] = row;
            }
        }
        roots = new int[rows];
        leaves = new int[rows];
        for (int at = 0; at < rowAt.length; at++) {
            int row = rowAt[at];
            roots[row] = 2 * starts[cellOf[row]];
            leaves[row] = size(cellOf[row]) + slotOf[row];
        }
        winners = new int[count];
        sites = new int[count];
        racks = new int[count];
        for (int cell = 0; cell < count; cell++) {
            // Behind all trees there is a place that nobody wins.
            winners[cell] = size(cell) == 0 ? 2 * rowAt.length : 2 * starts[cell] + 1;
            if (size(cell) > 0) {
                sites[cell] = agents.site(rowAt[starts[cell]]);
                racks[cell] = agents.rack(rowAt[starts[cell]]);
            }
        }
    }

    private int split(AgentTable agents, Column column) {
        Long2LongHashMap numbers = new Long2LongHashMap(UNKNOWN);
        int next = 0;
        for (int row = 0; row < cellOf.length; row++) {
            if (agents.present(row)) {
                long key = (long) cellOf[row] << Integer.SIZE | column.code(row) + 1L;
                long number = numbers.get(key);
                if (number == UNKNOWN) {
                    number = next++;
                    numbers.put(key, number);
                }
                cellOf[row] = (int) number;
            }
        }
        return next;
    }

    /** How many cells there are. */
    int count() {
        return count;
    }

    /** How many agents. */
    int agents() {
        return rowAt.length;
    }

    int cellOf(int row) {
        return cellOf[row];
    }

    /** Where the tree of the agent's cell begins, in an array of trees with two places an agent. */
    int root(int row) {
        return roots[row];
    }

    /** Where the winner of a cell stands in that array. */
    int winner(int cell) {
        return winners[cell];
    }

    /** The agent's leaf in the tree of its cell. */
    int leaf(int row) {
        return leaves[row];
    }

    /** The site of a cell; means something only if sites or racks are among the fields. */
    int site(int cell) {
        return sites[cell];
    }

    /** The rack of a cell; means something only if racks are among the fields. */
    int rack(int cell) {
        return racks[cell];
    }

    /** Where a cell's agents begin among all. */
    int start(int cell) {
        return starts[cell];
    }

    int size(int cell) {
        return starts[cell + 1] - starts[cell];
    }

    /** The agent at a place among all, cell after cell. */
    int rowAt(int place) {
        return rowAt[place];
    }
}
