package io.springtide.agent.runtime;

/** What became of a command that was run inside a task. */
public sealed interface CommandEnd {

    /**
     * It ran to its end.
     *
     * @param code its exit code; -1 where it is not known
     * @param output the beginning of what it wrote, on one line; may be empty
     */
    record Exited(int code, String output) implements CommandEnd {}

    /** It took too long and was ended. */
    record TimedOut() implements CommandEnd {}

    /** It was not run; the reason is a sentence for people. */
    record NotRun(String reason) implements CommandEnd {}
}
