package io.springtide.master.agents;

import java.time.Duration;

/** The clock, the timer and the dice of one reign's gateway. Any thread. */
public interface Timing extends AutoCloseable {

    /** On a thread of its own, by the machine's monotonic clock. */
    static Timing onThread() {
        return new ThreadTiming();
    }

    /** As {@link System#nanoTime}. */
    long nanoTime();

    /** A number from {@code from} to below {@code to}. */
    long random(long from, long to);

    /** Runs a task once, a while from now. What it throws is logged. */
    void after(Duration delay, Runnable task);

    /** Runs a task again and again, the first time a pause from now. What it throws is logged. */
    void every(Duration pause, Runnable task);

    /** What has not begun by now never does. Idempotent. */
    @Override
    void close();
}
