package io.springtide.core.elasticity;

import io.springtide.core.model.AppId;
import io.springtide.core.model.Rejection;
import java.util.List;
import java.util.Optional;

/**
 * How many machines are to be ordered for what waits: first fit, in the order of priority and then of
 * size. What does not fit onto an empty machine is told of, and nothing is ordered for it. Machines that
 * are empty or on their way are filled first. The same needs and pools give the same plan.
 *
 * @param orders those pools of which machines are wanted, and how many more
 * @param shares which apps wait for machines of which pools
 * @param untaken what no pool takes
 */
public record MachinePlan(List<Order> orders, List<Share> shares, List<Untaken> untaken) {

    /** Nothing waits. */
    public static final MachinePlan NOTHING = new MachinePlan(List.of(), List.of(), List.of());

    /** So many more machines of a pool. */
    public record Order(String pool, int machines) {}

    /** So many of an app's instances are to run on machines of a pool. */
    public record Share(AppId app, long versionMs, String pool, int instances) {}

    /** So many of an app's instances run on no machine of any pool. */
    public record Untaken(AppId app, int instances, List<Veto> why) {

        public Untaken {
            why = List.copyOf(why);
        }
    }

    /**
     * Why a pool does not take an instance.
     *
     * @param reason what an empty machine lacks; empty = it may have no more machines
     */
    public record Veto(String pool, Optional<Rejection> reason) {}

    public MachinePlan {
        orders = List.copyOf(orders);
        shares = List.copyOf(shares);
        untaken = List.copyOf(untaken);
    }

    /**
     * The plan for what waits.
     *
     * @param pools those that come first are preferred
     */
    public static MachinePlan of(List<MachineNeed> needs, List<MachinePool> pools) {
        if (needs.isEmpty() || pools.isEmpty()) {
            return NOTHING;
        }
        return new MachineFilling(pools).fill(needs);
    }

    /** How many more machines of a pool. */
    public int machines(String pool) {
        return orders.stream().filter(one -> one.pool().equals(pool)).mapToInt(Order::machines)
                .sum();
    }
}
