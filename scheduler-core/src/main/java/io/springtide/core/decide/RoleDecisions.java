package io.springtide.core.decide;

import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.command.Decision;
import io.springtide.core.event.Event;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.RoleState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What follows when somebody entitles roles, and when agents measure what is really used. */
public final class RoleDecisions {

    private final ClusterState state;

    public RoleDecisions(ClusterState state) {
        this.state = state;
    }

    /** A role is entitled to something else. */
    public Decision configure(Command.ConfigureRole configure) {
        Optional<RoleState> known = Optional.ofNullable(state.roles().get(configure.role().name()));
        if (known.filter(RoleState::configured).map(RoleState::spec)
                .equals(Optional.of(configure.role()))) {
            return Decision.NONE;
        }
        return new Decision(List.of(new Event.RoleConfigured(configure.role())), Answer.NOTHING);
    }

    /** A role is entitled to nothing of its own any more. */
    public Decision remove(Command.RemoveRole remove) {
        RoleState role = state.roles().get(remove.name());
        if (role == null || !role.configured()) {
            return Decision.refused(Answer.Code.NOT_FOUND,
                    "Role '" + remove.name() + "' is not configured");
        }
        return new Decision(List.of(new Event.RoleRemoved(remove.name())), Answer.NOTHING);
    }

    /** Takes in what is used where it has changed enough to matter. */
    public Decision measure(Command.MeasureAgents measure) {
        AgentTable agents = state.agents();
        List<Event> events = new ArrayList<>();
        for (Command.Measure one : measure.measures()) {
            OptionalInt row = agents.rowOf(one.agent());
            if (row.isPresent() && matters(row.getAsInt(), one)) {
                events.add(new Event.AgentMeasured(row.getAsInt(), one.cpusMilli(), one.memMib()));
            }
        }
        return events.isEmpty() ? Decision.NONE : new Decision(events, Answer.NOTHING);
    }

    /** A twentieth of the agent: less is noise, and each change is a fact in the journal. */
    private boolean matters(int row, Command.Measure measure) {
        AgentTable agents = state.agents();
        long cpusStep = agents.spec(row).resources().cpusMilli() / 20;
        long memStep = agents.spec(row).resources().memMib() / 20;
        return agents.cpusUsedMilli()[row] < 0
                || Math.abs(agents.cpusUsedMilli()[row] - measure.cpusMilli()) > cpusStep
                || Math.abs(agents.memUsedMib()[row] - measure.memMib()) > memStep;
    }
}
