package io.springtide.cloud.spi;

import java.time.Duration;
import java.util.List;

/** What came of asking which machines there are. */
public sealed interface NodesResult {

    /** These, and no others. */
    record Listed(List<Node> nodes) implements NodesResult {

        public Listed {
            nodes = List.copyOf(nodes);
        }
    }

    /** Not now: too many requests. Ask again, not before {@code after}. */
    record Throttled(Duration after) implements NodesResult {}

    /**
     * It cannot be said.
     *
     * @param reason a sentence that says what to do
     */
    record Refused(String reason) implements NodesResult {}
}
