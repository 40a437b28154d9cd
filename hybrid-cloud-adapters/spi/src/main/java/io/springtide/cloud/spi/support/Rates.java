package io.springtide.cloud.spi.support;

import java.util.HashMap;
import java.util.Map;

/**
 * Rates from counters that only rise. A counter that has fallen was begun anew by the other side and
 * counts as all new; one that is seen for the first time says nothing yet. What a round did not ask for
 * is forgotten. For one thread.
 */
public final class Rates {

    private Map<String, Long> before = new HashMap<>();
    private Map<String, Long> now = new HashMap<>();
    private long atNanos;
    private double seconds;

    /** Begins a round. */
    public void begin(long nanos) {
        seconds = before.isEmpty() ? 0 : (nanos - atNanos) / 1e9;
        atNanos = nanos;
    }

    /** By how much the counter has risen since the round before; 0 where there was none. */
    public long rise(String counter, long value) {
        now.put(counter, value);
        Long last = before.get(counter);
        if (last == null) {
            return 0;
        }
        return value >= last ? value - last : value;
    }

    /** The same for each second. */
    public double perSecond(String counter, long value) {
        long rise = rise(counter, value);
        return seconds <= 0 ? 0 : rise / seconds;
    }

    /** Ends the round. */
    public void end() {
        before = now;
        now = new HashMap<>();
    }
}
