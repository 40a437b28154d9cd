package io.springtide.core.model;

/**
 * What an agent says of an instance.
 *
 * @param exitCode for ended instances; -1 where unknown
 * @param exhausted health checks have failed more often than the app tolerates
 * @param healthFailures consecutive failures of its health checks
 */
public record InstanceStatus(long instance, Condition condition, int exitCode, String message,
        String ipAddress, Health health, int healthFailures, boolean exhausted) {

    /** Longer messages are cut: they live in the journal and in every answer. */
    public static final int MESSAGE_LENGTH_MAX = 1_000;

    public InstanceStatus {
        if (message.length() > MESSAGE_LENGTH_MAX) {
            message = message.substring(0, MESSAGE_LENGTH_MAX);
        }
    }
}
