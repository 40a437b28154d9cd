package io.springtide.core.elasticity;

/**
 * One change of an app's count, as it is remembered.
 *
 * @param dryRun it was only written down
 */
public record ScalingDecision(long atMs, int from, int to, ScalingReason reason,
        boolean dryRun) {}
