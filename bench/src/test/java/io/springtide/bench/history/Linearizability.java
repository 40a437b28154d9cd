package io.springtide.bench.history;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether there is an order of all operations on one app in which each takes effect at one moment between
 * its request and its answer. Source: Wing and Gong, "Testing and Verifying Concurrent Objects", 1993, with
 * the memory of places already visited that Lowe added.
 */
final class Linearizability {

    /** An unanswered operation may also never take effect. */
    private record Place(BitSet done, Operation.App app) {}

    private Linearizability() {}

    /** Looks for such an order. */
    static boolean holds(List<Operation> history) {
        List<Operation> operations = history.stream()
                .sorted(Comparator.comparingLong(Operation::invokedNs)).toList();
        Set<Place> seen = new HashSet<>();
        Deque<Place> open = new ArrayDeque<>();
        open.push(new Place(new BitSet(), Operation.App.ABSENT));
        while (!open.isEmpty()) {
            Place place = open.pop();
            if (!seen.add(place)) {
                continue;
            }
            if (complete(operations, place.done())) {
                return true;
            }
            long deadline = earliestAnswer(operations, place.done());
            for (int i = place.done().nextClearBit(0); i < operations
                    .size(); i = place.done().nextClearBit(i + 1)) {
                Operation next = operations.get(i);
                if (next.invokedNs() > deadline) {
                    break;
                }
                Optional<Operation.App> after = next.on(place.app());
                if (after.isPresent()) {
                    BitSet done = (BitSet) place.done().clone();
                    done.set(i);
                    open.push(new Place(done, after.get()));
                }
            }
        }
        return false;
    }

    private static boolean complete(List<Operation> operations, BitSet done) {
        for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
            if (operations.get(i).answered()) {
                return false;
            }
        }
        return true;
    }

    /** Whatever begins after this answer cannot come before it. */
    private static long earliestAnswer(List<Operation> operations, BitSet done) {
        long earliest = Operation.NEVER;
        for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
            earliest = Math.min(earliest, operations.get(i).returnedNs());
        }
        return earliest;
    }
}
