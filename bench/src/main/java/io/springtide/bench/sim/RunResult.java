package io.springtide.bench.sim;

import java.util.Optional;

/**
 * What became of a run.
 *
 * @param injected faults that really met something, by {@link FaultKind}
 * @param checks how often each {@link Invariant} was checked
 * @param trace stands for the whole history
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
record RunResult(Options options, Optional<Violation> violation, long[] injected, long[] checks,
        long things, long simulatedNanos, long convergedMs, long trace, long facts, int reigns,
        int snapshots, int acknowledged, long cpuNanos) {

    /** The same with something found afterwards. */
    RunResult with(Violation found) {
        return new RunResult(options, Optional.of(found), injected, checks, things, simulatedNanos,
                convergedMs, trace, facts, reigns, snapshots, acknowledged, cpuNanos);
    }

    /** The same with the processor time that it took. */
    RunResult took(long nanos) {
        return new RunResult(options, violation, injected, checks, things, simulatedNanos,
                convergedMs, trace, facts, reigns, snapshots, acknowledged, nanos);
    }
}
