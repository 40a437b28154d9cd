package io.springtide.core.model;

import io.springtide.core.Check;
import java.util.List;

/**
 * What one instance needs of an agent. Apps of one shape look alike to placement.
 *
 * @param hostPorts one entry for each host port; 0 takes any free one, another number exactly that one
 */
public record Shape(Resources resources, List<Integer> hostPorts, RuntimeKind runtime,
        PlacementPolicy policy, Rules rules) {

    /** More than any app known to us asks for; bounds the arrays of an event. */
    public static final int PORTS_MAX = 100;

    public Shape {
        hostPorts = List.copyOf(hostPorts);
        Check.argument(hostPorts.size() <= PORTS_MAX, "an instance takes at most 100 host ports");
        for (int port : hostPorts) {
            Check.argument(port >= 0 && port <= PortRange.PORT_MAX, "not a port: " + port);
        }
        Check.argument(
                hostPorts.stream().filter(port -> port != 0).distinct().count() == hostPorts
                        .stream().filter(port -> port != 0).count(),
                "a host port is named twice in one app");
    }

    public Shape(Resources resources, List<Integer> hostPorts, RuntimeKind runtime,
            PlacementPolicy policy) {
        this(resources, hostPorts, runtime, policy, Rules.NONE);
    }

    /** The same under other rules. */
    public Shape withRules(Rules other) {
        return new Shape(resources, hostPorts, runtime, policy, other);
    }

    /** Whether any particular port is asked for. */
    public boolean portsFixed() {
        return hostPorts.stream().anyMatch(port -> port != 0);
    }
}
