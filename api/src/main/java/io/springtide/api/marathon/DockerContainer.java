package io.springtide.api.marathon;

import java.util.List;
import java.util.Optional;

/**
 * A Docker image and how to run it.
 *
 * @param image its name
 * @param forcePullImage whether to ask the registry each time
 * @param privileged whether it gets all capabilities
 * @param parameters handed to {@code docker run}
 * @param pullConfigSecret the secret with the registry's credentials
 */
public record DockerContainer(String image, boolean forcePullImage, boolean privileged,
        List<Parameter> parameters, Optional<String> pullConfigSecret) {

    /** An option of {@code docker run}. */
    public record Parameter(String key, String value) {}

    /** Keeps its own copy. */
    public DockerContainer {
        parameters = List.copyOf(parameters);
    }
}
