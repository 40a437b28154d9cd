package io.springtide.core.elasticity;

/**
 * What comes in for an app and is served, over the last second or so: see {@link Burst#windowMs}.
 *
 * @param arrivals requests a second
 * @param inFlight requests being served at once
 * @param waiting requests that nobody serves yet
 * @param atMs when it was so
 */
public record Traffic(double arrivals, double inFlight, double waiting, long atMs) {

    /** Older than this it says nothing about a flood now. */
    static final long STALE_AFTER_MS = 5_000;

    /** Thousandths of requests a second; 0 if the number is mad. */
    long arrivalsMilli() {
        return new Sample(arrivals, atMs, 0).milli().orElse(0);
    }

    /** Thousandths of requests that are in flight or waiting; a mad number counts nothing. */
    long atOnceMilli() {
        return new Sample(inFlight, atMs, 0).milli().orElse(0) + waitingMilli();
    }

    /** Thousandths of requests that nobody serves yet; 0 if the number is mad. */
    long waitingMilli() {
        return new Sample(waiting, atMs, 0).milli().orElse(0);
    }

    boolean stale(long nowMs) {
        return nowMs - atMs > STALE_AFTER_MS;
    }
}
