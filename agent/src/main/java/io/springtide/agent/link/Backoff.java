package io.springtide.agent.link;

import java.util.random.RandomGenerator;

/** Waiting times between attempts: doubling, capped, and jittered so that agents do not come back as one. */
public final class Backoff {

    private final long firstMs;
    private final long capMs;
    private final RandomGenerator random;
    private long nextMs;

    /**
     * Begins at the shortest wait.
     *
     * @param capMs no wait is longer
     */
    public Backoff(long firstMs, long capMs, RandomGenerator random) {
        this.firstMs = firstMs;
        this.capMs = capMs;
        this.random = random;
        this.nextMs = firstMs;
    }

    /** How long to wait now: half of the present step to all of it. */
    public long nextMs() {
        long stepMs = nextMs;
        nextMs = Math.min(capMs, 2 * nextMs);
        return stepMs / 2 + random.nextLong(stepMs / 2 + 1);
    }

    /** Begins anew with the shortest wait. */
    public void reset() {
        nextMs = firstMs;
    }
}
