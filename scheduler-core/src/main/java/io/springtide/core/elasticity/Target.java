package io.springtide.core.elasticity;

/**
 * One thing that is measured of an app, and how much of it one instance should carry.
 *
 * @param valueMilli thousandths of what one instance should carry: percent of what its app asks for
 *     ({@link Kind#CPU}, {@link Kind#MEMORY}), requests a second, requests at once, milliseconds of the
 *     99th percentile ({@link Kind#LATENCY}), or whatever the query gives
 * @param query text of a {@link Kind#PROMQL} target; else empty
 * @param measure what a sample of it says; that of the kind, except that a query may be either
 */
public record Target(Kind kind, long valueMilli, String query, Measure measure) {

    /** The order is part of the journal's format. */
    public enum Kind {
        /** Percent of the processors asked for. */
        CPU,
        /** Percent of the memory asked for. */
        MEMORY,
        /** Requests a second. */
        REQUESTS,
        /** Requests at once. */
        CONCURRENCY,
        /** The 99th percentile in milliseconds. It says that there is too much load, not how much. */
        LATENCY,
        /** Any query to Prometheus that gives one number. */
        PROMQL;

        /** What samples of the kind say where nothing else is said. */
        public Measure measure() {
            return this == REQUESTS || this == CONCURRENCY ? Measure.TOTAL : Measure.AVERAGE;
        }
    }

    /** What a sample says. The order is part of the journal's format. */
    public enum Measure {
        /** The sum over the app: it does not depend on how many instances share it. */
        TOTAL,
        /** What one of the ready instances has on average, or a level that all of them see. */
        AVERAGE
    }

    /** A target of any kind but {@link Kind#PROMQL}. */
    public Target(Kind kind, long valueMilli) {
        this(kind, valueMilli, "", kind.measure());
    }

    /** A query. */
    public static Target query(String query, long valueMilli, Measure measure) {
        return new Target(Kind.PROMQL, valueMilli, query, measure);
    }
}
