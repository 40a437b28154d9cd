package io.springtide.core.model;

/**
 * What an agent says of one container of an instance that has several.
 *
 * @param exitCode -1 where unknown
 */
public record PartStatus(String name, Condition condition, int exitCode, String message,
        Health health) {

    public PartStatus {
        if (message.length() > InstanceStatus.MESSAGE_LENGTH_MAX) {
            message = message.substring(0, InstanceStatus.MESSAGE_LENGTH_MAX);
        }
    }
}
