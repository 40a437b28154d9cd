package io.springtide.api.marathon;

import java.util.Optional;

/** How a container of a pod is asked. */
public sealed interface PodProbe {

    /**
     * A GET.
     *
     * @param endpoint by name, one of the container's own
     * @param path {@code /} if empty
     */
    record Http(String endpoint, Optional<String> path, Check.Scheme scheme) implements PodProbe {}

    /**
     * A connection.
     *
     * @param endpoint by name, one of the container's own
     */
    record Tcp(String endpoint) implements PodProbe {}

    /** A command in the container. */
    record Exec(PodContainer.Command command) implements PodProbe {}
}
