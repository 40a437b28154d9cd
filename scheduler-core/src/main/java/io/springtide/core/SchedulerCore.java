package io.springtide.core;

import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.command.Decision;
import io.springtide.core.decide.AgentDecisions;
import io.springtide.core.decide.AppDecisions;
import io.springtide.core.decide.DeploymentDecisions;
import io.springtide.core.decide.InstanceDecisions;
import io.springtide.core.decide.RestoreDecisions;
import io.springtide.core.decide.RoleDecisions;
import io.springtide.core.decide.ScalingDecisions;
import io.springtide.core.decide.Settlement;
import io.springtide.core.decide.UpkeepDecisions;
import io.springtide.core.event.Event;
import io.springtide.core.placement.Scorers;
import io.springtide.core.state.ClusterState;
import java.util.List;

/**
 * The door of the core: commands in, facts out. {@link #decide} reads the state and changes nothing;
 * {@link #apply} is told the facts, live and in replay alike. Used by one thread.
 *
 * <p>After each batch of commands the caller decides {@link Command.Settle} until nothing follows: it
 * is then that instances are placed, surplus ones end, and deployments come to their end.
 */
public final class SchedulerCore {

    private final ClusterState state;
    private final AppDecisions apps;
    private final DeploymentDecisions deployments;
    private final InstanceDecisions instances;
    private final AgentDecisions agents;
    private final UpkeepDecisions upkeep;
    private final RoleDecisions roles;
    private final RestoreDecisions restore;
    private final ScalingDecisions scaling;
    private final Settlement settlement;

    public SchedulerCore(ClusterState state, CoreSettings settings) {
        this(state, settings, Scorers.BUILT_IN);
    }

    /** With other scorers beside the built-in ones. */
    public SchedulerCore(ClusterState state, CoreSettings settings, Scorers scorers) {
        this.state = state;
        this.apps = new AppDecisions(state, settings);
        this.deployments = new DeploymentDecisions(state, apps);
        this.instances = new InstanceDecisions(state, apps);
        this.upkeep = new UpkeepDecisions(state);
        this.restore = new RestoreDecisions(state);
        this.agents = new AgentDecisions(state, settings, upkeep, restore);
        this.roles = new RoleDecisions(state);
        this.scaling = new ScalingDecisions(state);
        this.settlement = new Settlement(state, settings, scorers, deployments);
        state.touchAll();
    }

    public ClusterState state() {
        return state;
    }

    /** What follows from a command at a time; the answer counts once the facts are durable. */
    public Decision decide(Command command, long nowMs) {
        if (restore.waits(command)) {
            return RestoreDecisions.wait(command);
        }
        return switch (command) {
            case Command.FoundCluster found -> found(found, nowMs);
            case Command.SubmitApps submit -> apps.submit(submit, nowMs);
            case Command.DeleteApp delete -> apps.delete(delete, nowMs);
            case Command.RestartApp restart -> apps.restart(restart, nowMs);
            case Command.ResetBackoff reset -> apps.resetBackoff(reset);
            case Command.CancelDeployment cancel -> deployments.cancel(cancel, nowMs);
            case Command.PauseDeployment pause -> deployments.pause(pause, nowMs);
            case Command.PromoteDeployment promote -> deployments.promote(promote, nowMs);
            case Command.SetWeights set -> apps.setWeights(set);
            case Command.KillInstances kill -> instances.kill(kill, nowMs);
            case Command.ReportStatuses report -> instances.report(report, nowMs);
            case Command.RegisterAgent register -> agents.register(register, nowMs);
            case Command.AgentFellSilent silent -> agents.fellSilent(silent, nowMs);
            case Command.KeepAgent keep -> upkeep.keep(keep, nowMs);
            case Command.ForgetAgent forget -> upkeep.forget(forget, nowMs);
            case Command.ReleaseStorm unused -> agents.release(nowMs);
            case Command.ConfigureRole configure -> roles.configure(configure);
            case Command.RemoveRole remove -> roles.remove(remove);
            case Command.MeasureAgents measure -> roles.measure(measure);
            case Command.SetScaling set -> scaling.set(set, nowMs);
            case Command.RemoveScaling remove -> scaling.remove(remove, nowMs);
            case Command.Scale scale -> scaling.scale(scale, nowMs);
            case Command.ConfirmRestore unused -> restore.confirm(nowMs);
            case Command.Tick unused -> state.restoration().held()
                    ? restore.tick(nowMs).and(agents.tick(nowMs))
                    : agents.tick(nowMs).and(deployments.tick(nowMs));
            case Command.Settle unused ->
                state.restoration().held() ? Decision.NONE : settlement.settle(nowMs);
        };
    }

    /** Changes the state by one fact. */
    public void apply(Event event) {
        state.apply(event);
        settlement.applied(event);
    }

    private Decision found(Command.FoundCluster found, long nowMs) {
        Event reign = new Event.ReignBegan(nowMs);
        return new Decision(state.clusterId().isEmpty()
                ? List.of(new Event.ClusterFounded(found.clusterId(), nowMs), reign)
                : List.of(reign), Answer.NOTHING);
    }
}
