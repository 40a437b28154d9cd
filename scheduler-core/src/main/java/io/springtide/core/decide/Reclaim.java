package io.springtide.core.decide;

import io.springtide.core.event.Event;
import io.springtide.core.model.Resources;
import io.springtide.core.placement.Slack;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.InstanceList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Ends best-effort instances where the others now use what they have been living on. */
final class Reclaim {

    /** Of one round; more of them take several. */
    private static final int EVICTIONS_MAX = 1_000;

    private Reclaim() {}

    /** Those to end, lowest priority and youngest first on each agent; nobody if all still fit. */
    static Optional<Event> decide(ClusterState state, int slackMarginPpm, long nowMs) {
        AgentTable agents = state.agents();
        List<Long> surplus = new ArrayList<>();
        for (int row = 0; row < agents.rows() && surplus.size() < EVICTIONS_MAX; row++) {
            if ((agents.cpusOnSlackMilli()[row] > 0 || agents.memOnSlackMib()[row] > 0)
                    && Amounts.live(agents, row)) {
                surplus(agents, row, slackMarginPpm, surplus);
            }
        }
        return surplus.isEmpty()
                ? Optional.empty()
                : Optional.of(new Event.InstancesDecommissioned(surplus, Event.Reason.RECLAIMED,
                        nowMs));
    }

    private static void surplus(AgentTable agents, int row, int slackMarginPpm,
            List<Long> surplus) {
        long cpusOver = -Slack.cpusMilli(agents, row, slackMarginPpm);
        long memOver = -Slack.memMib(agents, row, slackMarginPpm);
        if (agents.cpusOnSlackMilli()[row] + cpusOver <= 0
                && agents.memOnSlackMib()[row] + memOver <= 0) {
            return;
        }
        List<Instance> running = new ArrayList<>();
        InstanceList held = agents.instances(row);
        for (int i = 0; i < held.size(); i++) {
            Instance instance = held.get(i);
            if (instance.stays() && Harm.bestEffort(instance)) {
                running.add(instance);
                cpusOver += need(instance).cpusMilli();
                memOver += need(instance).memMib();
            }
        }
        running.sort(Harm.LEAST_FIRST);
        for (Instance instance : running) {
            // Who gives back nothing of what is short stays.
            if ((cpusOver > 0 && need(instance).cpusMilli() > 0)
                    || (memOver > 0 && need(instance).memMib() > 0)) {
                surplus.add(instance.number());
                cpusOver -= need(instance).cpusMilli();
                memOver -= need(instance).memMib();
            }
        }
    }

    private static Resources need(Instance instance) {
        return instance.version().spec().shape().resources();
    }
}
