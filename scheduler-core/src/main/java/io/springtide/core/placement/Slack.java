package io.springtide.core.placement;

import io.springtide.core.state.AgentTable;

/**
 * How much best-effort instances in all may take of an agent: what is not used of it, less a margin,
 * where that has been measured; else what nobody holds.
 */
public final class Slack {

    private static final long PPM = 1_000_000;

    private Slack() {}

    /** Thousandths of processors; may be below zero. */
    public static long cpusMilli(AgentTable agents, int row, int marginPpm) {
        long used = agents.cpusUsedMilli()[row];
        return used < 0
                ? agents.cpusFreeMilli()[row]
                : within(agents.spec(row).resources().cpusMilli(), marginPpm) - used;
    }

    /** MiB; may be below zero. */
    public static long memMib(AgentTable agents, int row, int marginPpm) {
        long used = agents.memUsedMib()[row];
        return used < 0
                ? agents.memFreeMib()[row]
                : within(agents.spec(row).resources().memMib(), marginPpm) - used;
    }

    private static long within(long total, int marginPpm) {
        return total / PPM * (PPM - marginPpm) + total % PPM * (PPM - marginPpm) / PPM;
    }
}
