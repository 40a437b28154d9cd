package io.springtide.api.marathon;

import java.util.List;
import java.util.Optional;

/**
 * What a task runs in.
 *
 * @param type which engine
 * @param docker its image; never empty for {@link Type#DOCKER}
 * @param portMappings unless the app is on the host network
 * @param volumes what is mounted
 * @param linuxInfo isolation; empty if nobody said
 */
public record Container(Type type, Optional<DockerContainer> docker, List<PortMapping> portMappings,
        List<Volume> volumes, Optional<LinuxInfo> linuxInfo) {

    /** The engines. */
    public enum Type implements Literal {
        /** The Docker daemon. */
        DOCKER,
        /** Mesos' own, which can use Docker images too. */
        MESOS;

        @Override
        public String json() {
            return name();
        }
    }

    /** Keeps its own copies. */
    public Container {
        portMappings = List.copyOf(portMappings);
        volumes = List.copyOf(volumes);
    }
}
