package io.springtide.core.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
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
        if (!disjoint(ports)) {
            throw new IllegalArgumentException(
                    "port ranges of agent " + id + " overlap: " + ports);
        }
    }

    private static boolean disjoint(List<PortRange> ranges) {
        List<PortRange> sorted = new ArrayList<>(ranges);
        sorted.sort(Comparator.comparingInt(PortRange::first));
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).first() <= sorted.get(i - 1).last()) {
                return false;
            }
        }
        return true;
    }

    /** For those who have the attributes in any map. */
    public static SortedMap<String, String> sorted(Map<String, String> attributes) {
        return new TreeMap<>(attributes);
    }
}
