package io.springtide.master.config;

import io.springtide.core.CoreSettings;
import io.springtide.core.SilenceSettings;
import java.time.Duration;
import java.util.Map;

/**
 * How long agents may be silent, and how many of them.
 *
 * @param suspectAfter nothing new is placed on an agent that is silent for so long
 * @param unreachableAfter instances of one that is silent for so long may be replaced
 * @param lostAfter one that is unreachable for so long, and has no instances left, is forgotten
 * @param grace at the start of a reign agents get so long to come before they count as silent
 * @param reconcileEvery how often what an agent holds is compared with what it should, about
 * @param stormPercent where more than this part of the agents is silent, there is a storm
 * @param stormMin unless no more than so many are
 * @param stormRatePercent this part of the agents is given up in a minute of a storm
 */
public record AgentTimes(Duration suspectAfter, Duration unreachableAfter, Duration lostAfter,
        Duration grace, Duration reconcileEvery, int stormPercent, int stormMin,
        int stormRatePercent) {

    private static final int PPM_EACH = 10_000;
    private static final Duration RECONCILE_MIN = Duration.ofMillis(100);
    private static final Duration SUSPECT_MIN = Duration.ofMillis(1_100);

    public static final AgentTimes DEFAULT = new AgentTimes(Duration.ofSeconds(2),
            Duration.ofSeconds(4), Duration.ofHours(24), Duration.ofSeconds(5),
            Duration.ofSeconds(60), 30, 3, 10);

    public AgentTimes {
        if (suspectAfter.compareTo(SUSPECT_MIN) < 0) {
            throw new IllegalArgumentException("--agent-suspect-after must be at least "
                    + SUSPECT_MIN.toMillis() + "ms: agents say something every second");
        }
        if (unreachableAfter.compareTo(suspectAfter) < 0) {
            throw new IllegalArgumentException(
                    "--agent-unreachable-after must not be below --agent-suspect-after");
        }
        if (!lostAfter.isPositive() || !grace.isPositive()) {
            throw new IllegalArgumentException("times must be above zero, e.g. 5s");
        }
        if (reconcileEvery.compareTo(RECONCILE_MIN) < 0) {
            throw new IllegalArgumentException("--reconcile-every must be at least "
                    + RECONCILE_MIN.toMillis() + "ms");
        }
        if (stormPercent < 1 || stormPercent > 100 || stormMin < 1 || stormRatePercent < 0
                || stormRatePercent > 100) {
            throw new IllegalArgumentException("--agent-storm-percent lies within 1 and 100,"
                    + " --agent-storm-min is above zero, --agent-storm-rate lies within 0 and 100");
        }
    }

    /** The usual ones with another time after which instances may be replaced. */
    static AgentTimes unreachableAfter(Duration after) {
        Duration suspect = DEFAULT.suspectAfter.compareTo(after) > 0 ? after : DEFAULT.suspectAfter;
        return new AgentTimes(suspect, after, DEFAULT.lostAfter, DEFAULT.grace,
                DEFAULT.reconcileEvery, DEFAULT.stormPercent, DEFAULT.stormMin,
                DEFAULT.stormRatePercent);
    }

    CoreSettings in(CoreSettings settings) {
        return settings.withAgentUnreachableAfterMs(unreachableAfter.toMillis())
                .withAgentRemovedAfterMs(lostAfter.toMillis())
                .withSilence(SilenceSettings.DEFAULT.withGraceMs(grace.toMillis()).withStorm(
                        stormPercent * PPM_EACH, stormMin, stormRatePercent * PPM_EACH));
    }

    void flags(Map<String, String> flags) {
        flags.put("agent-suspect-after", suspectAfter.toMillis() + "ms");
        flags.put("agent-unreachable-after", unreachableAfter.toMillis() + "ms");
        flags.put("agent-lost-after", lostAfter.toMillis() + "ms");
        flags.put("agent-grace", grace.toMillis() + "ms");
        flags.put("reconcile-every", reconcileEvery.toMillis() + "ms");
        flags.put("agent-storm-percent", Integer.toString(stormPercent));
        flags.put("agent-storm-min", Integer.toString(stormMin));
        flags.put("agent-storm-rate", Integer.toString(stormRatePercent));
    }
}
