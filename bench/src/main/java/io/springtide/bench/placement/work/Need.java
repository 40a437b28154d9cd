package io.springtide.bench.placement.work;

/** What one instance takes of a machine. */
public record Need(long cpusMilli, long memMib, int ports) {

    /** Whether an empty machine could hold it. */
    public boolean fits(Machine machine) {
        return cpusMilli <= machine.cpusMilli() && memMib <= machine.memMib()
                && ports <= machine.ports();
    }
}
