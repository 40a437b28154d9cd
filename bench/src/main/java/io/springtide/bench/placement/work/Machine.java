package io.springtide.bench.placement.work;

/**
 * An agent of a workload.
 *
 * @param kind an attribute that rules may ask for; the same for all where none does
 */
public record Machine(long cpusMilli, long memMib, int ports, String zone, String rack,
        String kind) {

    /** The kind of machines that no rule singles out. */
    public static final String PLAIN = "plain";
}
