package io.springtide.api.marathon;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * One container of a {@link Pod}.
 *
 * @param name unique in the pod
 * @param exec what it runs; what its image says if empty
 * @param resources what it needs, without an executor's
 * @param endpoints where it is reached
 * @param image its files; those of the agent if empty
 * @param environment its own, over the pod's
 * @param user to run as, in place of the pod's
 * @param healthCheck an instance with a container that fails it once too often is replaced
 * @param check reported only
 * @param volumeMounts which of the pod's volumes it sees
 * @param artifacts files to bring into the sandbox first
 * @param labels free text for people and tools
 * @param killGracePeriodSeconds between SIGTERM and SIGKILL; the agent's own default if empty
 * @param tty whether to attach a terminal; empty if nobody said
 * @param linuxInfo isolation; empty if nobody said
 */
public record PodContainer(String name, Optional<Exec> exec, Resources resources,
        List<Endpoint> endpoints, Optional<Image> image, Map<String, EnvValue> environment,
        Optional<String> user, Optional<PodHealthCheck> healthCheck, Optional<PodCheck> check,
        List<Mount> volumeMounts, List<Fetch> artifacts, Map<String, String> labels,
        OptionalDouble killGracePeriodSeconds, Optional<Boolean> tty,
        Optional<LinuxInfo> linuxInfo) {

    /** What is executed. */
    public sealed interface Command {

        /** A line for the shell. */
        record Shell(String line) implements Command {}

        /** A program and its arguments. */
        record Argv(List<String> words) implements Command {
            /** Keeps its own copy. */
            public Argv {
                words = List.copyOf(words);
            }
        }
    }

    /**
     * A command, and how it goes with the one that is in the image.
     *
     * @param overrideEntrypoint whether the image's entry point is left out; empty if nobody said
     */
    public record Exec(Command command, Optional<Boolean> overrideEntrypoint) {}

    /**
     * A Docker image.
     *
     * @param id its name
     * @param forcePull whether to ask the registry each time
     * @param pullConfigSecret the secret with the registry's credentials
     * @param labels kept for clients that read them back
     */
    public record Image(String id, boolean forcePull, Optional<String> pullConfigSecret,
            Map<String, String> labels) {
        /** Keeps its own copy. */
        public Image {
            labels = Copies.sorted(labels);
        }
    }

    /**
     * Where a container is reached.
     *
     * @param name unique in the pod
     * @param containerPort inside; 0 for the same as the host port, empty on the host network
     * @param hostPort on the agent; 0 for any, empty for none
     * @param protocol words that service discovery tells, such as {@code tcp} or {@code http}
     * @param labels for load balancers
     * @param networkNames the container networks that it is meant for; all if empty
     */
    public record Endpoint(String name, OptionalInt containerPort, OptionalInt hostPort,
            List<String> protocol, Map<String, String> labels, List<String> networkNames) {
        /** Keeps its own copies. */
        public Endpoint {
            protocol = List.copyOf(protocol);
            labels = Copies.sorted(labels);
            networkNames = List.copyOf(networkNames);
        }
    }

    /**
     * A volume of the pod as a container sees it.
     *
     * @param mountPath absolute, or below the sandbox
     */
    public record Mount(String name, String mountPath, boolean readOnly) {}

    /** Keeps its own copies. */
    public PodContainer {
        endpoints = List.copyOf(endpoints);
        environment = Copies.sorted(environment);
        volumeMounts = List.copyOf(volumeMounts);
        artifacts = List.copyOf(artifacts);
        labels = Copies.sorted(labels);
    }
}
