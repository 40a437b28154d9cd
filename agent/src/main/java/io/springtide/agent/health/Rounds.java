package io.springtide.agent.health;

import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
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
    private static final double HURRIED_GROWTH = 2;
    private static final long EAGER_MS_FIRST = 50;
    /** What took long to come up is seen an eighth of that time later, however long it took. */
    private static final double EAGER_GROWTH = 1.125;

    private final ScheduledExecutorService timer;
    private final Semaphore permits;
    private final long intervalMs;
    private final BooleanSupplier round;
    /** How often rounds begin for now. */
    private volatile long hurriedMs = Long.MAX_VALUE;
    private volatile double growth = 1;
    private volatile long hurriedUntilMs;
    /** Nothing has begun at an interval of its own yet. */
    private volatile boolean unspread;
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

    /**
     * Begins at once, and again soon and ever less soon, until it is told that there is time: an
     * instance that was thawed answers within milliseconds.
     */
    void beginHurried() {
        hurry(0, HURRIED_MS_FIRST, HURRIED_GROWTH, Long.MAX_VALUE);
    }

    /**
     * The same for what has to come up first, which takes a while.
     *
     * @param forMs after so long only the interval counts
     */
    void beginEager(long delayMs, long forMs) {
        hurry(delayMs, EAGER_MS_FIRST, EAGER_GROWTH, upMs() + delayMs + forMs);
    }

    private void hurry(long delayMs, long firstMs, double factor, long untilMs) {
        growth = factor;
        hurriedUntilMs = untilMs;
        unspread = true;
        hurriedMs = firstMs;
        begin(delayMs);
    }

    /** Whether rounds begin sooner than the interval wants. */
    boolean hurried() {
        return hurriedMs < intervalMs && upMs() < hurriedUntilMs;
    }

    /** From now on the interval counts. */
    void slowDown() {
        hurriedMs = Long.MAX_VALUE;
    }

    private long untilNextMs(long begunMs) {
        long tookMs = upMs() - begunMs;
        if (hurried()) {
            long hurried = hurriedMs;
            // A round that takes long is no hurry: what is slow to fail is counted soon all the same.
            hurriedMs = (long) Math.ceil(growth * Math.max(hurried, tookMs));
            return hurried;
        }
        if (unspread) {
            // What came up together in a burst must not be asked together forever.
            unspread = false;
            return ThreadLocalRandom.current().nextLong(intervalMs) + 1;
        }
        return Math.max(1, intervalMs - tookMs);
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
            begin(Math.min(hurriedMs, BUSY_MS));
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
