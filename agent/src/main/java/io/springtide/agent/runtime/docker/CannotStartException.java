package io.springtide.agent.runtime.docker;

/** A task cannot be started as it is; the message is the sentence that its author gets to read. */
final class CannotStartException extends RuntimeException {

    private static final long serialVersionUID = 1;

    CannotStartException(String sentence) {
        super(sentence);
    }
}
