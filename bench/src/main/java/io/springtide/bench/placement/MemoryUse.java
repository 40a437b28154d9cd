package io.springtide.bench.placement;

import io.springtide.bench.placement.engine.FilledCluster;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A million instances in the core's state: how long until all are placed, and what each costs in heap. Heap
 * is what is in use after full collections, with the instances less without them; the agents are there in
 * both.
 *
 * @param seconds median of the runs
 * @param heapBytesEach median of the runs
 */
record MemoryUse(int machines, int instances, int runs, double seconds, double heapBytesEach) {

    private static final int COLLECTIONS = 3;

    static MemoryUse measure(int machines, int instances, int runs, Consumer<String> progress) {
        List<Double> seconds = new ArrayList<>();
        List<Double> bytes = new ArrayList<>();
        // One more than asked for: the first is for the JIT.
        for (int run = 0; run <= runs; run++) {
            progress.accept("memory: " + instances + " instances on " + machines
                    + " machines, run " + run + "/" + runs);
            FilledCluster cluster = new FilledCluster(machines, instances);
            long before = heapUsed();
            long nanos = cluster.fill();
            long after = heapUsed();
            // Last, so that the cluster is still held when its heap is looked at.
            cluster.requireFull();
            if (run > 0) {
                seconds.add(nanos / 1e9);
                bytes.add((double) (after - before) / instances);
            }
        }
        return new MemoryUse(machines, instances, runs, median(seconds), median(bytes));
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    private static long heapUsed() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            least = Math.min(least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }
}
