package io.springtide.bench.placement.engine;

import java.util.Arrays;

/**
 * What an engine answered to one workload.
 *
 * @param machines the machine of each task; {@link #NOWHERE} if it found none
 * @param evictedBy for each resident the task that it had to make room for; {@link #NOWHERE} if it
 *     stayed; empty if the engine evicts nothing
 * @param tried how many tasks the engine got to, in order, before its time was up
 * @param nanos from the first task to the last
 * @param allocatedBytes by all threads in that time; -1 if not known
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Outcome(int[] machines, int[] evictedBy, int tried, long nanos,
        long allocatedBytes) {

    public static final int NOWHERE = -1;

    private static final int[] NONE = {};

    /** Of an engine that evicts nothing. */
    public Outcome(int[] machines, int tried, long nanos, long allocatedBytes) {
        this(machines, NONE, tried, nanos, allocatedBytes);
    }

    /** An answer that has not been given yet: no task has a machine. */
    public static int[] nowhere(int tasks) {
        int[] machines = new int[tasks];
        Arrays.fill(machines, NOWHERE);
        return machines;
    }

    public int placed() {
        int placed = 0;
        for (int machine : machines) {
            if (machine != NOWHERE) {
                placed++;
            }
        }
        return placed;
    }

    public double placementsPerSecond() {
        return nanos == 0 ? 0 : placed() * 1e9 / nanos;
    }
}
