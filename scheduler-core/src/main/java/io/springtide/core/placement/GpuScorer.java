package io.springtide.core.placement;

import io.springtide.core.model.Resources;

/** Keeps GPUs usable for what is commonly asked of them. */
final class GpuScorer implements Scorer {

    static final String NAME = "gpu-fragmentation";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public long score(Offer offer, Resources need) {
        return Scorers.BINPACK.score(offer, need);
    }
}
