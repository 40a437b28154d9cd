package io.springtide.api.marathon;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A port of a container, and the agent's port that leads to it.
 *
 * @param containerPort inside; 0 for the same as the host port
 * @param hostPort outside; 0 for any, empty for none
 * @param servicePort for load balancers; 0 for any
 * @param protocol what it speaks
 * @param name unique in the app
 * @param labels for load balancers
 * @param networkNames the container networks that it is meant for; all if empty
 */
public record PortMapping(int containerPort, OptionalInt hostPort, int servicePort,
        PortProtocol protocol, Optional<String> name, Map<String, String> labels,
        List<String> networkNames) {

    /** Keeps its own copies. */
    public PortMapping {
        labels = Copies.sorted(labels);
        networkNames = List.copyOf(networkNames);
    }
}
