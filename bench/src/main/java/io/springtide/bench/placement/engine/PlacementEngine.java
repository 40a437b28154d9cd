package io.springtide.bench.placement.engine;

import io.springtide.bench.placement.work.Workload;
import java.util.Optional;

/** A placement core. Each run starts from a cluster of its own. */
public interface PlacementEngine {

    String name();

    /** What it is, in one line. */
    String about();

    /** Whether it belongs to the others, whom ours are held against. */
    boolean peer();

    /** Why it cannot do a workload; empty if it can. */
    Optional<String> refusal(Workload work);

    /**
     * Places the tasks in order.
     *
     * @param limitNanos after this it is to stop with what it has
     */
    Outcome run(Workload work, long limitNanos);
}
