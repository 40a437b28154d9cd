package io.springtide.master.leader;

import io.springtide.core.CoreSettings;
import io.springtide.core.placement.Scorers;
import io.springtide.master.agents.AgentCounters;
import io.springtide.master.agents.Entrance;
import io.springtide.master.agents.GatewaySettings;
import io.springtide.master.agents.UnknownEnds;
import io.springtide.master.config.DriverSetting;
import io.springtide.master.metrics.EngineMetrics;
import io.springtide.master.nodes.NodesParts;
import io.springtide.master.scaling.ScalingParts;
import java.util.List;

/**
 * What every reign of a master is made with, and what outlives it.
 *
 * @param traffic what drivers the leader opens
 * @param nodes what pools of machines it has
 */
public record LeaderParts(CoreSettings settings, Scorers scorers, GatewaySettings gateway,
        Entrance door, AgentCounters counters, UnknownEnds unknownEnds,
        EngineMetrics metrics, Machinery machinery, ScalingParts scaling,
        List<DriverSetting> traffic, NodesParts nodes) {

    public LeaderParts {
        traffic = List.copyOf(traffic);
    }

    /** On threads of this process. */
    public LeaderParts(CoreSettings settings, Scorers scorers, GatewaySettings gateway,
            Entrance door, AgentCounters counters, UnknownEnds unknownEnds,
            EngineMetrics metrics) {
        this(settings, scorers, gateway, door, counters, unknownEnds, metrics, Machinery.THREADS,
                ScalingParts.plain(), List.of(), NodesParts.plain());
    }

    /** On other threads or none. */
    public LeaderParts(CoreSettings settings, Scorers scorers, GatewaySettings gateway,
            Entrance door, AgentCounters counters, UnknownEnds unknownEnds,
            EngineMetrics metrics, Machinery machinery) {
        this(settings, scorers, gateway, door, counters, unknownEnds, metrics, machinery,
                ScalingParts.plain(), List.of(), NodesParts.plain());
    }

    /** With these parts of autoscaling. */
    public LeaderParts withScaling(ScalingParts parts) {
        return new LeaderParts(settings, scorers, gateway, door, counters, unknownEnds, metrics,
                machinery, parts, traffic, nodes);
    }

    /** The same with drivers of traffic. */
    public LeaderParts withTraffic(List<DriverSetting> drivers) {
        return new LeaderParts(settings, scorers, gateway, door, counters, unknownEnds, metrics,
                machinery, scaling, drivers, nodes);
    }

    /** The same with pools of machines. */
    public LeaderParts withNodes(NodesParts parts) {
        return new LeaderParts(settings, scorers, gateway, door, counters, unknownEnds, metrics,
                machinery, scaling, traffic, parts);
    }
}
