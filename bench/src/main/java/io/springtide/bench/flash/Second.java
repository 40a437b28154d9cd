package io.springtide.bench.flash;

import java.util.SortedMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** What became of the requests that were due within one second. Used by one thread. */
public final class Second {

    /** An hour in microseconds: nothing waits that long. */
    private static final long LATENCY_US_MAX = 3_600_000_000L;

    private final Histogram latency = new Histogram(LATENCY_US_MAX, 3);
    private final SortedMap<String, Integer> errors = new TreeMap<>();
    private int due;

    void sent() {
        due++;
    }

    /** Answered well, so long after it was due. */
    void answered(long nanos) {
        latency.recordValue(Math.clamp(nanos / 1_000, 0, LATENCY_US_MAX));
    }

    /** Not answered, or not well. */
    void failed(String why) {
        errors.merge(why, 1, Integer::sum);
    }

    /** Requests that were due. */
    public int due() {
        return due;
    }

    /** Those of them that were answered well. */
    public int answered() {
        return (int) latency.getTotalCount();
    }

    /** Those that were not. */
    public int failed() {
        return errors.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** How many failed, by what was wrong: a status, {@code timeout}, {@code connection}. */
    public SortedMap<String, Integer> errors() {
        return errors;
    }

    /** From when it was due to the end of the answer; 0 if nothing was answered. */
    public double ms(double percentile) {
        return latency.getValueAtPercentile(percentile) / 1e3;
    }

    void addTo(Histogram all) {
        all.add(latency);
    }
}
