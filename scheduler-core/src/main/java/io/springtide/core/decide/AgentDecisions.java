package io.springtide.core.decide;

import io.springtide.core.CoreSettings;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.command.Decision;
import io.springtide.core.event.Event;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Goal;
import io.springtide.core.model.Unreachable;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.InstanceList;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** What follows when agents come, fall silent and come back, and when time passes. */
public final class AgentDecisions {

    /** How often everything is looked at for launches that hang; Marathon's interval. */
    private static final long SWEEP_MS = 5_000;

    /** A process that is thawed runs at once: an agent that has not done it by then will not. */
    private static final long THAW_MS_MAX = 10_000;

    private final ClusterState state;
    private final CoreSettings settings;
    private final UpkeepDecisions upkeep;
    private final AgentSilence silence;
    private final RestoreDecisions restore;
    private long sweptMs;

    public AgentDecisions(ClusterState state, CoreSettings settings, UpkeepDecisions upkeep,
            RestoreDecisions restore) {
        this.state = state;
        this.settings = settings;
        this.upkeep = upkeep;
        this.restore = restore;
        this.silence = new AgentSilence(state, settings);
    }

    /** An agent is there; what it should have and does not is given up. */
    public Decision register(Command.RegisterAgent register, long nowMs) {
        AgentSpec agent = register.agent();
        AgentTable agents = state.agents();
        OptionalInt known = agents.rowOf(agent.id());
        int row = known.orElseGet(agents::rowNext);
        List<Event> events = new ArrayList<>();
        Set<Long> held = new TreeSet<>(register.held());
        boolean wiped = known.isPresent()
                && agents.spec(row).incarnation() != agent.incarnation();
        events.add(new Event.AgentRegistered(row, agent, nowMs,
                known.isPresent() && returning(row, held, wiped)));
        if (state.restoration().held()) {
            events.add(restore.compared(row, register, nowMs));
        } else if (known.isPresent()) {
            List<Long> lost = missing(agents.instances(row), held, wiped);
            if (!lost.isEmpty()) {
                events.add(new Event.InstancesLost(lost, wiped
                        ? "agent " + agent.id() + " came back with an empty folder"
                        : "agent " + agent.id() + " came back without it", nowMs));
            }
        }
        return new Decision(events, new Answer.Accepted(0, nowMs, List.of()));
    }

    /** Nothing new goes to an agent that is not heard of. */
    public Decision fellSilent(Command.AgentFellSilent silent, long nowMs) {
        OptionalInt row = state.agents().rowOf(silent.agent());
        if (row.isEmpty() || state.agents().condition(row.getAsInt()) != AgentCondition.LIVE) {
            return Decision.NONE;
        }
        long sinceMs = Math.max(nowMs - silent.silentMs(),
                state.agents().registeredMs(row.getAsInt()));
        return new Decision(
                List.of(new Event.AgentSuspected(row.getAsInt(), Math.min(nowMs, sinceMs))),
                Answer.NOTHING);
    }

    /** Gives up what is silent, in the midst of a storm. */
    public Decision release(long nowMs) {
        List<Event> events = silence.release(nowMs);
        return events.isEmpty()
                ? Decision.refused(Answer.Code.CONFLICT,
                        "there is no storm: not so many agents are silent that any is waited for")
                : new Decision(events, new Answer.Accepted(0, nowMs, List.of()));
    }

    /** Some of what it has does not count, since it was replaced. */
    private boolean returning(int row, Set<Long> there, boolean wiped) {
        InstanceList held = state.agents().instances(row);
        for (int i = 0; i < held.size(); i++) {
            // What a wiped folder takes along is lost, and not in the way of anything.
            if (held.get(i).inactive() && (!wiped || there.contains(held.get(i).number()))) {
                return true;
            }
        }
        return false;
    }

    /** Lets the agents' clocks run out, and launches that hang. */
    public Decision tick(long nowMs) {
        List<Event> events = new ArrayList<>();
        if (state.restoration().held()) {
            // That agents are silent is seen, and nothing follows from it.
            silence.tick(nowMs, events);
            return events.isEmpty() ? Decision.NONE : new Decision(events, Answer.NOTHING);
        }
        AgentTable agents = state.agents();
        for (int row = 0; row < agents.rows(); row++) {
            if (agents.present(row)) {
                if (agents.condition(row) == AgentCondition.UNREACHABLE
                        && !silence.observing(nowMs)) {
                    unreachable(row, nowMs - agents.sinceMs(row), nowMs, events);
                }
            }
        }
        silence.tick(nowMs, events);
        for (int row : agents.marks().returning()) {
            if (nowMs - agents.registeredMs(row) >= settings.silence().settleMs()) {
                events.add(new Event.AgentSettled(row, nowMs));
            }
        }
        upkeep.tick(nowMs, events);
        if (nowMs - sweptMs >= SWEEP_MS) {
            sweptMs = nowMs;
            sweep(nowMs, events);
        }
        return events.isEmpty() ? Decision.NONE : new Decision(events, Answer.NOTHING);
    }

    private void unreachable(int row, long silentMs, long nowMs, List<Event> events) {
        InstanceList held = state.agents().instances(row);
        AgentSpec agent = state.agents().spec(row);
        if (held.size() == 0 && silentMs >= settings.agentRemovedAfterMs()) {
            events.add(new Event.AgentRemoved(row, agent.id()));
            return;
        }
        List<Long> inactive = new ArrayList<>();
        List<Long> lost = new ArrayList<>();
        for (int i = 0; i < held.size(); i++) {
            Instance instance = held.get(i);
            Unreachable strategy = instance.version().spec().unreachable();
            // What is to end anyway is not waited for: its agent ends it when it comes back.
            if (instance.goal() == Goal.DECOMMISSIONED
                    || (strategy.replaced() && silentMs >= strategy.expungeAfterMs())) {
                lost.add(instance.number());
            } else if (strategy.replaced()
                    && silentMs >= strategy.inactiveAfterMs() && !instance.inactive()) {
                inactive.add(instance.number());
            }
        }
        if (!inactive.isEmpty()) {
            events.add(new Event.InstancesDeactivated(inactive, nowMs));
        }
        if (!lost.isEmpty()) {
            events.add(new Event.InstancesLost(lost, "agent " + agent.id() + " is unreachable",
                    nowMs));
        }
    }

    private void sweep(long nowMs, List<Event> events) {
        List<Long> hanging = new ArrayList<>();
        state.apps().values().forEach(app -> {
            for (int i = 0; i < app.instances().size(); i++) {
                Instance instance = app.instances().get(i);
                if (instance.stays() && InstanceDecisions.launching(instance)
                        && !state.conditionOf(instance).unreachable()
                        && hangs(instance, nowMs)) {
                    hanging.add(instance.number());
                }
            }
        });
        if (!hanging.isEmpty()) {
            events.add(
                    new Event.InstancesDecommissioned(hanging, Event.Reason.LAUNCH_TIMEOUT, nowMs));
        }
    }

    private boolean hangs(Instance instance, long nowMs) {
        if (instance.seen() == Condition.PAUSED) {
            // Before its agent was there it could not be told; a new leader hears of it only now.
            long toldMs = Math.max(instance.seenMs(),
                    state.agents().registeredMs(instance.agentRow()));
            return nowMs - toldMs >= THAW_MS_MAX && !silence.observing(nowMs);
        }
        // A standby is told as starting until it is ready, however long that takes.
        return !(instance.standby() && instance.seen() == Condition.STARTING)
                && nowMs - instance.seenMs() >= settings.launchTimeoutMs();
    }

    /** Those that the agent has confirmed once, or was never told of and need not be. */
    private static List<Long> missing(InstanceList expected, Set<Long> held, boolean wiped) {
        List<Long> missing = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            Instance instance = expected.get(i);
            boolean launchPending = instance.seen() == Condition.PLACED && instance.stays();
            if (!held.contains(instance.number()) && (wiped || !launchPending)) {
                missing.add(instance.number());
            }
        }
        return missing;
    }
}
