package io.springtide.agent.health;

/** What came back when an instance was asked how it is, not judged yet. */
sealed interface Answer {

    /** Of an HTTP server. */
    record Http(int status) implements Answer {}

    /** Somebody has taken the connection. */
    record Connected() implements Answer {}

    /**
     * A command ran to its end.
     *
     * @param code -1 where it is not known
     * @param output the beginning of what it wrote, on one line; may be empty
     */
    record Exited(int code, String output) implements Answer {}

    /** Nothing; the reason is for people. */
    record Nothing(String reason) implements Answer {}

    /** It was not asked to the end, for this agent is ending. */
    record Interrupted() implements Answer {}
}
