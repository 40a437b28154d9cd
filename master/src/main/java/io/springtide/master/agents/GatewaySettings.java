package io.springtide.master.agents;

import io.springtide.core.Check;
import java.time.Duration;

/**
 * What an operator may set about the gateway.
 *
 * @param host address to listen on
 * @param port 0 takes any free one
 * @param heartbeatInterval what agents are told in their Welcome
 * @param silentAfter a connected agent of which nothing is heard for so long counts as silent
 * @param absentAfter at the start of a reign, agents get so long to connect before they count as silent
 * @param masterSilentAfter agents that have heard nothing of this master for so long hang up and try others
 * @param reconcileEvery how often what an agent holds is compared with what it should, about
 * @param agentsMax beyond it further agents are refused
 * @param pendingMax orders that may wait for one slow agent; beyond it its connection is closed, and
 *     everything is compared again when it comes back
 */
public record GatewaySettings(String host, int port, Duration heartbeatInterval,
        Duration silentAfter, Duration absentAfter, Duration masterSilentAfter,
        Duration reconcileEvery, int agentsMax, int pendingMax) {

    private static final Duration STEP_MAX = Duration.ofSeconds(1);
    private static final Duration STEP_MIN = Duration.ofMillis(20);
    private static final int STEPS = 8;

    public static final GatewaySettings DEFAULT = new GatewaySettings("127.0.0.1", 5051,
            Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5),
            Duration.ofMillis(2_500), Duration.ofSeconds(60), 20_000, 100_000);

    public GatewaySettings {
        Check.argument(port >= 0 && port <= 65_535, "not a port for agents: " + port);
        Check.argument(heartbeatInterval.isPositive() && absentAfter.isPositive(),
                "times must be above zero");
        Check.argument(silentAfter.compareTo(heartbeatInterval) > 0,
                "an agent must have time for a heartbeat before it counts as silent");
        Check.argument(masterSilentAfter.compareTo(heartbeatInterval) > 0,
                "a master must have time for an answer before it counts as silent");
        Check.argument(reconcileEvery.compareTo(STEP_MIN) >= 0,
                "agents cannot be asked more often than every " + STEP_MIN.toMillis() + " ms");
        Check.argument(agentsMax > 0 && pendingMax > 0, "limits must be above zero");
    }

    /** The same on another address. */
    public GatewaySettings withAddress(String newHost, int newPort) {
        return new GatewaySettings(newHost, newPort, heartbeatInterval, silentAfter, absentAfter,
                masterSilentAfter, reconcileEvery, agentsMax, pendingMax);
    }

    /** The same with other times. */
    public GatewaySettings withTimes(Duration heartbeat, Duration silent, Duration absent) {
        return new GatewaySettings(host, port, heartbeat, silent, absent, masterSilentAfter,
                reconcileEvery,
                agentsMax, pendingMax);
    }

    /** The same with another bound of what may wait for one agent. */
    public GatewaySettings withPendingMax(int max) {
        return new GatewaySettings(host, port, heartbeatInterval, silentAfter, absentAfter,
                masterSilentAfter, reconcileEvery, agentsMax, max);
    }

    /** The same with another time after which agents give this master up. */
    public GatewaySettings withMasterSilentAfter(Duration silent) {
        return new GatewaySettings(host, port, heartbeatInterval, silentAfter, absentAfter, silent,
                reconcileEvery, agentsMax, pendingMax);
    }

    /** The same with another interval of reconciliation. */
    public GatewaySettings withReconcileEvery(Duration every) {
        return new GatewaySettings(host, port, heartbeatInterval, silentAfter, absentAfter,
                masterSilentAfter, every, agentsMax, pendingMax);
    }

    /** How often it is looked whose turn it is. */
    Duration reconcileStep() {
        Duration step = reconcileEvery.dividedBy(STEPS);
        return step.compareTo(STEP_MAX) > 0
                ? STEP_MAX
                : step.compareTo(STEP_MIN) < 0 ? STEP_MIN : step;
    }
}
