package io.springtide.agent.runtime.docker;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * Where the Docker daemon is and how patient this agent is with it.
 *
 * @param host {@code unix:///path} or {@code tcp://host:port}; the daemon must see this machine's files,
 *     since sandboxes are mounted into containers
 * @param callTimeout for one request; a create or start waits for others on a busy daemon
 * @param pullTimeout for one image
 * @param logBytesMax of {@code stdout} and {@code stderr} each, before they are rotated
 * @param logFilesOld rotated files kept of each
 */
public record DockerSettings(URI host, Duration callTimeout, Duration pullTimeout, long logBytesMax,
        int logFilesOld) {

    private static final String HOST_DEFAULT = "unix:///var/run/docker.sock";

    public DockerSettings {
        String scheme = host.getScheme() == null ? "" : host.getScheme();
        if (!scheme.equals("unix") && !scheme.equals("tcp")) {
            throw new IllegalArgumentException("the Docker daemon's address is " + host
                    + "; write unix:///var/run/docker.sock or tcp://host:port (DOCKER_HOST)");
        }
        if (logBytesMax < 1024 || logFilesOld < 1) {
            throw new IllegalArgumentException("logs need at least 1024 bytes and one old file");
        }
    }

    /** What fits most machines; honours {@code DOCKER_HOST}. */
    public static DockerSettings fromEnvironment(Map<String, String> environment) {
        String host = environment.getOrDefault("DOCKER_HOST", "");
        return at(URI.create(host.isEmpty() ? HOST_DEFAULT : host));
    }

    /** The defaults, for a daemon at the given address. */
    public static DockerSettings at(URI host) {
        return new DockerSettings(host, Duration.ofSeconds(60), Duration.ofMinutes(15), 10L << 20,
                2);
    }

    /** The same with other limits for a task's logs. */
    public DockerSettings withLogs(long bytesMax, int filesOld) {
        return new DockerSettings(host, callTimeout, pullTimeout, bytesMax, filesOld);
    }

    /** The same with another patience for a single request. */
    public DockerSettings withCallTimeout(Duration timeout) {
        return new DockerSettings(host, timeout, pullTimeout, logBytesMax, logFilesOld);
    }
}
