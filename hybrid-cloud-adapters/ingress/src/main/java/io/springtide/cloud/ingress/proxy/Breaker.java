package io.springtide.cloud.ingress.proxy;

/**
 * Keeps requests away from an endpoint that fails: after some failures in a row it is out for a second,
 * then one request is a trial; each failed trial doubles the time, up to half a minute. One for each
 * endpoint and event loop, so that there is nothing to lock; a loop's failures are not the others'.
 */
final class Breaker {

    /** So many in a row. */
    static final int FAILURES_MAX = 5;

    private static final long OUT_NANOS = 1_000_000_000L;
    private static final long OUT_NANOS_MAX = 30 * OUT_NANOS;

    private int failures;
    private long outNanos;
    private long outUntil;
    private boolean out;
    private boolean trial;
    private boolean unreachable;

    /** Whether a request may be sent; if it is one of trial, no second one may be until it has ended. */
    boolean admits(long now) {
        return !out || (!trial && now - outUntil >= 0);
    }

    /** Whether it is out because of the answers it gave, not because nobody is there. */
    boolean answers() {
        return !out || !unreachable;
    }

    /** A request is sent. Returns whether it is one of trial. */
    boolean begin() {
        if (out && !trial) {
            trial = true;
            return true;
        }
        return false;
    }

    void succeeded() {
        failures = 0;
        out = false;
        trial = false;
        outNanos = 0;
    }

    /** @param connecting nobody was there, as opposed to an answer of 5xx */
    void failed(long now, boolean connecting) {
        trial = false;
        if (!out && ++failures < FAILURES_MAX) {
            return;
        }
        // Those that were under way when it went out say nothing new.
        if (!out || now - outUntil >= 0) {
            outNanos = outNanos == 0 ? OUT_NANOS : Math.min(OUT_NANOS_MAX, 2 * outNanos);
            outUntil = now + outNanos;
        }
        out = true;
        unreachable = connecting;
    }

    /** The trial ended in a way that says nothing about the endpoint: the next request is one. */
    void abandoned() {
        trial = false;
    }
}
