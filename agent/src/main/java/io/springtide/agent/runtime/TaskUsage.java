package io.springtide.agent.runtime;

/**
 * What a task used.
 *
 * @param cpusMilli processor time over wall time since the last look, in thousandths of a processor
 * @param memBytes resident memory now
 */
public record TaskUsage(long instanceId, long cpusMilli, long memBytes) {}
