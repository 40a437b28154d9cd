package io.springtide.agent.runtime;

/** Hears what becomes of a task. Called in order for one task, from any thread. */
public interface TaskListener {

    /** What it needs is there (image pulled, sandbox made); it is being started. */
    void starting(long instanceId);

    /**
     * It runs.
     *
     * @param ipAddress the container's own address, or empty where it shares the machine's
     */
    void running(long instanceId, String ipAddress);

    /** It stands still, as was wanted last; told for each wish, though it stood still before. */
    default void paused(long instanceId) {}

    /** It goes on, as was wanted last; told for each wish, though it was not frozen. */
    default void resumed(long instanceId) {}

    /** Its end, which is told next, was found by looking: no event had told of it. */
    default void overlooked(long instanceId) {}

    /** It is over; nothing more is heard of it. */
    void ended(long instanceId, Ending ending);
}
