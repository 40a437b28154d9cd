package io.springtide.cloud.spi.support;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Waiting times between attempts: doubling, capped, and jittered so that nobody comes back in step. */
public final class Backoff {

    private final long firstMs;
    private final long capMs;
    private final RandomGenerator random;
    private long nextMs;

    /**
     * Begins at the shortest wait.
     *
     * @param cap no wait is longer
     */
    public Backoff(Duration first, Duration cap, RandomGenerator random) {
        this.firstMs = first.toMillis();
        this.capMs = cap.toMillis();
        this.random = random;
        this.nextMs = firstMs;
    }

    /** How long to wait now: half of the present step to all of it. */
    public Duration next() {
        long stepMs = nextMs;
        nextMs = Math.min(capMs, 2 * nextMs);
        return Duration.ofMillis(stepMs / 2 + random.nextLong(stepMs / 2 + 1));
    }

    /** Begins anew with the shortest wait. */
    public void reset() {
        nextMs = firstMs;
    }
}
