package io.springtide.master.agents;

import java.time.Duration;

/** For how long nothing has been heard of an agent, and whether that means anything. Any thread. */
final class Silence {

    private volatile long heardNanos = System.nanoTime();
    /** The agent waits for us. */
    private volatile boolean excused;

    /** The agent has said something, or could not have. */
    void heard() {
        heardNanos = System.nanoTime();
    }

    /** The agent has to wait for us: until {@link #over} its silence means nothing. */
    void excused() {
        excused = true;
    }

    /** The agent may speak again, and has all its time for that. */
    void over() {
        heard();
        excused = false;
    }

    long nanos() {
        return System.nanoTime() - heardNanos;
    }

    /** Whether it has lasted so long that the agent counts as silent. */
    boolean isLonger(Duration patience) {
        return !excused && nanos() >= patience.toNanos();
    }
}
