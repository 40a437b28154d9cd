package io.springtide.api.marathon;

import java.util.List;

/**
 * How tasks are reached.
 *
 * @param networks one host network, one bridge, or one and more container networks
 * @param portDefinitions with host networking only; otherwise the container has port mappings
 * @param requirePorts whether host ports equal the ports defined; with host networking only
 */
public record Networking(List<Network> networks, List<PortDefinition> portDefinitions,
        boolean requirePorts) {

    /** Keeps its own copies. */
    public Networking {
        networks = List.copyOf(networks);
        portDefinitions = List.copyOf(portDefinitions);
    }

    /** Whether tasks share the network of their agent. */
    public boolean isHost() {
        return networks.stream().allMatch(n -> n.mode() == Network.Mode.HOST);
    }

    /** Whether tasks sit behind their agent's bridge. */
    public boolean isBridge() {
        return networks.stream().anyMatch(n -> n.mode() == Network.Mode.BRIDGE);
    }
}
