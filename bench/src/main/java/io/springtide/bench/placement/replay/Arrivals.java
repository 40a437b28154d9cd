package io.springtide.bench.placement.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The order in which the pods of one run arrive, one by one. Source: the protocol of Weng et al.,
 * USENIX ATC 2023: pods of the trace, more of them drawn with replacement until they ask for 130 % of
 * the cluster's GPUs (or some left out if they ask for more), shuffled with the seed of the run.
 */
final class Arrivals {

    /** The last demand a run is scored at. */
    static final int PERCENT_MAX = 130;

    /** The seeds of the published runs. */
    static final int SEED_FIRST = 42;
    static final int SEEDS = 10;

    private Arrivals() {}

    /** Kinds in order of arrival. */
    static int[] of(GpuTrace trace, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Integer> kinds = new ArrayList<>(trace.podKinds());
        long target = trace.gpuMilliTotal() * PERCENT_MAX / 100;
        long asked = 0;
        for (int kind : kinds) {
            asked += gpuMilli(trace, kind);
        }
        if (asked == 0) {
            throw new IllegalArgumentException(
                    "no pod of workload " + trace.workload() + " asks for a GPU");
        }
        while (asked > target) {
            int last = kinds.removeLast();
            int out = random.nextInt(kinds.size() + 1);
            asked -= gpuMilli(trace, out == kinds.size() ? last : kinds.set(out, last));
        }
        while (asked < target) {
            int kind = trace.podKinds().get(random.nextInt(trace.podKinds().size()));
            kinds.add(kind);
            asked += gpuMilli(trace, kind);
        }
        return shuffled(kinds.stream().mapToInt(Integer::intValue).toArray(), random);
    }

    private static int[] shuffled(int[] kinds, SplittableRandom random) {
        int[] shuffled = Arrays.copyOf(kinds, kinds.length);
        for (int i = shuffled.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int swap = shuffled[i];
            shuffled[i] = shuffled[other];
            shuffled[other] = swap;
        }
        return shuffled;
    }

    private static int gpuMilli(GpuTrace trace, int kind) {
        return trace.kinds().get(kind).gpuMilli();
    }
}
