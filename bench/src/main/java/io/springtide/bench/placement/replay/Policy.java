package io.springtide.bench.placement.replay;

/** The placers that replay a trace. */
enum Policy {

    /** Checks the protocol against the published figures. */
    RANDOM("Random") {
        @Override
        GpuPlacer placer(GpuTrace trace, GpuCluster cluster, int seed) {
            return new RandomPlacer(trace, cluster, seed);
        }
    },
    /** Checks the protocol against the published figures. */
    BEST_FIT("BestFit") {
        @Override
        GpuPlacer placer(GpuTrace trace, GpuCluster cluster, int seed) {
            return new BestFitPlacer(trace, cluster);
        }
    },
    /** Ours, to be held against the published FGD. */
    FRAGMENTATION("FGD") {
        @Override
        GpuPlacer placer(GpuTrace trace, GpuCluster cluster, int seed) {
            return new CorePlacer(trace);
        }
    };

    private final String published;

    Policy(String published) {
        this.published = published;
    }

    /** The name of the published policy to compare with. */
    String published() {
        return published;
    }

    abstract GpuPlacer placer(GpuTrace trace, GpuCluster cluster, int seed);
}
