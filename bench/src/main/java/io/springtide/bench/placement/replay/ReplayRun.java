package io.springtide.bench.placement.replay;

import io.springtide.core.placement.gpu.GpuDemand;
import io.springtide.core.placement.gpu.GpuFragmentation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;

/**
 * One run: pods arrive one by one, none leaves, one that fits nowhere is dropped and counted as
 * pending.
 *
 * @param points the state at each percent of arrived GPU demand, from 0 on
 * @param decisionsPerSecond with all that the placer does, building its tables included
 */
record ReplayRun(List<Point> points, double decisionsPerSecond) {

    private static final int POINTS = Arrivals.PERCENT_MAX + 1;
    private static final double NANOS_PER_SECOND = 1e9;

    /**
     * The cluster at one moment.
     *
     * @param arrivedPercent GPU demand of all pods so far, as a part of the cluster's GPUs
     * @param allocatedPercent GPU given out
     * @param fragmentedPercent GPU that is idle and of no use, by {@link GpuFragmentation}
     * @param agentsUsed machines with at least one pod
     * @param pending pods that fitted nowhere so far
     */
    record Point(int arrivedPercent, double allocatedPercent, double fragmentedPercent,
            double agentsUsed, double pending) {

        static Point mean(List<Point> points) {
            return new Point(points.getFirst().arrivedPercent(),
                    mean(points, Point::allocatedPercent), mean(points, Point::fragmentedPercent),
                    mean(points, Point::agentsUsed), mean(points, Point::pending));
        }

        private static double mean(List<Point> points, ToDoubleFunction<Point> value) {
            return points.stream().mapToDouble(value).average().orElse(0);
        }
    }

    static ReplayRun of(GpuTrace trace, int seed,
            BiFunction<GpuTrace, GpuCluster, GpuPlacer> policy) {
        int[] arrivals = Arrivals.of(trace, seed);
        GpuCluster cluster = new GpuCluster(trace);
        GpuFragmentation measure = new GpuFragmentation(trace.mix());
        List<Point> points = new ArrayList<>(POINTS);
        long total = trace.gpuMilliTotal();
        long arrivedMilli = 0;
        int dropped = 0;
        long nanos = -System.nanoTime();
        GpuPlacer placer = policy.apply(trace, cluster);
        for (int kind : arrivals) {
            if (arrivedMilli * 100 >= total * points.size()) {
                nanos += System.nanoTime();
                sample(points, (int) (arrivedMilli * 100 / total), cluster, measure, dropped);
                nanos -= System.nanoTime();
            }
            GpuDemand demand = trace.kinds().get(kind);
            int row = placer.place(kind);
            if (row == GpuPlacer.NONE) {
                dropped++;
            } else {
                cluster.take(demand, row, placer.devices());
            }
            arrivedMilli += demand.gpuMilli();
        }
        nanos += System.nanoTime();
        sample(points, Arrivals.PERCENT_MAX, cluster, measure, dropped);
        return new ReplayRun(points, arrivals.length * NANOS_PER_SECOND / nanos);
    }

    /** Adds the point that was reached, and before it those that one big pod has jumped over. */
    private static void sample(List<Point> points, int percent, GpuCluster cluster,
            GpuFragmentation measure, int dropped) {
        double hundredth = cluster.gpuMilliTotal() / 100.0;
        double allocated = cluster.gpuMilliTaken() / hundredth;
        double fragmented = cluster.fragmentationMilli(measure) / hundredth;
        while (points.size() <= Math.min(percent, Arrivals.PERCENT_MAX)) {
            points.add(new Point(points.size(), allocated, fragmented, cluster.rowsUsed(),
                    dropped));
        }
    }

    Point at(int arrivedPercent) {
        return points.get(arrivedPercent);
    }

    /** The mean of several runs, point by point; the speed is the median. */
    static ReplayRun mean(List<ReplayRun> runs) {
        double[] speeds = runs.stream().mapToDouble(ReplayRun::decisionsPerSecond).sorted()
                .toArray();
        List<Point> means = new ArrayList<>(POINTS);
        for (int i = 0; i < POINTS; i++) {
            int percent = i;
            means.add(Point.mean(runs.stream().map(run -> run.at(percent)).toList()));
        }
        return new ReplayRun(means,
                (speeds[(speeds.length - 1) / 2] + speeds[speeds.length / 2]) / 2);
    }
}
