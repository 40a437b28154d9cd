package io.springtide.master.leader;

import io.springtide.core.CoreSettings;
import io.springtide.core.placement.Scorers;
import io.springtide.master.agents.AgentCounters;
import io.springtide.master.agents.Entrance;
import io.springtide.master.agents.GatewaySettings;
import io.springtide.master.agents.UnknownEnds;
import io.springtide.master.metrics.EngineMetrics;

/** What every reign of a master is made with, and what outlives it. */
public record LeaderParts(CoreSettings settings, Scorers scorers, GatewaySettings gateway,
        Entrance door, AgentCounters counters, UnknownEnds unknownEnds,
        EngineMetrics metrics, Machinery machinery) {

    /** On threads of this process. */
    public LeaderParts(CoreSettings settings, Scorers scorers, GatewaySettings gateway,
            Entrance door, AgentCounters counters, UnknownEnds unknownEnds,
            EngineMetrics metrics) {
        this(settings, scorers, gateway, door, counters, unknownEnds, metrics, Machinery.THREADS);
    }
}
