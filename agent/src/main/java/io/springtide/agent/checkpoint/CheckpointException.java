package io.springtide.agent.checkpoint;

/** The agent's data folder cannot be used; the message says why and what to do. */
public final class CheckpointException extends RuntimeException {

    public CheckpointException(String message) {
        super(message);
    }

    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
