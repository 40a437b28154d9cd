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
    private static final long HURRIED_MS_FIRST = 10;

    private final ScheduledExecutorService timer;
    private final Semaphore permits;
    private final long intervalMs;
    private final BooleanSupplier round;
    /** How often rounds begin for now: an instance that was thawed answers within milliseconds. */
    private volatile long hurriedMs = Long.MAX_VALUE;
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

    /** Begins at once, and again soon and ever less soon, until it is told that there is time. */
    void beginHurried() {
        hurriedMs = HURRIED_MS_FIRST;
        begin(0);
    }

    /** Whether rounds begin sooner than the interval wants. */
    boolean hurried() {
        return hurriedMs < intervalMs;
    }

    /** From now on the interval counts. */
    void slowDown() {
        hurriedMs = Long.MAX_VALUE;
    }

    private long untilNextMs(long begunMs) {
        long hurried = hurriedMs;
        if (hurried >= intervalMs) {
            return Math.max(1, intervalMs - (upMs() - begunMs));
        }
        // A round that takes long is no hurry: what is slow to fail is counted soon all the same.
        hurriedMs = 2 * Math.max(hurried, upMs() - begunMs);
        return hurried;
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
            begin(hurried() ? HURRIED_MS_FIRST : BUSY_MS);
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
                begin(untilNextMs(begunMs));
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
