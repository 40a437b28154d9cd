package io.springtide.core.decide;

import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.Shape;
import io.springtide.core.placement.PlacementRound;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.PortSet;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Finds a change that could never begin: its bounds let no old instance end before there is a new one, and
 * as long as all old ones stand no agent may have a new one, however much it has left. Marathon waits
 * there for ever.
 */
final class StopFirst {

    private StopFirst() {}

    /** Whether an old instance has to end first, and a new one could then take its place. */
    static boolean needed(ClusterState state, Counted count, Rollout rollout,
            Supplier<PlacementRound> round) {
        AppState app = count.app;
        if (rollout.launch() == 0 || !rollout.replaced().isEmpty()
                || count.ending > 0 || count.spare > 0
                || count.freshGood < count.fresh.size() || count.old.isEmpty()
                || app.rollout().stopFirst()
                || count.course.blueGreen() || !choosy(app.current().spec().shape())) {
            return false;
        }
        PlacementRound tried = round.get();
        Shape shape = app.current().spec().shape();
        for (int row = 0; row < state.agents().rows(); row++) {
            if (tried.eligible(app, row) && ports(state, row, shape, Optional.empty())) {
                return false;
            }
        }
        return count.old.stream().anyMatch(one -> state.agents()
                .condition(one.agentRow()) == AgentCondition.LIVE
                && tried.eligible(app, one.agentRow())
                && ports(state, one.agentRow(), shape, Optional.of(one)));
    }

    /** Only ports can be in the way of a new one: constraints do not count old ones. */
    private static boolean choosy(Shape shape) {
        return shape.hostPorts().stream().anyMatch(port -> port != 0);
    }

    /** Whether the agent has the fixed ports, those of one instance given back. */
    private static boolean ports(ClusterState state, int row, Shape shape,
            Optional<Instance> without) {
        PortSet ports = state.agents().ports(row);
        return shape.hostPorts().stream().allMatch(port -> port == 0 || ports.isFree(port)
                || without.filter(one -> has(one, port)).isPresent());
    }

    private static boolean has(Instance instance, int port) {
        for (int i = 0; i < instance.portCount(); i++) {
            if (instance.port(i) == port) {
                return true;
            }
        }
        return false;
    }
}
