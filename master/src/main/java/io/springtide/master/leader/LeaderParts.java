package io.springtide.master.leader;

import io.springtide.core.CoreSettings;
import io.springtide.core.placement.Scorers;
import io.springtide.master.agents.AgentCounters;
import io.springtide.master.agents.Entrance;
import io.springtide.master.agents.GatewaySettings;
import io.springtide.master.agents.UnknownEnds;
import io.springtide.master.config.DriverSetting;
import io.springtide.master.metrics.EngineMetrics;
import java.util.List;

/**
 * What every reign of a master is made with, and what outlives it.
 *
 * @param traffic what drivers the leader opens
 */
public record LeaderParts(CoreSettings settings, Scorers scorers, GatewaySettings gateway,
        Entrance door, AgentCounters counters, UnknownEnds unknownEnds,
        EngineMetrics metrics, Machinery machinery, List<DriverSetting> traffic) {

    public LeaderParts {
        traffic = List.copyOf(traffic);
    }

    /** On threads of this process. */
    public LeaderParts(CoreSettings settings, Scorers scorers, GatewaySettings gateway,
            Entrance door, AgentCounters counters, UnknownEnds unknownEnds,
            EngineMetrics metrics) {
        this(settings, scorers, gateway, door, counters, unknownEnds, metrics, Machinery.THREADS);
    }

    /** Without anybody who drives traffic. */
    public LeaderParts(CoreSettings settings, Scorers scorers, GatewaySettings gateway,
            Entrance door, AgentCounters counters, UnknownEnds unknownEnds, EngineMetrics metrics,
            Machinery machinery) {
        this(settings, scorers, gateway, door, counters, unknownEnds, metrics, machinery,
                List.of());
    }

    /** The same with drivers of traffic. */
    public LeaderParts withTraffic(List<DriverSetting> drivers) {
        return new LeaderParts(settings, scorers, gateway, door, counters, unknownEnds, metrics,
                machinery, drivers);
    }
}
