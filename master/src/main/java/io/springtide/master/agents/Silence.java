package io.springtide.master.agents;

import java.time.Duration;
import java.util.function.LongSupplier;

/** For how long nothing has been heard of an agent, and whether that means anything. Any thread. */
final class Silence {

    private final LongSupplier nanoTime;
    private volatile long heardNanos;
    /** The agent waits for us. */
    private volatile boolean excused;

    /** Counts from now on, by a clock as {@link System#nanoTime}. */
    Silence(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.heardNanos = nanoTime.getAsLong();
    }

    /** The agent has said something, or could not have. */
    void heard() {
        heardNanos = nanoTime.getAsLong();
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
        return nanoTime.getAsLong() - heardNanos;
    }

    /** Whether it has lasted so long that the agent counts as silent. */
    boolean isLonger(Duration patience) {
        return !excused && nanos() >= patience.toNanos();
    }
}
