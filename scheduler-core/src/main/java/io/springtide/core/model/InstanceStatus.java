package io.springtide.core.model;

import java.util.List;
import java.util.Optional;

/**
 * What an agent says of an instance.
 *
 * @param exitCode for ended instances; -1 where unknown
 * @param exhausted health checks have failed more often than the app tolerates
 * @param healthFailures consecutive failures of its health checks
 * @param parts its containers, if it has several
 * @param readiness the newest answer to its readiness check, if there is news
 * @param check the newest answer to its check, if there is news
 */
public record InstanceStatus(long instance, Condition condition, int exitCode, String message,
        String ipAddress, Health health, int healthFailures, boolean exhausted,
        List<PartStatus> parts, Optional<Readiness> readiness, Optional<CheckResult> check) {

    /** Longer messages are cut: they live in the journal and in every answer. */
    public static final int MESSAGE_LENGTH_MAX = 1_000;

    public InstanceStatus {
        if (message.length() > MESSAGE_LENGTH_MAX) {
            message = message.substring(0, MESSAGE_LENGTH_MAX);
        }
        parts = List.copyOf(parts);
    }

    /** Of an app, nothing said of its readiness. */
    public InstanceStatus(long instance, Condition condition, int exitCode, String message,
            String ipAddress, Health health, int healthFailures, boolean exhausted) {
        this(instance, condition, exitCode, message, ipAddress, health, healthFailures, exhausted,
                List.of(), Optional.empty(), Optional.empty());
    }

    /** The same with what is said of its containers and of its readiness. */
    public InstanceStatus with(List<PartStatus> containers, Optional<Readiness> answer) {
        return new InstanceStatus(instance, condition, exitCode, message, ipAddress, health,
                healthFailures, exhausted, containers, answer, check);
    }

    /** The same with what its check was answered. */
    public InstanceStatus with(Optional<CheckResult> answer) {
        return new InstanceStatus(instance, condition, exitCode, message, ipAddress, health,
                healthFailures, exhausted, parts, readiness, answer);
    }

    /** Whether it says something of containers or of readiness. */
    public boolean detailed() {
        return !parts.isEmpty() || readiness.isPresent();
    }
}
