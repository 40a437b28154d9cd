package io.springtide.api.marathon;

import java.util.Map;
import java.util.Optional;

/**
 * A port of a task on its agent's network.
 *
 * @param port the service port, and the host port too if the app requires its ports; 0 for any
 * @param protocol what it speaks
 * @param name unique in the app
 * @param labels for load balancers
 */
public record PortDefinition(int port, PortProtocol protocol, Optional<String> name,
        Map<String, String> labels) {

    /** Keeps its own copy. */
    public PortDefinition {
        labels = Copies.sorted(labels);
    }
}
