package io.springtide.master.nodes;

import io.springtide.core.elasticity.MachineNeed;
import io.springtide.core.elasticity.MachinePool;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.model.Upkeep;
import io.springtide.core.placement.Forecast;
import io.springtide.core.placement.PlacementSettings;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.InstanceList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What of the state matters to machines, at one moment.
 *
 * @param calm it can be believed: there is no storm of silence, no restored backup that waits for a
 *     person, and agents had time to come to this leader
 * @param agents in all
 * @param byToken those of machines
 * @param needs what waits and finds no room
 */
record Seen(String clusterId, boolean calm, int agents, SortedMap<String, Agent> byToken,
        List<MachineNeed> needs) {

    /** For the agents of a cluster to come to a new leader. */
    private static final long REIGN_MS = 10_000;

    /**
     * The agent of a machine.
     *
     * @param held instances on it, of whatever kind
     * @param firm those of them that are neither best effort nor standbys
     */
    record Agent(AgentId id, AgentCondition condition, Upkeep.Mode mode, int held, int firm) {

        /** Instances could be placed on it now. */
        boolean open() {
            return condition == AgentCondition.LIVE && mode == Upkeep.Mode.OPEN;
        }

        boolean draining() {
            return mode == Upkeep.Mode.DRAINING;
        }
    }

    Seen {
        byToken = Collections.unmodifiableSortedMap(new TreeMap<>(byToken));
        needs = List.copyOf(needs);
    }

    static Seen of(ClusterState state, PlacementSettings settings, long nowMs, long waitMs) {
        TreeMap<String, Agent> byToken = new TreeMap<>();
        AgentTable agents = state.agents();
        for (int row = 0; row < agents.rows(); row++) {
            if (agents.present(row)) {
                String token = agents.spec(row).attributes().get(MachinePool.ATTRIBUTE);
                if (token != null) {
                    Agent agent = agent(agents, row);
                    // Should two say the same, the one that is connected is the machine's.
                    byToken.merge(token, agent, (one, other) -> other
                            .condition() == AgentCondition.LIVE ? other : one);
                }
            }
        }
        boolean calm = state.silence().stormMs() == 0 && !state.restoration().held()
                && nowMs >= state.silence().reignMs() + REIGN_MS;
        return new Seen(state.clusterId(), calm, agents.size(), byToken,
                calm ? Forecast.needs(state, settings, nowMs, waitMs) : List.of());
    }

    private static Agent agent(AgentTable agents, int row) {
        InstanceList held = agents.instances(row);
        int firm = 0;
        for (int i = 0; i < held.size(); i++) {
            Instance one = held.get(i);
            firm += one.standby() || one.version().spec().shape().rules()
                    .serviceClass() == ServiceClass.BEST_EFFORT ? 0 : 1;
        }
        return new Agent(agents.spec(row).id(), agents.condition(row),
                agents.marks().upkeep(row).mode(), held.size(), firm);
    }

    /** Whether everything on an agent would find another place. */
    static boolean spare(ClusterState state, PlacementSettings settings, AgentId agent) {
        int row = state.agents().rowOf(agent).orElse(-1);
        return row >= 0
                && Forecast.without(state, settings, other -> other == row).unfit().isEmpty();
    }
}
