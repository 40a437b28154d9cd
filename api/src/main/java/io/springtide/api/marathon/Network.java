package io.springtide.api.marathon;

import java.util.Map;
import java.util.Optional;

/**
 * A network that tasks join.
 *
 * @param mode its kind
 * @param name of a container network
 * @param labels for its plugin
 */
public record Network(Mode mode, Optional<String> name, Map<String, String> labels) {

    /** The kinds of networks. */
    public enum Mode implements Literal {
        /** A network of its own, by name. */
        CONTAINER("container"),
        /** The agent's bridge. */
        BRIDGE("container/bridge"),
        /** The agent's own network. */
        HOST("host");

        private final String json;

        Mode(String json) {
            this.json = json;
        }

        @Override
        public String json() {
            return json;
        }
    }

    /** Keeps its own copy. */
    public Network {
        labels = Copies.sorted(labels);
    }
}
