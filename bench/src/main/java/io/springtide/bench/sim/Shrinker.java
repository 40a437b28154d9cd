package io.springtide.bench.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Leaves out faults as long as the same invariant breaks: first whole kinds, then one by one. */
final class Shrinker {

    /** Tries until what is left has to do. */
    private static final int TRIES_MAX = 80;

    private final Supplier<Seams> seams;
    private final Invariant broken;
    private int tries;

    Shrinker(Supplier<Seams> seams, Invariant broken) {
        this.seams = seams;
        this.broken = broken;
    }

    /** The same run with as few faults as were found to be enough. */
    Options shrink(Options failing) {
        Options least = failing;
        for (FaultKind kind : FaultKind.values()) {
            List<Fault> fewer = least.faults().stream().filter(fault -> fault.kind() != kind)
                    .toList();
            if (fewer.size() < least.faults().size()) {
                least = stillFails(least.with(fewer)) ? least.with(fewer) : least;
            }
        }
        // From the last on: what comes after the harm is done is not needed.
        for (int i = least.faults().size() - 1; i >= 0; i--) {
            List<Fault> fewer = new ArrayList<>(least.faults());
            fewer.remove(i);
            least = stillFails(least.with(fewer)) ? least.with(fewer) : least;
        }
        return least;
    }

    private boolean stillFails(Options options) {
        if (tries >= TRIES_MAX) {
            return false;
        }
        tries++;
        return new World(options, seams.get()).run().violation()
                .filter(found -> found.invariant() == broken).isPresent();
    }
}
