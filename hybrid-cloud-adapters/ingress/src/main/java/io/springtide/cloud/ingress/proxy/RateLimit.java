package io.springtide.cloud.ingress.proxy;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket as one number: the time at which it would be full again. Shared by all event loops
 * without a lock. It holds a tenth of a second's requests, at least one.
 */
final class RateLimit {

    private static final long BURST_NANOS = 100_000_000;

    private final AtomicLong fullAt;
    private volatile long nanosEach;

    /** @param perSecond 0 = no limit */
    RateLimit(int perSecond, long now) {
        this.fullAt = new AtomicLong(now);
        limit(perSecond);
    }

    /** Changes the limit, in force from the next request on. */
    void limit(int perSecond) {
        nanosEach = perSecond <= 0 ? 0 : Math.max(1, 1_000_000_000L / perSecond);
    }

    /** Takes a token if there is one. */
    boolean take(long now) {
        long each = nanosEach;
        if (each == 0) {
            return true;
        }
        long burst = Math.max(BURST_NANOS, each);
        while (true) {
            long at = fullAt.get();
            long next = (at - now < 0 ? now : at) + each;
            if (next - now > burst) {
                return false;
            }
            if (fullAt.compareAndSet(at, next)) {
                return true;
            }
        }
    }
}
