package io.springtide.core;

/**
 * What an operator may set about the core's rules.
 *
 * @param agentUnreachableAfterMs from suspect to unreachable
 * @param agentRemovedAfterMs an unreachable agent without instances is forgotten after this
 * @param launchTimeoutMs an instance that does not get to run for so long is replaced; Marathon's
 *     {@code task_launch_timeout}
 * @param servicePortFirst lowest service port that is chosen for an app
 * @param servicePortLast highest service port that is chosen for an app
 */
public record CoreSettings(long agentUnreachableAfterMs, long agentRemovedAfterMs,
        long launchTimeoutMs,
        int servicePortFirst, int servicePortLast) {

    public static final CoreSettings DEFAULT = new CoreSettings(5_000, 24 * 3_600_000L, 300_000,
            10_000, 19_999);

    public CoreSettings {
        Check.argument(
                agentUnreachableAfterMs > 0 && agentRemovedAfterMs > 0 && launchTimeoutMs > 0,
                "times must be above zero");
        Check.argument(
                0 < servicePortFirst && servicePortFirst <= servicePortLast
                        && servicePortLast <= 65_535,
                "service ports must lie within 1-65535, the first not above the last");
    }

    /** The same with another time after which a suspect agent counts as unreachable. */
    public CoreSettings withAgentUnreachableAfterMs(long ms) {
        return new CoreSettings(ms, agentRemovedAfterMs, launchTimeoutMs, servicePortFirst,
                servicePortLast);
    }
}
