package io.springtide.master.plugins;

import io.springtide.core.model.Shape;
import io.springtide.core.placement.Offer;
import io.springtide.core.placement.Scorer;

/** What an operator might add: prefers the agent with most disk left. */
public final class DiskScorer implements Scorer {

    @Override
    public String name() {
        return "most-disk";
    }

    @Override
    public long score(Offer offer, Shape shape) {
        return Math.max(0, SCORE_MAX - offer.diskFreeMib());
    }
}
