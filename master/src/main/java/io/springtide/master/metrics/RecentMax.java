package io.springtide.master.metrics;

import java.util.concurrent.TimeUnit;

/**
 * The longest duration of the last one to two minutes, so that an alert ends when its cause has. Two
 * windows take turns. Any thread.
 */
final class RecentMax {

    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

    private long windowNanos;
    private long maxNanos;
    private long maxBeforeNanos;

    RecentMax(long nowNanos) {
        windowNanos = nowNanos;
    }

    synchronized void took(long durationNanos, long nowNanos) {
        turn(nowNanos);
        maxNanos = Math.max(maxNanos, durationNanos);
    }

    synchronized long nanos(long nowNanos) {
        turn(nowNanos);
        return Math.max(maxNanos, maxBeforeNanos);
    }

    private void turn(long nowNanos) {
        long passed = nowNanos - windowNanos;
        if (passed >= WINDOW_NANOS) {
            maxBeforeNanos = passed < 2 * WINDOW_NANOS ? maxNanos : 0;
            maxNanos = 0;
            windowNanos += passed / WINDOW_NANOS * WINDOW_NANOS;
        }
    }
}
