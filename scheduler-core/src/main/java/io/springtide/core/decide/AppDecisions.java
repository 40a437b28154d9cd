package io.springtide.core.decide;

import io.springtide.core.CoreSettings;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What follows when somebody creates, changes, restarts or deletes apps. */
public final class AppDecisions {

    private final ClusterState state;
    private final ServicePorts servicePorts;

    public AppDecisions(ClusterState state, CoreSettings settings) {
        this.state = state;
        this.servicePorts = new ServicePorts(state, settings);
    }

    /** Creates or changes apps as one deployment. */
    public Decision submit(Command.SubmitApps submit, long nowMs) {
        for (Command.AppChange change : submit.changes()) {
            Optional<Answer.Refused> refusal = refusal(change, submit.force());
            if (refusal.isPresent()) {
                return new Decision(List.of(), refusal.get());
            }
        }
        List<Event> versions = new ArrayList<>();
        List<DeploymentAction> actions = new ArrayList<>();
        TreeSet<Integer> portsTaken = new TreeSet<>();
        for (Command.AppChange change : submit.changes()) {
            change.spec().servicePorts().stream().filter(port -> port != 0)
                    .forEach(portsTaken::add);
        }
        for (Command.AppChange change : submit.changes()) {
            Optional<AppState> present = present(change.spec().id());
            Optional<AppSpec> resolved = servicePorts.resolve(change.spec(), present, portsTaken);
            if (resolved.isEmpty()) {
                return Decision.refused(Answer.Code.EXHAUSTED, servicePorts.exhausted());
            }
            next(resolved.get(), state.app(change.spec().id()), present, nowMs).ifPresent(step -> {
                versions.add(new Event.AppVersioned(step.version));
                actions.add(step.action);
            });
        }
        return deploy(versions, actions, nowMs);
    }

    /** Replaces every instance, the configuration unchanged. */
    public Decision restart(Command.RestartApp restart, long nowMs) {
        Optional<AppState> present = present(restart.app());
        if (present.isEmpty()) {
            return unknown(restart.app());
        }
        AppState app = present.get();
        if (locked(app, restart.force())) {
            return new Decision(List.of(), lock(app));
        }
        long versionMs = versionMs(app, nowMs);
        AppVersion version = new AppVersion(app.current().spec(), versionMs, versionMs, versionMs);
        return deploy(List.of(new Event.AppVersioned(version)),
                List.of(new DeploymentAction(app.id(), DeploymentAction.Kind.RESTART,
                        app.current().versionMs(), versionMs)),
                nowMs);
    }

    /** Ends all instances of an app, then forgets it. */
    public Decision delete(Command.DeleteApp delete, long nowMs) {
        Optional<AppState> present = present(delete.app());
        if (present.isEmpty()) {
            return unknown(delete.app());
        }
        AppState app = present.get();
        if (locked(app, delete.force())) {
            return new Decision(List.of(), lock(app));
        }
        return deploy(List.of(new Event.AppLeaving(app.id(), nowMs)), List.of(stop(app)), nowMs);
    }

    /** Lets an app launch at once. */
    public Decision resetBackoff(Command.ResetBackoff reset) {
        Optional<AppState> app = present(reset.app());
        if (app.isEmpty() || Rollout.of(state, app.get()).launch() == 0) {
            return Decision.refused(Answer.Code.NOT_FOUND,
                    "Application " + reset.app() + " not found in tasks queue.");
        }
        return new Decision(List.of(new Event.BackoffSet(reset.app(), 0, 0)), Answer.NOTHING);
    }

    /** One deployment of what has been prepared; it takes the place of those that run on the same apps. */
    Decision deploy(List<Event> changes, List<DeploymentAction> actions, long nowMs) {
        return deploy(Optional.empty(), changes, actions, nowMs);
    }

    /** The same, in any case in place of one that is named. */
    Decision deploy(Optional<Long> inPlaceOf, List<Event> changes, List<DeploymentAction> actions,
            long nowMs) {
        List<Event> events = new ArrayList<>();
        TreeSet<Long> replaced = new TreeSet<>();
        inPlaceOf.ifPresent(replaced::add);
        for (DeploymentAction action : actions) {
            state.app(action.app()).filter(app -> app.deployment() != 0)
                    .ifPresent(app -> replaced.add(app.deployment()));
        }
        replaced.forEach(number -> events.add(
                new Event.DeploymentEnded(number, Event.DeploymentEnded.Outcome.CANCELLED, nowMs)));
        events.addAll(changes);
        long versionMs = actions.stream().mapToLong(DeploymentAction::targetMs).max().orElse(nowMs);
        if (versionMs == 0) {
            versionMs = nowMs;
        }
        long number = state.deploymentNext();
        events.add(new Event.DeploymentStarted(new Deployment(number, versionMs, actions)));
        if (actions.isEmpty()) {
            // Nothing changes; clients wait for the end of the deployment all the same.
            events.add(new Event.DeploymentEnded(number, Event.DeploymentEnded.Outcome.SUCCEEDED,
                    nowMs));
        }
        return new Decision(events, new Answer.Accepted(number, versionMs, List.of()));
    }

    /** The action that makes an app go. */
    static DeploymentAction stop(AppState app) {
        return new DeploymentAction(app.id(), DeploymentAction.Kind.STOP, app.current().versionMs(),
                0);
    }

    /** A version and the action that brings it about. */
    record Step(AppVersion version, DeploymentAction action) {}

    /** The step to a spec; empty if the app is that already. */
    static Optional<Step> next(AppSpec spec, Optional<AppState> known, Optional<AppState> present,
            long nowMs) {
        long versionMs = known.map(app -> versionMs(app, nowMs)).orElse(nowMs);
        if (present.isEmpty()) {
            return Optional.of(new Step(new AppVersion(spec, versionMs, versionMs, versionMs),
                    new DeploymentAction(spec.id(), DeploymentAction.Kind.START, 0, versionMs)));
        }
        AppVersion before = present.get().current();
        if (spec.equals(before.spec())) {
            return Optional.empty();
        }
        boolean onlyCount = spec.equals(before.spec().withInstances(spec.instances()));
        return Optional.of(new Step(
                new AppVersion(spec, versionMs, versionMs,
                        onlyCount ? before.configuredMs() : versionMs),
                new DeploymentAction(spec.id(),
                        onlyCount ? DeploymentAction.Kind.SCALE : DeploymentAction.Kind.RESTART,
                        before.versionMs(), versionMs)));
    }

    boolean locked(AppState app, boolean force) {
        return app.deployment() != 0 && !force;
    }

    static Answer.Refused lock(AppState app) {
        return new Answer.Refused(Answer.Code.LOCKED,
                "App is locked by one or more deployments. Override with the option '?force=true'."
                        + " View details at '/v2/deployments/<DEPLOYMENT_ID>'.",
                List.of(app.deployment()));
    }

    static Decision unknown(AppId app) {
        return Decision.refused(Answer.Code.NOT_FOUND, "App '" + app + "' does not exist");
    }

    /** The app, unless it is unknown or on its way out. */
    Optional<AppState> present(AppId id) {
        return state.app(id).filter(app -> !app.leaving());
    }

    private Optional<Answer.Refused> refusal(Command.AppChange change, boolean force) {
        AppId id = change.spec().id();
        Optional<AppState> known = state.app(id);
        Optional<AppState> present = present(id);
        if (present.isPresent() && change.baseVersionMs() == Command.AppChange.ABSENT) {
            return Optional.of(new Answer.Refused(Answer.Code.EXISTS,
                    "An app with id [" + id + "] already exists."));
        }
        if (known.isPresent() && locked(known.get(), force)) {
            return Optional.of(lock(known.get()));
        }
        if (change.baseVersionMs() > 0
                && present.map(app -> app.current().versionMs()).orElse(0L) != change
                        .baseVersionMs()) {
            return Optional.of(new Answer.Refused(Answer.Code.STALE,
                    "App '" + id
                            + "' has changed since it was read; read it again and repeat the request"));
        }
        return Optional.empty();
    }

    /** Versions of an app rise strictly, even when the clock does not. */
    private static long versionMs(AppState app, long nowMs) {
        return Math.max(nowMs, app.current().versionMs() + 1);
    }
}
