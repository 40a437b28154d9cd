package io.springtide.agent.runtime;

/** How a task ended. */
public sealed interface Ending {

    /**
     * It ran and ended.
     *
     * @param code the exit code; 128 + signal where a signal ended it
     * @param message what is known beyond the code, e.g. that memory ran out; may be empty
     */
    record Exited(int code, String message) implements Ending {}

    /** It could not be started; the message says why and what to do. */
    record NotStarted(String message) implements Ending {}

    /** It was launched once, and no trace of it is left. */
    record Gone(String message) implements Ending {}
}
