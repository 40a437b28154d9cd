package io.springtide.core.placement;

import io.springtide.core.state.AgentTable;

/** What the agents have in all, with reciprocals: a division for every score would be felt. */
final class Capacity {

    private static final int RECIPROCAL_BITS = 62;
    private static final int LOAD_BITS = 32;
    private static final int LOAD_SHIFT = RECIPROCAL_BITS - LOAD_BITS;

    private final int[] gpus;
    private final long[] cpusMilli;
    private final long[] memMib;
    private final long[] cpusReciprocal;
    private final long[] memReciprocal;

    Capacity(AgentTable agents) {
        int rows = agents.rows();
        gpus = new int[rows];
        cpusMilli = new long[rows];
        memMib = new long[rows];
        cpusReciprocal = new long[rows];
        memReciprocal = new long[rows];
        for (int row = 0; row < rows; row++) {
            if (agents.present(row)) {
                cpusMilli[row] = agents.spec(row).resources().cpusMilli();
                memMib[row] = agents.spec(row).resources().memMib();
                gpus[row] = agents.spec(row).resources().gpus();
                cpusReciprocal[row] = (1L << RECIPROCAL_BITS) / Math.max(1, cpusMilli[row]);
                memReciprocal[row] = (1L << RECIPROCAL_BITS) / Math.max(1, memMib[row]);
            }
        }
    }

    int gpus(int row) {
        return gpus[row];
    }

    /** The part of an agent's processors that is not free, 0 to 2^32 - 1. */
    long cpusLoad(int row, long freeMilli) {
        return load(cpusMilli[row], freeMilli, cpusReciprocal[row]);
    }

    /** The part of an agent's memory that is not free, 0 to 2^32 - 1. */
    long memLoad(int row, long freeMib) {
        return load(memMib[row], freeMib, memReciprocal[row]);
    }

    private static long load(long total, long free, long reciprocal) {
        long used = Math.min(total, Math.max(0, total - free));
        return Math.min((1L << LOAD_BITS) - 1, (used * reciprocal) >>> LOAD_SHIFT);
    }
}
