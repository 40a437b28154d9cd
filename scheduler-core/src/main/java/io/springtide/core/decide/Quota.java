package io.springtide.core.decide;

import io.springtide.core.model.Resources;
import io.springtide.core.model.RoleSpec;
import io.springtide.core.model.Shape;
import io.springtide.core.state.ClusterState;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * What roles hold, are guaranteed and may take at most, during one round: counts along with what the
 * round hands out. Shares after Ghodsi et al., Dominant Resource Fairness, NSDI 2011.
 */
final class Quota {

    private final ClusterState state;
    private final TreeMap<String, Held> roles = new TreeMap<>();
    private boolean guarantees;
    private long[] total = {};
    private long[] free = {};

    /** A role in this round. */
    private static final class Held {
        final int weight;
        final long[] guarantee;
        final Optional<long[]> limit;
        final long[] used;

        Held(RoleSpec spec, long[] used) {
            this.weight = spec.weight();
            this.guarantee = Amounts.of(spec.guarantee());
            this.limit = spec.limit().map(Amounts::of);
            this.used = used;
        }

        long unmet(int kind) {
            return Math.max(0, guarantee[kind] - used[kind]);
        }
    }

    Quota(ClusterState state) {
        this.state = state;
        state.roles().forEach((name, role) -> {
            roles.put(name, new Held(role.spec(), new long[]{role.cpusMilli(), role.memMib(),
                    role.diskMib(), role.gpuMilli()}));
            guarantees |= !role.spec().guarantee().equals(Resources.NONE);
        });
    }

    /** How many of {@code count} more instances the role of the shape may have. */
    int allowed(Shape shape, int count) {
        Held role = held(shape);
        if (role.limit.isEmpty() && !guarantees) {
            return count;
        }
        long[] need = Amounts.taken(shape);
        long allowed = count;
        for (int kind = 0; kind < Amounts.KINDS; kind++) {
            if (need[kind] > 0) {
                allowed = Math.min(allowed, roomFor(role, kind) / need[kind]);
            }
        }
        return (int) allowed;
    }

    private long roomFor(Held role, int kind) {
        long room = role.limit.isEmpty()
                ? Long.MAX_VALUE
                : Math.max(0, role.limit.get()[kind] - role.used[kind]);
        if (guarantees) {
            long others = -role.unmet(kind);
            for (Held one : roles.values()) {
                others += one.unmet(kind);
            }
            // Its own guarantee it may use up whatever others are promised.
            room = Math.min(room, Math.max(role.unmet(kind), free()[kind] - others));
        }
        return Math.max(0, room);
    }

    /** Instances of the shape are placed ({@code count} above zero), or are as good as gone (below). */
    void take(Shape shape, int count) {
        long[] need = Amounts.taken(shape);
        Amounts.add(held(shape).used, need, count);
        Amounts.add(free(), need, -count);
    }

    /** An instance would still count towards the role's guarantee. */
    boolean guaranteed(Shape shape) {
        return guarantees && guaranteed(held(shape), Amounts.taken(shape), 0);
    }

    private static boolean guaranteed(Held role, long[] need, int more) {
        for (int kind = 0; kind < Amounts.KINDS; kind++) {
            if (need[kind] > 0 && role.used[kind] + more * need[kind] < role.guarantee[kind]) {
                return true;
            }
        }
        return false;
    }

    /** The role's dominant share of the cluster by its weight. */
    long share(Shape shape) {
        Held role = held(shape);
        return Amounts.dominant(role.used, total()) / role.weight;
    }

    /** How many instances, at most {@code count}, take the role just out of its guarantee. */
    int untilGuaranteed(Shape shape, int count) {
        Held role = held(shape);
        long[] need = Amounts.taken(shape);
        return least(count, more -> !guaranteed(role, need, more));
    }

    /** How many instances, at most {@code count}, bring the role's share just above another. */
    int untilAbove(Shape shape, int count, long share) {
        Held role = held(shape);
        long[] need = Amounts.taken(shape);
        return least(count, more -> {
            long[] then = role.used.clone();
            Amounts.add(then, need, more);
            return Amounts.dominant(then, total()) / role.weight > share;
        });
    }

    /** No more instances than this fit into what is free in all, if it lay together. */
    long room(Shape shape) {
        long[] need = Amounts.taken(shape);
        long room = Integer.MAX_VALUE;
        for (int kind = 0; kind < Amounts.KINDS; kind++) {
            if (need[kind] > 0) {
                room = Math.min(room, Math.max(0, free()[kind]) / need[kind]);
            }
        }
        return room;
    }

    /** Whether it can say no to anybody. */
    boolean binding() {
        return guarantees || roles.values().stream().anyMatch(role -> role.limit.isPresent());
    }

    /** How large one instance is: its dominant share of the cluster, best effort or not. */
    long size(Shape shape) {
        return Amounts.dominant(Amounts.of(shape.resources()), total());
    }

    private static int least(int most, IntPredicate enough) {
        int low = 1;
        int high = Math.max(1, most);
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (enough.test(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private Held held(Shape shape) {
        return roles.computeIfAbsent(shape.rules().role(),
                name -> new Held(RoleSpec.plain(name), new long[Amounts.KINDS]));
    }

    private long[] total() {
        if (total.length == 0) {
            total = Amounts.total(state.agents());
        }
        return total;
    }

    private long[] free() {
        if (free.length == 0) {
            free = Amounts.free(state.agents());
        }
        return free;
    }

    @Override
    public String toString() {
        return roles.keySet() + " free " + Arrays.toString(free);
    }
}
