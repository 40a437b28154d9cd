package io.springtide.master.nodes;

import io.springtide.master.config.NodesSetting;
import java.util.List;

/**
 * What the pools of every reign are made with.
 *
 * @param settings none if no machines are ordered
 */
public record NodesParts(List<NodesSetting> settings, NodesCounters counters) {

    public NodesParts {
        settings = List.copyOf(settings);
    }

    /** Without pools, and counted for nobody. */
    public static NodesParts plain() {
        return new NodesParts(List.of(), new NodesCounters());
    }
}
