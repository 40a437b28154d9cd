package io.springtide.core.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An agent as it describes itself.
 *
 * @param incarnation drawn once for each data folder of the agent
 * @param hostname where its instances' ports are reached
 * @param site failure domain the size of a data centre; empty if unknown
 * @param runtimesMask bits of {@link RuntimeKind#bit()}
 * @param reservations by role: parts of the resources that no other role may take
 */
public record AgentSpec(AgentId id, long incarnation, String hostname, String region, String site,
        String rack, SortedMap<String, String> attributes, Resources resources,
        List<PortRange> ports,
        int runtimesMask, SortedMap<String, Resources> reservations) {

    /** More than any machine known to us has. */
    public static final int GPUS_MAX = 16;

    public AgentSpec {
        reservations = Collections.unmodifiableSortedMap(new TreeMap<>(reservations));
        attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
        ports = List.copyOf(ports);
        if (resources.gpus() > GPUS_MAX || resources.gpuShareMilli() > 0) {
            throw new IllegalArgumentException(
                    "agent " + id + " must offer whole GPUs, at most " + GPUS_MAX);
        }
        if (!disjoint(ports)) {
            throw new IllegalArgumentException(
                    "port ranges of agent " + id + " overlap: " + ports);
        }
    }

    public AgentSpec(AgentId id, long incarnation, String hostname, String region, String site,
            String rack, SortedMap<String, String> attributes, Resources resources,
            List<PortRange> ports, int runtimesMask) {
        this(id, incarnation, hostname, region, site, rack, attributes, resources, ports,
                runtimesMask, new TreeMap<>());
    }

    /** The same with parts of its resources set aside. */
    public AgentSpec withReservations(SortedMap<String, Resources> byRole) {
        return new AgentSpec(id, incarnation, hostname, region, site, rack, attributes, resources,
                ports, runtimesMask, byRole);
    }

    /**
     * The value of a field that constraints name.
     *
     * @return empty if the agent has no such field
     */
    public Optional<String> field(String name) {
        return switch (name) {
            case Constraint.HOSTNAME, "@hostname" -> Optional.of(hostname);
            case Constraint.REGION -> known(region);
            case Constraint.ZONE -> known(site);
            case Constraint.RACK -> known(rack);
            default -> Optional.ofNullable(attributes.get(name));
        };
    }

    private static Optional<String> known(String place) {
        return place.isEmpty() ? Optional.empty() : Optional.of(place);
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
