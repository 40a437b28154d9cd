package io.springtide.core.model;

/**
 * How far the change to an app's present configuration has come.
 *
 * @param originalMs the version before it; 0 = there was none
 * @param beganMs when it began
 * @param stage how many canary stages lie behind it
 * @param stagedMs when everything that the present stage lets in was healthy; 0 = not yet
 * @param limit no more new instances than this, since somebody has paused it or its deployment was
 *     stopped halfway; {@link #UNLIMITED}
 * @param stopFirst an old one has to end before a new one fits: constraints or fixed ports leave no room
 * @param failures new instances that have failed, or fallen ill, since it began
 */
public record RolloutState(long originalMs, long beganMs, int stage, long stagedMs, int limit,
        boolean stopFirst, int failures) {

    public static final int UNLIMITED = -1;

    /** Nothing has been changed yet. */
    public static final RolloutState NONE = begun(0, 0);

    /** A change at its beginning. */
    public static RolloutState begun(long originalMs, long beganMs) {
        return new RolloutState(originalMs, beganMs, 0, 0, UNLIMITED, false, 0);
    }

    public boolean paused() {
        return limit != UNLIMITED;
    }

    /** The same at another stage, which has yet to be reached. */
    public RolloutState withStage(int next) {
        return new RolloutState(originalMs, beganMs, next, 0, limit, stopFirst, failures);
    }

    /** The same, with everything in place that the stage lets in. */
    public RolloutState withStaged(long atMs) {
        return new RolloutState(originalMs, beganMs, stage, atMs, limit, stopFirst, failures);
    }

    /** The same, held at so many new instances. */
    public RolloutState withLimit(int many) {
        return new RolloutState(originalMs, beganMs, stage, stagedMs, many, stopFirst, failures);
    }

    /** The same, an old one ending before a new one begins. */
    public RolloutState withStopFirst(boolean first) {
        return new RolloutState(originalMs, beganMs, stage, stagedMs, limit, first, failures);
    }

    /** The same after so many failures. */
    public RolloutState withFailures(int count) {
        return new RolloutState(originalMs, beganMs, stage, stagedMs, limit, stopFirst, count);
    }
}
