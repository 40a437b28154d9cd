package io.springtide.master.agents;

import io.springtide.core.model.Condition;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.InstanceList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What an agent that has connected is to do, for it to hold what the state says that it should. */
final class Comparison {

    private Comparison() {}

    /**
     * The orders, in the order in which they are to be sent. Within a query of the view.
     *
     * @param row of the agent
     * @param held every instance that the agent knows of
     */
    static List<Piece> of(ClusterState state, int row, List<Long> held, SessionContext context) {
        OrdersDraft orders = new OrdersDraft();
        if (state.restoration().held()) {
            // The state is that of a backup: a person looks first.
            return orders.pieces();
        }
        Set<Long> surplus = new HashSet<>(held);
        InstanceList wanted = state.agents().instances(row);
        for (int i = 0; i < wanted.size(); i++) {
            Instance instance = wanted.get(i);
            boolean holds = surplus.remove(instance.number());
            switch (instance.goal()) {
                case RUNNING -> {
                    if (!holds && instance.seen() == Condition.PLACED) {
                        orders.launch(context.spec(instance, state.clusterId()), instance);
                    }
                }
                // Also if it is not held: the agent then says so, and the instance is over.
                case DECOMMISSIONED -> orders.kill(instance.number(),
                        instance.version().spec().killGraceMs());
            }
        }
        // What the state does not know was given up while the agent was away.
        surplus.forEach(number -> orders.kill(number, 0));
        context.counters().straysKilled.add(surplus.size());
        return orders.pieces();
    }
}
