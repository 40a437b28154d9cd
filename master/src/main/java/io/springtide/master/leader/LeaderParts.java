package io.springtide.master.leader;

import io.springtide.core.CoreSettings;
import io.springtide.core.placement.Scorers;
import io.springtide.master.agents.AgentCounters;
import io.springtide.master.agents.Entrance;
import io.springtide.master.agents.GatewaySettings;
import io.springtide.master.agents.UnknownEnds;
import io.springtide.master.metrics.EngineMetrics;
import io.springtide.master.scaling.ScalingParts;

/** What every reign of a master is made with, and what outlives it. */
public record LeaderParts(CoreSettings settings, Scorers scorers, GatewaySettings gateway,
        Entrance door, AgentCounters counters, UnknownEnds unknownEnds,
        EngineMetrics metrics, Machinery machinery, ScalingParts scaling) {

    /** On threads of this process. */
    public LeaderParts(CoreSettings settings, Scorers scorers, GatewaySettings gateway,
            Entrance door, AgentCounters counters, UnknownEnds unknownEnds,
            EngineMetrics metrics) {
        this(settings, scorers, gateway, door, counters, unknownEnds, metrics, Machinery.THREADS,
                ScalingParts.plain());
    }

    /** On other threads or none. */
    public LeaderParts(CoreSettings settings, Scorers scorers, GatewaySettings gateway,
            Entrance door, AgentCounters counters, UnknownEnds unknownEnds,
            EngineMetrics metrics, Machinery machinery) {
        this(settings, scorers, gateway, door, counters, unknownEnds, metrics, machinery,
                ScalingParts.plain());
    }

    /** With these parts of autoscaling. */
    public LeaderParts withScaling(ScalingParts parts) {
        return new LeaderParts(settings, scorers, gateway, door, counters, unknownEnds, metrics,
                machinery, parts);
    }
}
