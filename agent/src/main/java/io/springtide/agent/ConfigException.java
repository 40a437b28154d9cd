package io.springtide.agent;

/** The agent cannot start like this; the message is a sentence for the operator. */
public final class ConfigException extends RuntimeException {

    public ConfigException(String message) {
        super(message);
    }
}
