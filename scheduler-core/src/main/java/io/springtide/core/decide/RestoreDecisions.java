package io.springtide.core.decide;

import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.command.Decision;
import io.springtide.core.event.Event;
import io.springtide.core.model.Condition;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.InstanceList;
import io.springtide.core.state.Restoration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What follows while a cluster that came out of a backup waits. Agents come, tell what they have, and are
 * told nothing; it goes on when all of them have exactly what the backup says, or when a person says so.
 */
public final class RestoreDecisions {

    /**
     * For so long agents have time to come that the backup does not know: far longer than an agent waits
     * between two tries.
     */
    static final long QUIET_MS = 60_000;

    private final ClusterState state;

    public RestoreDecisions(ClusterState state) {
        this.state = state;
    }

    /** Whether a command has to wait until the cluster goes on: all that would change what runs. */
    public boolean waits(Command command) {
        return state.restoration().held() && switch (command) {
            case Command.FoundCluster unused -> false;
            case Command.RegisterAgent unused -> false;
            case Command.AgentFellSilent unused -> false;
            case Command.ReportStatuses unused -> false;
            case Command.MeasureAgents unused -> false;
            case Command.ConfirmRestore unused -> false;
            case Command.Tick unused -> false;
            case Command.Settle unused -> false;
            case Command.SubmitApps unused -> true;
            case Command.DeleteApp unused -> true;
            case Command.RestartApp unused -> true;
            case Command.ResetBackoff unused -> true;
            case Command.CancelDeployment unused -> true;
            case Command.PauseDeployment unused -> true;
            case Command.PromoteDeployment unused -> true;
            case Command.SetWeights unused -> true;
            case Command.KillInstances unused -> true;
            case Command.KeepAgent unused -> true;
            case Command.ForgetAgent unused -> true;
            case Command.ReleaseStorm unused -> true;
            case Command.ConfigureRole unused -> true;
            case Command.RemoveRole unused -> true;
            case Command.SetScaling unused -> true;
            case Command.RemoveScaling unused -> true;
            case Command.Scale unused -> true;
        };
    }

    /** The answer to those. */
    public static Decision wait(Command command) {
        return Decision.refused(Answer.Code.CONFLICT,
                command.getClass().getSimpleName() + " has to wait: this cluster was restored from"
                        + " a backup and changes nothing until somebody has looked at what agents run."
                        + " See: tide restore --status; go on with: tide restore --confirm");
    }

    /** What an agent has brought to a cluster that waits, or has found again after it was wiped. */
    Event compared(int row, Command.RegisterAgent register, long nowMs) {
        TreeSet<Long> unknown = new TreeSet<>(register.held());
        List<Long> missing = new ArrayList<>();
        if (state.agents().present(row)) {
            InstanceList expected = state.agents().instances(row);
            for (int i = 0; i < expected.size(); i++) {
                long number = expected.get(i).number();
                if (!unknown.remove(number)) {
                    missing.add(number);
                }
            }
        }
        return new Event.AgentCompared(row, unknown.size(), missing, nowMs);
    }

    /** A person says that it may go on. */
    public Decision confirm(long nowMs) {
        if (!state.restoration().held()) {
            return Decision.refused(Answer.Code.CONFLICT, "nothing waits: this cluster was not"
                    + " restored from a backup, or goes on already");
        }
        return new Decision(goOn(true, nowMs), new Answer.Accepted(0, nowMs, List.of()));
    }

    /** It goes on by itself if all agents have come, and each with exactly what it should have. */
    public Decision tick(long nowMs) {
        Restoration restoration = state.restoration();
        long sinceMs = Math.max(restoration.heldMs(), state.silence().reignMs());
        if (nowMs - sinceMs < QUIET_MS || restoration.compared().isEmpty()) {
            return Decision.NONE;
        }
        AgentTable agents = state.agents();
        for (int row = 0; row < agents.rows(); row++) {
            Restoration.Comparison comparison = restoration.compared().get(row);
            if (agents.present(row) && (comparison == null || !comparison.matches())) {
                return Decision.NONE;
            }
        }
        return new Decision(goOn(false, nowMs), Answer.NOTHING);
    }

    private List<Event> goOn(boolean byPerson, long nowMs) {
        List<Event> events = new ArrayList<>();
        events.add(new Event.RestoreConfirmed(byPerson, nowMs));
        List<Long> lost = lost();
        if (!lost.isEmpty()) {
            events.add(new Event.InstancesLost(lost,
                    "its agent does not have it after the restore of a backup", nowMs));
        }
        return events;
    }

    /**
     * What agents have come without; and what was placed when the backup was made, on agents that have
     * not come: it has been launched since, and a number is never launched twice.
     */
    private List<Long> lost() {
        TreeSet<Long> lost = new TreeSet<>();
        Restoration restoration = state.restoration();
        restoration.compared().values().forEach(comparison -> comparison.missing().stream()
                .filter(number -> state.instance(number).isPresent()).forEach(lost::add));
        AgentTable agents = state.agents();
        for (int row = 0; row < agents.rows(); row++) {
            if (!agents.present(row) || restoration.compared().containsKey(row)) {
                continue;
            }
            InstanceList held = agents.instances(row);
            for (int i = 0; i < held.size(); i++) {
                if (held.get(i).seen() == Condition.PLACED) {
                    lost.add(held.get(i).number());
                }
            }
        }
        return List.copyOf(lost);
    }
}
