package io.springtide.bench.placement.replay;

import io.springtide.core.placement.gpu.GpuDemand;

/**
 * The published reference "BestFit": the machine with the least left, CPU as a part of the biggest
 * machine's and GPU as a part of eight devices counting alike; a share goes to the tightest device.
 */
final class BestFitPlacer implements GpuPlacer {

    private static final long CPUS_MILLI_MAX = 128_000;
    private static final long GPU_MILLI_MAX = 8_000;

    private final GpuTrace trace;
    private final GpuCluster cluster;
    private int devices;

    BestFitPlacer(GpuTrace trace, GpuCluster cluster) {
        this.trace = trace;
        this.cluster = cluster;
    }

    @Override
    public int place(int kind) {
        GpuDemand demand = trace.kinds().get(kind);
        int best = NONE;
        long bestLeft = Long.MAX_VALUE;
        for (int row = 0; row < cluster.rows(); row++) {
            if (cluster.fits(demand, row)) {
                long left = cluster.cpusFreeMilli(row) * GPU_MILLI_MAX
                        + cluster.gpuFreeMilli(row) * CPUS_MILLI_MAX;
                if (left < bestLeft) {
                    best = row;
                    bestLeft = left;
                }
            }
        }
        if (best != NONE) {
            int row = best;
            devices = Devices.choose(cluster, demand, row,
                    device -> cluster.deviceFreeMilli(row, device));
        }
        return best;
    }

    @Override
    public int devices() {
        return devices;
    }
}
