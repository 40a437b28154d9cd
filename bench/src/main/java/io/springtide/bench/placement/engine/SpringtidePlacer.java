package io.springtide.bench.placement.engine;

import io.springtide.bench.placement.work.Workload;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Springtide's placer alone: one round over the whole queue, in its order. Tasks of one group that follow
 * each other are one call; each change of group is another.
 */
public final class SpringtidePlacer implements PlacementEngine {

    private @Nullable PlacerQueue queue;
    private Optional<Workload> readyFor = Optional.empty();

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

    /** A queue is made ready once and placed again and again: placing leaves it as it was. */
    @Override
    public Outcome run(Workload work, long limitNanos) {
        PlacerQueue ready = readyFor.equals(Optional.of(work)) ? queue : null;
        if (ready == null) {
            ready = new PlacerQueue(work);
            queue = ready;
            readyFor = Optional.of(work);
        }
        return ready.place(limitNanos);
    }
}
