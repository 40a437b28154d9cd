package io.springtide.bench.placement.engine;

import io.springtide.bench.placement.work.Workload;
import java.util.Optional;

/**
 * Springtide's placer alone: one round over the whole queue, in its order. Tasks of one group that follow
 * each other are one call; each change of group is another.
 */
public final class SpringtidePlacer implements PlacementEngine {

    @Override
    public String name() {
        return "springtide";
    }

    @Override
    public String about() {
        return "Springtide's placer: one round over the queue, in its order";
    }

    @Override
    public boolean peer() {
        return false;
    }

    @Override
    public Optional<String> refusal(Workload work) {
        return CoreShapes.refusal(work);
    }

    @Override
    public Outcome run(Workload work, long limitNanos) {
        return new PlacerQueue(work).place(limitNanos);
    }
}
