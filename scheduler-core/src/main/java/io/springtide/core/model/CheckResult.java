package io.springtide.core.model;

/**
 * What an instance was last answered by its app's check, which is shown and decides nothing.
 *
 * @param value of {@link Kind#HTTP} the status, of {@link Kind#COMMAND} the exit code, of
 *        {@link Kind#TCP} 1 if somebody listened and else 0; of the others 0
 */
public record CheckResult(Kind kind, int value) {

    /** What kind of answer it is. The order is part of the journal's format. */
    public enum Kind {
        /** Nothing was asked yet. */
        NONE,
        /** Something was asked, and no status and no exit code came back. */
        UNANSWERED, HTTP, TCP, COMMAND
    }

    /** It has not been asked yet. */
    public static final CheckResult NONE = new CheckResult(Kind.NONE, 0);
}
