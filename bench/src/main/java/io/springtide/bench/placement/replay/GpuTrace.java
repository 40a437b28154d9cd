package io.springtide.bench.placement.replay;

import io.springtide.core.placement.gpu.GpuDemand;
import io.springtide.core.placement.gpu.GpuMix;
import java.util.ArrayList;
import java.util.List;

/**
 * The machines of a cluster and the pods that were seen there.
 *
 * @param models names of the GPU models; the index is their number elsewhere
 * @param kinds the different demands
 * @param podKinds for each pod the index of its kind
 */
record GpuTrace(String workload, List<Node> nodes, List<String> models, List<GpuDemand> kinds,
        List<Integer> podKinds) {

    /** One machine; the model has no meaning without devices. */
    record Node(String name, long cpusMilli, long memMib, int gpus, int model) {}

    long gpuMilliTotal() {
        return nodes.stream().mapToLong(Node::gpus).sum() * GpuDemand.DEVICE_MILLI;
    }

    /** The demand of all pods, weighed against the devices there are. */
    GpuMix mix() {
        long[] instances = new long[kinds.size()];
        podKinds.forEach(kind -> instances[kind]++);
        List<GpuMix.Seen> seen = new ArrayList<>();
        for (int kind = 0; kind < instances.length; kind++) {
            if (instances[kind] > 0) {
                seen.add(new GpuMix.Seen(kinds.get(kind), instances[kind]));
            }
        }
        long[] gpusByModel = new long[models.size()];
        nodes.stream().filter(node -> node.gpus() > 0)
                .forEach(node -> gpusByModel[node.model()] += node.gpus());
        return GpuMix.of(seen, gpusByModel);
    }
}
