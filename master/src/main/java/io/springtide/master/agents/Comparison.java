package io.springtide.master.agents;

import io.springtide.api.agent.Holding;
import io.springtide.api.agent.HoldingsDigest;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Goal;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.InstanceList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How what an agent holds differs from what the state says that it should, and what it is to do about
 * that: when it connects, and at every look. Within a query of the view.
 */
final class Comparison {

    private final ClusterState state;
    private final int row;
    private final KillGate gate;
    /** Runs on the agent without its knowing; what belongs to the state is taken out. */
    private final Set<Long> found;
    private final SortedMap<Long, Repair> differences = new TreeMap<>();

    private Comparison(ClusterState state, int row, List<Long> found, KillGate gate) {
        this.state = state;
        this.row = row;
        this.gate = gate;
        this.found = new LinkedHashSet<>(found);
    }

    /**
     * What differs when an agent comes, by instances.
     *
     * @param row of the agent, registered with what it holds and what it has found
     * @param gate what it holds back is not to end yet, and so no difference
     */
    static SortedMap<Long, Repair> whenConnected(ClusterState state, int row, List<Long> held,
            List<Long> found, KillGate gate) {
        if (state.restoration().held()) {
            // The state is that of a backup: a person looks first.
            return new TreeMap<>();
        }
        Comparison comparison = new Comparison(state, row, found, gate);
        comparison.found.removeAll(new LinkedHashSet<>(held));
        Set<Long> surplus = new LinkedHashSet<>(held);
        for (Instance instance : comparison.wanted()) {
            long number = instance.number();
            boolean holds = surplus.remove(number);
            if (!holds && comparison.found.remove(number)) {
                comparison.foundAgain(instance);
            } else if (instance.goal() == Goal.DECOMMISSIONED) {
                // Also if the agent lacks it: the agent then says so, and the instance is over.
                if (!holds || gate.mayKill(instance)) {
                    comparison.differences.put(number, Repair.KILL);
                }
            } else if (!holds && instance.seen() == Condition.PLACED) {
                comparison.differences.put(number, Repair.LAUNCH);
            }
        }
        return comparison.withRest(surplus);
    }

    /**
     * What differs at a look, by instances.
     *
     * @param held said when the state knew all that the agent had reported
     */
    static SortedMap<Long, Repair> atLook(ClusterState state, int row, List<Holding> held,
            List<Long> found, KillGate gate) {
        if (state.restoration().held()) {
            // The state is that of a backup: a person looks first.
            return new TreeMap<>();
        }
        Comparison comparison = new Comparison(state, row, found, gate);
        Map<Long, io.springtide.api.agent.Condition> conditions = new HashMap<>();
        Set<Long> surplus = new LinkedHashSet<>();
        for (Holding one : held) {
            conditions.put(one.getInstanceId(), one.getCondition());
            surplus.add(one.getInstanceId());
        }
        comparison.found.removeAll(surplus);
        for (Instance instance : comparison.wanted()) {
            long number = instance.number();
            if (surplus.remove(number)) {
                comparison.held(instance, Statuses.condition(conditions.getOrDefault(number,
                        io.springtide.api.agent.Condition.UNRECOGNIZED))
                        .orElse(Condition.PLACED));
            } else if (comparison.found.remove(number)) {
                comparison.foundAgain(instance);
            } else {
                boolean unheard = instance.goal() == Goal.RUNNING
                        && instance.seen() == Condition.PLACED;
                comparison.differences.put(number, unheard ? Repair.LAUNCH : Repair.LOST);
            }
        }
        return comparison.withRest(surplus);
    }

    private List<Instance> wanted() {
        List<Instance> wanted = new ArrayList<>();
        InstanceList list = state.agents().instances(row);
        for (int i = 0; i < list.size(); i++) {
            wanted.add(list.get(i));
        }
        return wanted;
    }

    private void held(Instance instance, Condition condition) {
        if (ending(instance, gate)) {
            if (condition != Condition.KILLING) {
                differences.put(instance.number(), Repair.KILL);
            }
        } else if (condition.rank() > instance.seen().rank()) {
            // Less than was seen once is no contradiction: an agent that has come up anew is still looking.
            differences.put(instance.number(), Repair.STATUS);
        }
    }

    private void foundAgain(Instance instance) {
        differences.put(instance.number(),
                ending(instance, gate) ? Repair.ORPHAN : Repair.ADOPTED);
    }

    private SortedMap<Long, Repair> withRest(Set<Long> surplus) {
        // What the state does not know was given up while the agent was away.
        surplus.forEach(number -> differences.put(number, Repair.STRAY));
        for (long number : found) {
            // A number that this cluster has yet to give away speaks of facts that this state has lost.
            if (number < state.instanceNext() && state.instance(number).isEmpty()) {
                differences.put(number, Repair.ORPHAN);
            }
        }
        return differences;
    }

    /** The orders that put differences right, in the order in which they are to be sent. */
    static List<Piece> orders(ClusterState state, int row, SortedMap<Long, Repair> differences,
            SessionContext context) {
        OrdersDraft orders = new OrdersDraft();
        differences.forEach((number, repair) -> {
            Optional<Instance> instance = state.instance(number)
                    .filter(one -> one.agentRow() == row);
            long graceMs = instance.map(one -> one.version().spec().killGraceMs()).orElse(0L);
            switch (repair) {
                case LAUNCH -> instance.ifPresent(one -> orders
                        .launch(context.spec(one, state.clusterId()), one));
                case ADOPTED -> instance.ifPresent(one -> orders
                        .adopt(context.spec(one, state.clusterId()), one));
                case KILL, STRAY -> orders.kill(number, graceMs);
                case ORPHAN -> instance.ifPresentOrElse(one -> {
                    // Taken up only to be ended as it wishes, and to be told of.
                    orders.adopt(context.spec(one, state.clusterId()), one);
                    orders.kill(number, graceMs);
                }, () -> orders.orphan(number));
                case LOST, STATUS -> orders.tell(number);
                case OVERLOOKED -> throw new IllegalArgumentException(
                        "an agent has put that right by itself");
            }
        });
        return orders.pieces();
    }

    /** It is to end, and nothing keeps it. */
    private static boolean ending(Instance instance, KillGate gate) {
        return instance.goal() == Goal.DECOMMISSIONED && gate.mayKill(instance);
    }

    /** Sums up what an agent would hold that has obeyed all orders and reported everything. */
    static long digest(ClusterState state, int row, KillGate gate) {
        HoldingsDigest digest = new HoldingsDigest();
        InstanceList wanted = state.agents().instances(row);
        for (int i = 0; i < wanted.size(); i++) {
            Instance instance = wanted.get(i);
            digest.add(instance.number(), ending(instance, gate)
                    ? io.springtide.api.agent.Condition.KILLING
                    : Statuses.told(instance.seen()));
        }
        return digest.value();
    }
}
