package io.springtide.master.agents;

import io.springtide.core.state.Instance;
import io.springtide.master.ring.CommandPort;
import io.springtide.master.view.ClusterView;
import java.util.concurrent.Executor;

/**
 * What all connections share.
 *
 * @param pool carries out what agents say and sends what they are told
 * @param gate asked before an instance is ended
 */
record SessionContext(long epoch, GatewaySettings settings, CommandPort commands, ClusterView view,
        Submissions submissions, Timing timing, Executor pool, AgentCounters counters,
        Usages usages, TaskSpecs specs, ForeignAgents foreign, KillGate gate) {

    /** What an instance runs. */
    PreparedSpec spec(Instance instance, String clusterId) {
        return specs.of(instance.version(), clusterId);
    }
}
