package io.springtide.agent.runtime.docker;

/** The daemon could not be asked at all, or did not answer in time; the message says why and what to do. */
final class DaemonException extends RuntimeException {

    private static final long serialVersionUID = 1;

    DaemonException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
