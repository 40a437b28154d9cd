package io.springtide.master.ring;

import java.util.function.LongSupplier;

/**
 * The time that commands are stamped with: the wall clock at the start, then carried on by the
 * monotonic one. It never stands still and never goes back, whatever is done to the machine's clock.
 */
final class EngineClock {

    private static final long NANOS_PER_MS = 1_000_000;

    private final long startMs;
    private final long startNanos;
    private final LongSupplier nanoTime;

    /**
     * Starts at the wall clock, or just behind the newest fact if that is later.
     *
     * @param newestMs time of the newest fact in the journal; 0 if there is none
     */
    EngineClock(LongSupplier wallMs, LongSupplier nanoTime, long newestMs) {
        this.startMs = Math.max(wallMs.getAsLong(), newestMs);
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
    }

    long nowMs() {
        return startMs + (nanoTime.getAsLong() - startNanos) / NANOS_PER_MS;
    }
}
