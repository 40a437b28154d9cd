package io.springtide.core.decide;

import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.command.Decision;
import io.springtide.core.event.Event;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Deployment;
import io.springtide.core.model.DeploymentAction;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.RemovedApps;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What follows when somebody ends a deployment before it is done. */
public final class DeploymentDecisions {

    private final ClusterState state;
    private final AppDecisions apps;

    public DeploymentDecisions(ClusterState state, AppDecisions apps) {
        this.state = state;
        this.apps = apps;
    }

    /** Stops a deployment where it is, or goes back to what was before it. */
    public Decision cancel(Command.CancelDeployment cancel, long nowMs) {
        Optional<Deployment> running = state.deployment(cancel.number());
        if (running.isEmpty()) {
            return Decision.refused(Answer.Code.NOT_FOUND, "no such deployment");
        }
        return cancel.rollback() ? back(running.get(), nowMs) : stop(running.get(), nowMs);
    }

    /** Holds a deployment where it is, or lets it go on. */
    public Decision pause(Command.PauseDeployment pause, long nowMs) {
        Optional<Deployment> running = state.deployment(pause.number());
        if (running.isEmpty()) {
            return Decision.refused(Answer.Code.NOT_FOUND, "no such deployment");
        }
        if (running.get().paused() == pause.paused()) {
            return Decision.refused(Answer.Code.CONFLICT, pause.paused()
                    ? "The deployment is paused already."
                    : "The deployment is not paused.");
        }
        return new Decision(
                List.of(new Event.DeploymentPaused(pause.number(), pause.paused(), nowMs)),
                new Answer.Accepted(pause.number(), running.get().versionMs(), List.of()));
    }

    /** Lets a deployment go on from where it waits for a person. */
    public Decision promote(Command.PromoteDeployment promote, long nowMs) {
        if (state.deployment(promote.number()).isEmpty()) {
            return Decision.refused(Answer.Code.NOT_FOUND, "no such deployment");
        }
        return Decision.refused(Answer.Code.CONFLICT,
                "No app of the deployment waits to be promoted.");
    }

    /** What has not begun will not begin; an app that is still to start has never been there. */
    private Decision stop(Deployment deployment, long nowMs) {
        List<Event> events = new ArrayList<>();
        for (DeploymentAction action : deployment.actions()) {
            own(action.app(), deployment).filter(AppState::awaiting)
                    .ifPresent(app -> events.add(new Event.AppLeaving(app.id(), nowMs)));
        }
        events.add(new Event.DeploymentEnded(deployment.number(),
                Event.DeploymentEnded.Outcome.CANCELLED, nowMs));
        return new Decision(events, new Answer.Accepted(0, nowMs, List.of()));
    }

    /**
     * Goes back to what was before a deployment, by another one; what others have changed since stays.
     * The order is that of what the apps depended on before.
     */
    Decision back(Deployment deployment, long nowMs) {
        TreeMap<AppId, AppVersion> originals = new TreeMap<>();
        DeploymentPlan plan = new DeploymentPlan();
        for (DeploymentAction action : deployment.actions()) {
            Optional<AppState> app = own(action.app(), deployment);
            if (action.originalMs() == 0) {
                app.filter(one -> !one.leaving())
                        .ifPresent(one -> plan.stop(AppDecisions.stop(one)));
            } else {
                original(action, app).ifPresent(one -> originals.put(action.app(), one));
            }
        }
        List<AppSpec> specs = originals.values().stream().map(AppVersion::spec).toList();
        DependencyOrder order = new DependencyOrder(
                new WantedApps(state, specs, List.of(), List.of()));
        originals.forEach((id, original) -> plan.add(back(id, original, nowMs),
                order.depth(id).orElse(0)));
        return apps.deploy(Optional.of(deployment.number()), List.of(), plan, nowMs);
    }

    private Optional<AppVersion> original(DeploymentAction action, Optional<AppState> app) {
        if (app.isPresent()) {
            boolean begun = app.get().leaving()
                    || app.get().current().versionMs() != action.originalMs();
            return begun ? app.get().version(action.originalMs()) : Optional.empty();
        }
        // It is gone already, unless somebody has made another one of that name.
        return state.app(action.app()).isPresent()
                ? Optional.empty()
                : state.removed().get(action.app()).map(RemovedApps.Removed::versions)
                        .flatMap(known -> Optional.ofNullable(known.get(action.originalMs())));
    }

    private DeploymentPlan.Step back(AppId id, AppVersion original, long nowMs) {
        Optional<AppState> known = state.app(id);
        if (known.isEmpty()) {
            long versionMs = Math.max(nowMs, original.versionMs() + 1);
            return new DeploymentPlan.Step(
                    new AppVersion(original.spec(), versionMs, versionMs, versionMs),
                    new DeploymentAction(id, DeploymentAction.Kind.START, 0, versionMs));
        }
        AppVersion now = known.get().current();
        long versionMs = AppDecisions.versionMs(known.get(), nowMs);
        // The configuration of old: instances that still run it are kept.
        return new DeploymentPlan.Step(
                new AppVersion(original.spec(), versionMs, versionMs, original.configuredMs()),
                new DeploymentAction(id,
                        now.configuredMs() == original.configuredMs()
                                ? DeploymentAction.Kind.SCALE
                                : DeploymentAction.Kind.RESTART,
                        now.versionMs(), versionMs));
    }

    /** The app, if the deployment still has it. */
    private Optional<AppState> own(AppId id, Deployment deployment) {
        return state.app(id).filter(app -> app.deployment() == deployment.number());
    }
}
