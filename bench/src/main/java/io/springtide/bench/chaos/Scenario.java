package io.springtide.bench.chaos;

import java.util.List;

/** Something that goes wrong in a cluster, and what must hold while it does. Knows no other scenario. */
interface Scenario {

    /** As the command line names it. */
    String name();

    /** Whether it needs an agent in a network of its own, see {@link Island}. */
    default boolean needsIsland() {
        return false;
    }

    /** Why it cannot be tried here, e.g. for want of privileges; empty if it can. */
    default String skipped(Ensemble.Kind kind) {
        return "";
    }

    /**
     * Does it so many times and repairs it each time.
     *
     * @return what was measured, for people
     * @throws ChaosException if the cluster does not come to where it must
     */
    List<Distribution> run(Trial trial, int rounds);
}
