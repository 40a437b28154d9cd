package io.springtide.core.model;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An agent as it describes itself.
 *
 * @param incarnation drawn once for each data folder of the agent
 * @param hostname where its instances' ports are reached
 * @param site failure domain the size of a data centre; empty if unknown
 * @param runtimesMask bits of {@link RuntimeKind#bit()}
 */
public record AgentSpec(AgentId id, long incarnation, String hostname, String region, String site,
        String rack, SortedMap<String, String> attributes, Resources resources,
        List<PortRange> ports,
        int runtimesMask) {

    public AgentSpec {
        attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
        ports = List.copyOf(ports);
    }

    /** For those who have the attributes in any map. */
    public static SortedMap<String, String> sorted(Map<String, String> attributes) {
        return new TreeMap<>(attributes);
    }
}
