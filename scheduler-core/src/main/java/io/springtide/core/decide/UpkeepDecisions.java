package io.springtide.core.decide;

import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.command.Decision;
import io.springtide.core.event.Event;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.Upkeep;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.InstanceList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What people say of agents: cordon, drain, open, forget. */
public final class UpkeepDecisions {

    private final ClusterState state;

    public UpkeepDecisions(ClusterState state) {
        this.state = state;
    }

    /** Refused if the agent is unknown, or if the others clearly have no room for what is on it. */
    public Decision keep(Command.KeepAgent keep, long nowMs) {
        OptionalInt known = state.agents().rowOf(keep.agent());
        if (known.isEmpty()) {
            return unknown(keep.agent());
        }
        int row = known.getAsInt();
        if (keep.mode() == Upkeep.Mode.DRAINING && !keep.force()
                && !state.agents().marks().draining(row)) {
            Optional<String> why = Drain.noRoom(state, row);
            if (why.isPresent()) {
                return Decision.refused(Answer.Code.CONFLICT, why.get()
                        + "; add agents, or force it: what finds no room then stays");
            }
        }
        Upkeep before = state.agents().marks().upkeep(row);
        Upkeep next = keep.mode() == Upkeep.Mode.OPEN
                ? Upkeep.NONE
                : new Upkeep(keep.mode(),
                        before.mode() == keep.mode() ? before.sinceMs() : nowMs,
                        keep.mode() == Upkeep.Mode.DRAINING ? keep.deadlineMs() : 0);
        return new Decision(
                next.equals(before) ? List.of() : List.of(new Event.AgentKept(row, next)),
                new Answer.Accepted(0, nowMs, List.of()));
    }

    /** Refused unless the agent is unreachable: what is connected would only come again. */
    public Decision forget(Command.ForgetAgent forget, long nowMs) {
        OptionalInt known = state.agents().rowOf(forget.agent());
        if (known.isEmpty()) {
            return unknown(forget.agent());
        }
        int row = known.getAsInt();
        if (state.agents().condition(row) != AgentCondition.UNREACHABLE) {
            return Decision.refused(Answer.Code.CONFLICT, "agent " + forget.agent() + " is "
                    + (state.agents().condition(row) == AgentCondition.LIVE
                            ? "live; stop it first"
                            : "silent only for a moment; wait until it is unreachable"));
        }
        List<Event> events = new ArrayList<>();
        InstanceList held = state.agents().instances(row);
        List<Long> lost = new ArrayList<>();
        for (int i = 0; i < held.size(); i++) {
            lost.add(held.get(i).number());
        }
        if (!lost.isEmpty()) {
            events.add(new Event.InstancesLost(lost,
                    "agent " + forget.agent() + " was given up by a person", nowMs));
        }
        events.add(new Event.AgentRemoved(row, forget.agent()));
        return new Decision(events, new Answer.Accepted(0, nowMs, List.copyOf(lost)));
    }

    /** Ends what is left on agents whose drain has run out of time. */
    void tick(long nowMs, List<Event> events) {
        for (int row : state.agents().marks().kept()) {
            Upkeep upkeep = state.agents().marks().upkeep(row);
            if (upkeep.deadlineMs() == 0 || nowMs < upkeep.deadlineMs()
                    || state.agents().condition(row) == AgentCondition.UNREACHABLE) {
                continue;
            }
            List<Long> left = new ArrayList<>();
            InstanceList held = state.agents().instances(row);
            for (int i = 0; i < held.size(); i++) {
                Instance one = held.get(i);
                if (one.stays()) {
                    left.add(one.number());
                }
            }
            if (!left.isEmpty()) {
                events.add(new Event.InstancesDecommissioned(left, Event.Reason.DRAINED, nowMs));
            }
        }
    }

    private static Decision unknown(AgentId agent) {
        return Decision.refused(Answer.Code.NOT_FOUND, "there is no agent " + agent);
    }
}
