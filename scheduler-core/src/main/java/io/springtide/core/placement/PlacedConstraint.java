package io.springtide.core.placement;

import io.springtide.core.model.Constraint;
import java.util.BitSet;

/**
 * A constraint that depends on where the app's other instances are. Counts them as they are placed.
 * Source: Marathon's constraints.
 */
sealed interface PlacedConstraint {

    /** What forbids it is no constraint but an affinity of the app to itself. */
    int AFFINITY = -1;

    /** The constraint's place among those of the app, or {@link #AFFINITY}. */
    int index();

    /** Whether the agent may take one more. */
    boolean admits(int row);

    /** An instance is on the agent. */
    void count(int row);

    /** At most so many for each value: UNIQUE, MAX_PER, and keeping away from oneself. */
    final class Limit implements PlacedConstraint {

        private final int index;
        private final Column column;
        private final int most;
        private final int[] counts;

        Limit(int index, Column column, int most) {
            this.index = index;
            this.column = column;
            this.most = most;
            this.counts = new int[column.size()];
        }

        @Override
        public int index() {
            return index;
        }

        @Override
        public boolean admits(int row) {
            int code = column.code(row);
            return code != Column.NONE && counts[code] < most;
        }

        @Override
        public void count(int row) {
            int code = column.code(row);
            if (code != Column.NONE) {
                counts[code]++;
            }
        }

        /** Names all agents that share this one's value, if it may have no more. */
        void exclude(int row, Column.RowConsumer exclusion) {
            int code = column.code(row);
            if (code != Column.NONE && counts[code] >= most) {
                column.rows(code, exclusion);
            }
        }
    }

    /** All on one value: CLUSTER, and staying near oneself. */
    final class Same implements PlacedConstraint {

        private final int index;
        private final Column column;
        private int code = Column.NONE;

        Same(int index, Column column) {
            this.index = index;
            this.column = column;
        }

        @Override
        public int index() {
            return index;
        }

        Column column() {
            return column;
        }

        /** Whether the value is still to be chosen. */
        boolean open() {
            return code == Column.NONE;
        }

        void choose(int newCode) {
            code = newCode;
        }

        @Override
        public boolean admits(int row) {
            return column.code(row) != Column.NONE && (open() || column.code(row) == code);
        }

        @Override
        public void count(int row) {
            if (open()) {
                code = column.code(row);
            }
        }
    }

    /**
     * Level over the values: GROUP_BY. A value is open if it has no instance yet, or if it has as few as
     * any value that an agent in question has, and at least the wanted number of values is in use.
     */
    final class Group implements PlacedConstraint {

        private final int index;
        private final Column column;
        private final boolean ofSites;
        private final int valuesMin;
        private final int[] counts;
        private final BitSet values = new BitSet();
        private int inUse;
        private int fewest;
        private int atFewest;

        Group(int index, Column column, Constraint rule) {
            this.index = index;
            this.column = column;
            this.ofSites = rule.field().equals(Constraint.ZONE)
                    || rule.field().equals(Constraint.REGION);
            this.valuesMin = rule.count();
            this.counts = new int[column.size()];
        }

        @Override
        public int index() {
            return index;
        }

        int code(int row) {
            return column.code(row);
        }

        /** Whether all agents of a site have the same value. */
        boolean ofSites() {
            return ofSites;
        }

        /** The value of this agent is one of those to be kept level. Called before any count. */
        void enlist(int row) {
            int code = column.code(row);
            if (code != Column.NONE && !values.get(code)) {
                values.set(code);
                atFewest++;
            }
        }

        @Override
        public boolean admits(int row) {
            return column.code(row) != Column.NONE && open(column.code(row));
        }

        boolean open(int code) {
            return counts[code] == 0 || (inUse >= valuesMin && counts[code] <= fewest);
        }

        @Override
        public void count(int row) {
            int code = column.code(row);
            if (code == Column.NONE) {
                return;
            }
            inUse += counts[code] == 0 ? 1 : 0;
            boolean wasFewest = values.get(code) && counts[code] == fewest;
            counts[code]++;
            if (wasFewest && --atFewest == 0) {
                recount();
            }
        }

        private void recount() {
            fewest = Integer.MAX_VALUE;
            for (int code = values.nextSetBit(0); code >= 0; code = values.nextSetBit(code + 1)) {
                if (counts[code] < fewest) {
                    fewest = counts[code];
                    atFewest = 0;
                }
                atFewest += counts[code] == fewest ? 1 : 0;
            }
        }
    }
}
