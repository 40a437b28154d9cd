package io.springtide.bench.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Leaves out faults as long as the same invariant breaks: those after a time, then whole kinds, then one by
 * one.
 */
final class Shrinker {

    /** Tries until what is left has to do. */
    private static final int TRIES_MAX = 80;
    private static final long HALVED_MS_MIN = 20_000;

    private final Supplier<Seams> seams;
    private final Invariant broken;
    private int tries;

    Shrinker(Supplier<Seams> seams, Invariant broken) {
        this.seams = seams;
        this.broken = broken;
    }

    /** The same run with as few faults, and in as short a time, as were found to be enough. */
    Options shrink(Options failing) {
        Options least = shorter(failing);
        for (FaultKind kind : FaultKind.values()) {
            least = without(least, least.faults().stream().filter(fault -> fault.kind() != kind)
                    .toList());
        }
        // From the last on: what comes after the harm is done is not needed.
        for (int i = least.faults().size() - 1; i >= 0; i--) {
            List<Fault> fewer = new ArrayList<>(least.faults());
            fewer.remove(i);
            least = without(least, fewer);
        }
        return shorter(least);
    }

    private Options without(Options all, List<Fault> fewer) {
        return fewer.size() < all.faults().size() && stillFails(all.with(fewer))
                ? all.with(fewer)
                : all;
    }

    /** Harm that was seen under faults is there at that moment; for what comes after them it is halved. */
    private Options shorter(Options failing) {
        long seenMs = new World(failing, seams.get()).run().simulatedNanos() / Timeline.MS + 1;
        if (seenMs < failing.faultMs() && stillFails(failing.until(seenMs))) {
            return failing.until(seenMs);
        }
        Options least = failing;
        long tooShortMs = 0;
        while (least.faultMs() - tooShortMs > HALVED_MS_MIN) {
            long middleMs = (tooShortMs + least.faultMs()) / 2;
            if (stillFails(least.until(middleMs))) {
                least = least.until(middleMs);
            } else {
                tooShortMs = middleMs;
            }
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
