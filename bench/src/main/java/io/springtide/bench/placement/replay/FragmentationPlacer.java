package io.springtide.bench.placement.replay;

import io.springtide.core.placement.gpu.GpuDemand;
import io.springtide.core.placement.gpu.GpuFragmentation;
import org.jspecify.annotations.Nullable;

/**
 * Ours: the machine with the lowest score of {@link GpuFragmentation}, the first of several. Each
 * kind of pod has a tournament over all machines; before it is asked again, the machines that have
 * changed since play anew, and no others.
 */
final class FragmentationPlacer implements GpuPlacer {

    private final GpuTrace trace;
    private final GpuCluster cluster;
    private final GpuFragmentation scorer;
    private final @Nullable Tournament[] tournaments;
    private int devices;

    FragmentationPlacer(GpuTrace trace, GpuCluster cluster) {
        this.trace = trace;
        this.cluster = cluster;
        this.scorer = new GpuFragmentation(trace.mix());
        this.tournaments = new Tournament[trace.kinds().size()];
    }

    @Override
    public int place(int kind) {
        GpuDemand demand = trace.kinds().get(kind);
        Tournament tournament = tournaments[kind];
        if (tournament == null) {
            tournament = new Tournament(cluster.rows());
            tournaments[kind] = tournament;
            fill(tournament, demand);
        }
        for (int change = tournament.changesSeen; change < cluster.changes(); change++) {
            if (cluster.isLast(change)) {
                int row = cluster.changedRow(change);
                tournament.set(row, GpuFragmentation.score(cluster.best(scorer, demand, row)));
            }
        }
        tournament.changesSeen = cluster.changes();
        int winner = tournament.winner();
        if (winner != NONE) {
            devices = GpuFragmentation.devices(cluster.best(scorer, demand, winner));
        }
        return winner;
    }

    @Override
    public int devices() {
        return devices;
    }

    /** Scores all machines; a row of equal machines has one score. */
    private void fill(Tournament tournament, GpuDemand demand) {
        int score = 0;
        for (int row = 0; row < cluster.rows(); row++) {
            if (row == 0 || !cluster.same(row, row - 1)) {
                score = GpuFragmentation.score(cluster.best(scorer, demand, row));
            }
            tournament.put(row, score);
        }
        tournament.build();
        tournament.changesSeen = cluster.changes();
    }

    /** A tree of minima over scores without sign. */
    private static final class Tournament {

        private static final int NO_SCORE = GpuFragmentation.score(GpuFragmentation.NO_FIT);

        private final int leaves;
        /** Scores with the top bit turned over, so that the order is the one of signed numbers. */
        private final int[] tree;
        private int changesSeen;

        Tournament(int rows) {
            this.leaves = Math.max(2, Integer.highestOneBit(Math.max(1, rows - 1)) << 1);
            this.tree = new int[2 * leaves];
            for (int row = rows; row < leaves; row++) {
                put(row, NO_SCORE);
            }
        }

        void put(int row, int score) {
            tree[leaves + row] = score ^ Integer.MIN_VALUE;
        }

        void build() {
            for (int at = leaves - 1; at > 0; at--) {
                tree[at] = Math.min(tree[2 * at], tree[2 * at + 1]);
            }
        }

        void set(int row, int score) {
            put(row, score);
            for (int at = (leaves + row) >>> 1; at > 0; at >>>= 1) {
                int least = Math.min(tree[2 * at], tree[2 * at + 1]);
                if (tree[at] == least) {
                    break;
                }
                tree[at] = least;
            }
        }

        /** The first row with the lowest score. */
        int winner() {
            if (tree[1] == (NO_SCORE ^ Integer.MIN_VALUE)) {
                return NONE;
            }
            int at = 1;
            while (at < leaves) {
                at *= 2;
                if (tree[at] > tree[at + 1]) {
                    at++;
                }
            }
            return at - leaves;
        }
    }
}
