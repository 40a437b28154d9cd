package io.springtide.agent.runtime.docker;

/** The daemon could not be asked at all, or did not answer in time; the message says why and what to do. */
final class DaemonException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final boolean reached;

    DaemonException(String sentence, Throwable cause, boolean reached) {
        super(sentence, cause);
        this.reached = reached;
    }

    /** Whether the request may have arrived, and been carried out. */
    boolean reached() {
        return reached;
    }
}
