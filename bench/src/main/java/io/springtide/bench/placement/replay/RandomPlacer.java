package io.springtide.bench.placement.replay;

import io.springtide.core.placement.gpu.GpuDemand;
import java.util.SplittableRandom;

/** The published reference "Random": any machine with room, and there any device with room. */
final class RandomPlacer implements GpuPlacer {

    private final GpuTrace trace;
    private final GpuCluster cluster;
    private final SplittableRandom random;
    private int devices;

    RandomPlacer(GpuTrace trace, GpuCluster cluster, int seed) {
        this.trace = trace;
        this.cluster = cluster;
        this.random = new SplittableRandom(seed);
    }

    @Override
    public int place(int kind) {
        GpuDemand demand = trace.kinds().get(kind);
        int best = NONE;
        int fitting = 0;
        for (int row = 0; row < cluster.rows(); row++) {
            // The n-th that fits takes the place of the one kept with a chance of 1 in n.
            if (cluster.fits(demand, row) && random.nextInt(++fitting) == 0) {
                best = row;
            }
        }
        if (best != NONE) {
            devices = Devices.choose(cluster, demand, best, device -> random.nextInt());
        }
        return best;
    }

    @Override
    public int devices() {
        return devices;
    }
}
