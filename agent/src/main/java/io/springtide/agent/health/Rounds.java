package io.springtide.agent.health;

import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Asks the same again and again, on a virtual thread for each round; a new round begins only after the
 * one before is over, and only where a permit is free.
 */
final class Rounds {

    private static final long INTERVAL_MS_MIN = 100;
    private static final long BUSY_MS = 50;

    private final ScheduledExecutorService timer;
    private final Semaphore permits;
    private final long intervalMs;
    private final BooleanSupplier round;
    private volatile boolean stopped;
    private volatile Optional<ScheduledFuture<?>> next = Optional.empty();

    /**
     * Rounds that have not begun.
     *
     * @param round does the work of one, and tells whether another is wanted
     */
    Rounds(ScheduledExecutorService timer, Semaphore permits, long intervalMs,
            BooleanSupplier round) {
        this.timer = timer;
        this.permits = permits;
        this.intervalMs = Math.max(INTERVAL_MS_MIN, intervalMs);
        this.round = round;
    }

    long intervalMs() {
        return intervalMs;
    }

    boolean stopped() {
        return stopped;
    }

    void begin(long delayMs) {
        if (stopped) {
            return;
        }
        try {
            next = Optional.of(timer.schedule(this::turn, delayMs, TimeUnit.MILLISECONDS));
        } catch (RejectedExecutionException e) {
            stopped = true; // the checker is closed
        }
    }

    private void turn() {
        if (stopped) {
            return;
        }
        if (permits.tryAcquire()) {
            Thread.startVirtualThread(this::run);
        } else {
            begin(BUSY_MS);
        }
    }

    private void run() {
        long begunMs = upMs();
        boolean again = true;
        try {
            again = round.getAsBoolean();
        } finally {
            permits.release();
            if (again) {
                begin(Math.max(1, intervalMs - (upMs() - begunMs)));
            } else {
                stopped = true;
            }
        }
    }

    static long upMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    void stop() {
        stopped = true;
        next.ifPresent(timed -> timed.cancel(false));
    }
}
