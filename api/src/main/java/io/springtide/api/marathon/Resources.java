package io.springtide.api.marathon;

import java.util.Optional;

/**
 * What a task needs of an agent.
 *
 * @param cpus cores, may be a fraction
 * @param memMib memory
 * @param diskMib sandbox
 * @param gpus whole devices
 * @param limits how far a task may go beyond; empty if nobody said
 * @param executor for Mesos executors; empty if nobody said
 */
public record Resources(double cpus, double memMib, double diskMib, int gpus,
        Optional<Limits> limits, Optional<ExecutorResources> executor) {

    /**
     * Upper bounds, each at least what is requested.
     *
     * @param cpus empty if it is not bounded here
     * @param memMib empty if it is not bounded here
     */
    public record Limits(Optional<Limit> cpus, Optional<Limit> memMib) {}

    /** One upper bound. */
    public sealed interface Limit {

        /** As much as there is. */
        record Unlimited() implements Limit {}

        /** So much and no more. */
        record AtMost(double amount) implements Limit {}
    }

    /** What the executor itself needs, beside its task. */
    public record ExecutorResources(double cpus, double memMib, double diskMib) {}
}
