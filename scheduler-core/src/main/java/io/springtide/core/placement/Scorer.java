package io.springtide.core.placement;

import io.springtide.core.model.Resources;

/**
 * A preference among agents that can take an instance. A scorer looks at one agent at a time and at
 * nothing else, so that its word holds until that agent changes; ties go to the agent registered first.
 * Must be deterministic, and must not allocate: it is asked for every agent of every kind of instance.
 */
public interface Scorer {

    /** The highest score there is. */
    long SCORE_MAX = 0xFFFF_FFFFL;

    /** What apps and roles call it. */
    String name();

    /**
     * How unwelcome the agent is.
     *
     * @param offer what the agent has left; valid during the call only
     * @param need what the instance asks for; it fits
     * @return from 0, the best, to {@link #SCORE_MAX}
     */
    long score(Offer offer, Resources need);

    /**
     * The GPUs that the instance is to have, one bit each. The first whole ones; for a share, the GPU that
     * is left with least.
     */
    default int gpus(Offer offer, Resources need) {
        return need.gpuShareMilli() > 0
                ? offer.tightestGpu(need.gpuShareMilli())
                : offer.firstGpus(need.gpus());
    }
}
