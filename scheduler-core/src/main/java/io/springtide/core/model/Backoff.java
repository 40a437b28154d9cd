package io.springtide.core.model;

import io.springtide.core.Check;

/**
 * How launches are delayed after failures: {@code initialMs} after the first, then growing by
 * {@code factorPpm} millionths up to {@code maxMs}.
 */
public record Backoff(long initialMs, long factorPpm, long maxMs) {

    private static final long PPM = 1_000_000;

    /** Marathon's defaults: one second, times 1.15, at most five minutes. */
    public static final Backoff DEFAULT = new Backoff(1_000, 1_150_000, 300_000);

    /** A thousandfold rise with each failure is no backoff any more. */
    public static final long FACTOR_PPM_MAX = 1_000 * PPM;

    /** A year; above it a delay means "never". */
    public static final long DELAY_MS_MAX = 365L * 24 * 3_600_000;

    public Backoff {
        Check.argument(initialMs >= 0 && initialMs <= DELAY_MS_MAX,
                "backoffSeconds is out of range");
        Check.argument(factorPpm >= PPM && factorPpm <= FACTOR_PPM_MAX,
                "backoffFactor is out of range");
        Check.argument(maxMs >= 0 && maxMs <= DELAY_MS_MAX,
                "maxLaunchDelaySeconds is out of range");
    }

    /** The delay after one more failure, given the one before it (0 = none yet). */
    public long delayMsAfter(long delayMs) {
        long next = delayMs == 0
                ? initialMs
                : delayMs / PPM * factorPpm + delayMs % PPM * factorPpm / PPM;
        return Math.min(next, maxMs);
    }
}
