package io.springtide.core;

/**
 * What an operator may set about the core's rules.
 *
 * @param agentUnreachableAfterMs an agent that is silent for so long is unreachable
 * @param agentRemovedAfterMs an unreachable agent without instances is forgotten after this
 * @param launchTimeoutMs an instance that does not get to run for so long is replaced; Marathon's
 *     {@code task_launch_timeout}
 * @param servicePortFirst lowest service port that is chosen for an app
 * @param servicePortLast highest service port that is chosen for an app
 * @param starvingAfterMs for an app that has waited so long for room, agents are kept from smaller ones
 * @param slackMarginPpm so many millionths of an agent are kept from best-effort instances where its
 *     use is measured
 * @param healthStormPpm where the checks of more than so many millionths of the checked instances fail,
 *     none is ended for its health
 * @param healthStormMin unless fewer than so many fail
 * @param silence how much silence of agents is believed
 */
public record CoreSettings(long agentUnreachableAfterMs, long agentRemovedAfterMs,
        long launchTimeoutMs, int servicePortFirst, int servicePortLast, long starvingAfterMs,
        int slackMarginPpm, int healthStormPpm, int healthStormMin, SilenceSettings silence) {

    public static final CoreSettings DEFAULT = new CoreSettings(5_000, 24 * 3_600_000L, 300_000,
            10_000, 19_999);

    public CoreSettings {
        Check.argument(
                agentUnreachableAfterMs > 0 && agentRemovedAfterMs > 0 && launchTimeoutMs > 0,
                "times must be above zero");
        Check.argument(starvingAfterMs > 0, "starvingAfterMs must be above zero");
        Check.argument(healthStormPpm > 0 && healthStormPpm <= 1_000_000 && healthStormMin > 0,
                "healthStormPpm lies within 1 and 1000000, healthStormMin is above zero");
        Check.argument(slackMarginPpm >= 0 && slackMarginPpm <= 1_000_000,
                "slackMarginPpm lies within 0 and 1000000");
        Check.argument(
                0 < servicePortFirst && servicePortFirst <= servicePortLast
                        && servicePortLast <= 65_535,
                "service ports must lie within 1-65535, the first not above the last");
    }

    /** With the usual idea of what is a storm of failing health checks. */
    public CoreSettings(long agentUnreachableAfterMs, long agentRemovedAfterMs,
            long launchTimeoutMs, int servicePortFirst, int servicePortLast, long starvingAfterMs,
            int slackMarginPpm) {
        this(agentUnreachableAfterMs, agentRemovedAfterMs, launchTimeoutMs, servicePortFirst,
                servicePortLast, starvingAfterMs, slackMarginPpm, 500_000, 10,
                SilenceSettings.DEFAULT);
    }

    /** With the usual rules for those who wait, and the usual margin. */
    public CoreSettings(long agentUnreachableAfterMs, long agentRemovedAfterMs,
            long launchTimeoutMs, int servicePortFirst, int servicePortLast) {
        this(agentUnreachableAfterMs, agentRemovedAfterMs, launchTimeoutMs, servicePortFirst,
                servicePortLast, 60_000, 100_000);
    }

    /** The same with another time after which a suspect agent counts as unreachable. */
    public CoreSettings withAgentUnreachableAfterMs(long ms) {
        return new CoreSettings(ms, agentRemovedAfterMs, launchTimeoutMs, servicePortFirst,
                servicePortLast, starvingAfterMs, slackMarginPpm, healthStormPpm, healthStormMin,
                silence);
    }

    /** The same with another idea of what is a storm of failing health checks. */
    public CoreSettings withHealthStorm(int ppm, int min) {
        return new CoreSettings(agentUnreachableAfterMs, agentRemovedAfterMs, launchTimeoutMs,
                servicePortFirst, servicePortLast, starvingAfterMs, slackMarginPpm, ppm, min,
                silence);
    }

    /** The same with another time after which an unreachable agent without instances is forgotten. */
    public CoreSettings withAgentRemovedAfterMs(long ms) {
        return new CoreSettings(agentUnreachableAfterMs, ms, launchTimeoutMs, servicePortFirst,
                servicePortLast, starvingAfterMs, slackMarginPpm, healthStormPpm, healthStormMin,
                silence);
    }

    /** The same with another idea of how much silence is believed. */
    public CoreSettings withSilence(SilenceSettings other) {
        return new CoreSettings(agentUnreachableAfterMs, agentRemovedAfterMs, launchTimeoutMs,
                servicePortFirst, servicePortLast, starvingAfterMs, slackMarginPpm, healthStormPpm,
                healthStormMin, other);
    }
}
