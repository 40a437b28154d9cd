package io.springtide.bench.placement.engine;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Time and allocation of a stretch of code, those of other threads included. */
final class Meter {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final long allocatedBefore = THREADS.getTotalThreadAllocatedBytes();
    private final long startNanos = System.nanoTime();
    private final long limitNanos;

    private Meter(long limitNanos) {
        this.limitNanos = limitNanos;
    }

    static Meter start(long limitNanos) {
        return new Meter(limitNanos);
    }

    boolean timeIsUp() {
        return System.nanoTime() - startNanos > limitNanos;
    }

    /** The outcome as of now. */
    Outcome stop(int[] machines, int tried) {
        long nanos = System.nanoTime() - startNanos;
        long allocated = THREADS.getTotalThreadAllocatedBytes();
        long bytes = allocated < 0 || allocatedBefore < 0 ? -1 : allocated - allocatedBefore;
        return new Outcome(machines, tried, nanos, bytes);
    }

    /** What has been measured, for an answer that is only put together afterwards. */
    Outcome stop() {
        return stop(new int[0], 0);
    }
}
