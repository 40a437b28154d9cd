package io.springtide.master.agents;

import io.springtide.api.agent.Prefetch;
import io.springtide.api.agent.PrefetchState;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AppVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Has agents fetch ahead of time what instances will need there. Any thread. */
public interface PrefetchPort {

    /** What instances of a version need that can be fetched ahead of time; empty if that is nothing. */
    Optional<Prefetch> needs(AppVersion version, String clusterId);

    /**
     * Has an agent fetch these things and no others. Said again it changes nothing, however often; an agent that
     * is not connected is not told.
     */
    void want(AgentId agent, List<Prefetch> items);

    /**
     * How far an agent is with what it was told on its present connection, by id, as far as it has said; empty if
     * it is not connected.
     */
    Optional<Map<String, PrefetchState>> said(AgentId agent);
}
