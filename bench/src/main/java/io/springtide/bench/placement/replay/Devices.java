package io.springtide.bench.placement.replay;

import io.springtide.core.placement.gpu.GpuDemand;
import java.util.function.IntUnaryOperator;

/** How placers without a measure of their own choose among the devices of a machine. */
final class Devices {

    private Devices() {}

    /**
     * The first whole devices, or for a share the one with the lowest rank.
     *
     * @param rank of a device that has room for the share
     */
    static int choose(GpuCluster cluster, GpuDemand demand, int row, IntUnaryOperator rank) {
        int missing = demand.gpus();
        int mask = 0;
        int best = -1;
        int bestRank = 0;
        for (int i = 0; i < cluster.devices(row); i++) {
            int free = cluster.deviceFreeMilli(row, i);
            if (missing > 0 && free == GpuDemand.DEVICE_MILLI) {
                mask |= 1 << i;
                missing--;
            }
            if (demand.gpuShareMilli() > 0 && free >= demand.gpuShareMilli()) {
                int rankOfDevice = rank.applyAsInt(i);
                if (best < 0 || rankOfDevice < bestRank) {
                    best = i;
                    bestRank = rankOfDevice;
                }
            }
        }
        return best < 0 ? mask : 1 << best;
    }
}
