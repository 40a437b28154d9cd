package io.springtide.core.decide;

import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.command.Decision;
import io.springtide.core.event.Event;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Deployment;
import io.springtide.core.model.DeploymentAction;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
        if (!cancel.rollback()) {
            List<Event> events = new ArrayList<>();
            events.add(new Event.DeploymentEnded(cancel.number(),
                    Event.DeploymentEnded.Outcome.CANCELLED, nowMs));
            return new Decision(events, new Answer.Accepted(0, nowMs, List.of()));
        }
        List<Event> changes = new ArrayList<>();
        List<DeploymentAction> actions = new ArrayList<>();
        for (DeploymentAction action : running.get().actions()) {
            state.app(action.app()).ifPresent(app -> back(app, action, nowMs, changes, actions));
        }
        return apps.deploy(Optional.of(cancel.number()), changes, actions, nowMs);
    }

    private static void back(AppState app, DeploymentAction done, long nowMs, List<Event> changes,
            List<DeploymentAction> actions) {
        if (done.originalMs() == 0) {
            changes.add(new Event.AppLeaving(app.id(), nowMs));
            actions.add(AppDecisions.stop(app));
            return;
        }
        Optional<AppVersion> original = app.version(done.originalMs());
        if (original.isEmpty()) {
            return;
        }
        long versionMs = Math.max(nowMs, app.current().versionMs() + 1);
        AppVersion now = app.current();
        boolean sameConfig = now.configuredMs() == original.get().configuredMs();
        // The configuration of old: instances that still run it are kept.
        changes.add(
                new Event.AppVersioned(new AppVersion(original.get().spec(), versionMs, versionMs,
                        original.get().configuredMs())));
        actions.add(new DeploymentAction(app.id(),
                sameConfig ? DeploymentAction.Kind.SCALE : DeploymentAction.Kind.RESTART,
                now.versionMs(), versionMs));
    }
}
