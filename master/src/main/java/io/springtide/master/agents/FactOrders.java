package io.springtide.master.agents;

import io.springtide.core.event.Event;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Goal;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns durable facts into orders for the agents that are connected; the others are told what they should
 * have when they come. The outbox's thread, but for {@link #released}.
 */
final class FactOrders {

    private final SessionContext context;
    private final Map<Integer, AgentSession> byRow;

    /** Orders of the present run of facts. */
    private final Map<AgentSession, OrdersDraft> drafts = new LinkedHashMap<>();

    /**
     * Prepares.
     *
     * @param byRow the connected agents; others write it
     */
    FactOrders(SessionContext context, Map<Integer, AgentSession> byRow) {
        this.context = context;
        this.byRow = byRow;
    }

    /** Notes what follows from a fact. */
    void after(Event event, ClusterState state) {
        if (event instanceof Event.InstancesPlaced placed) {
            launch(placed, state);
        } else if (event instanceof Event.InstancesDecommissioned decommissioned) {
            kill(decommissioned, state);
        } else if (event instanceof Event.InstancesPromoted promoted) {
            promoted.instances().forEach(number -> state.instance(number).ifPresent(this::thaw));
        } else if (event instanceof Event.InstancesReported reported) {
            thawFrozen(reported, state);
        }
    }

    /** Sends what was noted; the facts are durable. */
    void send() {
        drafts.forEach(AgentSession::order);
        drafts.clear();
    }

    /** What was held may end. Any thread. */
    void released(List<Long> instances) {
        Map<AgentSession, OrdersDraft> orders = new LinkedHashMap<>();
        context.view().read(state -> {
            for (long number : instances) {
                state.instance(number).filter(one -> one.goal() == Goal.DECOMMISSIONED)
                        .ifPresent(one -> ready(one.agentRow()).ifPresent(session -> orders
                                .computeIfAbsent(session, unused -> new OrdersDraft())
                                .kill(number, one.version().spec().killGraceMs())));
            }
            return orders;
        });
        orders.forEach(AgentSession::order);
    }

    private void launch(Event.InstancesPlaced placed, ClusterState state) {
        AppVersion version = state.app(placed.app()).flatMap(app -> app.version(placed.versionMs()))
                .orElseThrow(() -> new IllegalStateException("placed without a version"));
        int portsEach = version.spec().shape().hostPorts().size();
        PreparedSpec spec = context.specs().of(version, state.clusterId());
        int[] rows = placed.agentRows();
        for (int i = 0; i < rows.length; i++) {
            long number = placed.first() + i;
            int offset = i * portsEach;
            int gpus = placed.gpus().length == 0 ? 0 : placed.gpus()[i];
            ready(rows[i]).filter(session -> number >= session.instanceNext())
                    .ifPresent(session -> draft(session).launch(spec, number, placed.ports(),
                            offset, portsEach, gpus, placed.standby()));
        }
    }

    private void thaw(Instance instance) {
        ready(instance.agentRow()).ifPresent(session -> draft(session).thaw(instance.number()));
    }

    /** An agent that missed the order to thaw one that it was still starting has frozen it. */
    private void thawFrozen(Event.InstancesReported reported, ClusterState state) {
        for (InstanceStatus status : reported.statuses()) {
            if (status.condition() == Condition.PAUSED) {
                state.instance(status.instance())
                        .filter(one -> one.goal() == Goal.RUNNING
                                && one.agentRow() == reported.row())
                        .ifPresent(this::thaw);
            }
        }
    }

    private void kill(Event.InstancesDecommissioned decommissioned, ClusterState state) {
        for (long number : decommissioned.instances()) {
            // The gate is asked also without a connection: the time that it is given begins now.
            state.instance(number).filter(context.gate()::mayKill)
                    .ifPresent(one -> ready(one.agentRow()).ifPresent(session -> draft(session)
                            .kill(number, one.version().spec().killGraceMs())));
        }
    }

    private Optional<AgentSession> ready(int row) {
        return Optional.ofNullable(byRow.get(row)).filter(AgentSession::ready);
    }

    private OrdersDraft draft(AgentSession session) {
        return drafts.computeIfAbsent(session, unused -> new OrdersDraft());
    }
}
