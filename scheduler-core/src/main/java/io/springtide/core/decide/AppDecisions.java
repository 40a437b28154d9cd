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
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** What follows when somebody creates, changes, restarts or deletes apps and groups. */
public final class AppDecisions {

    private final ClusterState state;
    private final ServicePorts servicePorts;
    private final Submission submission;

    public AppDecisions(ClusterState state, CoreSettings settings) {
        this.state = state;
        this.servicePorts = new ServicePorts(state, settings);
        this.submission = new Submission(state);
    }

    /** Creates, changes and removes apps and groups as one deployment. */
    public Decision submit(Command.SubmitApps submit, long nowMs) {
        WantedApps wanted = submission.wanted(submit);
        DependencyOrder order = new DependencyOrder(wanted);
        Optional<Answer.Refused> refusal = submission.refusal(submit, wanted, order);
        if (refusal.isPresent()) {
            return new Decision(List.of(), refusal.get());
        }
        DeploymentPlan plan = new DeploymentPlan();
        submit.removals().forEach(id -> present(id).ifPresent(app -> plan.stop(stop(app))));
        BitSet portsTaken = new BitSet();
        submit.changes().forEach(
                change -> change.spec().servicePorts().forEach(portsTaken::set));
        for (Command.AppChange change : submit.changes()) {
            Optional<AppState> present = present(change.spec().id());
            Optional<AppSpec> resolved = servicePorts.resolve(change.spec(), present, portsTaken);
            if (resolved.isEmpty()) {
                return Decision.refused(Answer.Code.EXHAUSTED, servicePorts.exhausted());
            }
            OptionalInt depth = order.depth(change.spec().id());
            if (depth.isEmpty()) {
                return new Decision(List.of(), Submission.cyclic());
            }
            next(resolved.get(), state.app(change.spec().id()), present, nowMs)
                    .ifPresent(step -> plan.add(step, depth.getAsInt()));
        }
        List<Event> changes = new ArrayList<>(
                submission.groupChanges(submit, plan.versionMs(nowMs)));
        for (Command.AppChange change : submit.changes()) {
            // Another app of that name: what was said of the one that is going is not said of it.
            state.app(change.spec().id())
                    .filter(app -> app.leaving() && app.scaling().isPresent())
                    .ifPresent(app -> changes.add(new Event.ScalingRemoved(app.id(), nowMs)));
        }
        return deploy(Optional.empty(), changes, plan, nowMs);
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
        AppVersion version = new AppVersion(app.latest().spec(), versionMs, versionMs, versionMs);
        DeploymentPlan plan = new DeploymentPlan();
        plan.add(new DeploymentPlan.Step(version,
                new DeploymentAction(app.id(), DeploymentAction.Kind.RESTART,
                        app.current().versionMs(), versionMs)),
                0);
        return deploy(Optional.empty(), List.of(), plan, nowMs);
    }

    /** Ends all instances of an app, then forgets it. No deployment is in the way of that. */
    public Decision delete(Command.DeleteApp delete, long nowMs) {
        Optional<AppState> present = present(delete.app());
        if (present.isEmpty()) {
            return unknown(delete.app());
        }
        DeploymentPlan plan = new DeploymentPlan();
        plan.stop(stop(present.get()));
        return deploy(Optional.empty(), List.of(), plan, nowMs);
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

    /** Says how traffic is to be shared between the versions of an app. */
    public Decision setWeights(Command.SetWeights set) {
        Optional<AppState> app = present(set.app());
        if (app.isEmpty()) {
            return unknown(set.app());
        }
        for (long versionMs : set.weights().keySet()) {
            if (app.get().version(versionMs).isEmpty()) {
                return Decision.refused(Answer.Code.INVALID,
                        "App '" + set.app() + "' has no such version; its versions are listed at"
                                + " /v2/apps" + set.app() + "/versions");
            }
        }
        return new Decision(List.of(new Event.WeightsSet(set.app(), set.weights())),
                Answer.NOTHING);
    }

    /**
     * One deployment of what has been planned. From other deployments it takes the apps that it touches;
     * one that is left without any has ended.
     *
     * @param inPlaceOf ends in any case
     * @param changes facts that go before those about apps
     */
    Decision deploy(Optional<Event.DeploymentEnded> inPlaceOf, List<Event> changes,
            DeploymentPlan plan, long nowMs) {
        List<Event> events = new ArrayList<>();
        for (long number : replaced(inPlaceOf.map(Event.DeploymentEnded::number), plan)) {
            events.add(inPlaceOf.filter(ended -> ended.number() == number)
                    .orElseGet(() -> new Event.DeploymentEnded(number,
                            Event.DeploymentEnded.Outcome.CANCELLED, nowMs)));
        }
        events.addAll(changes);
        events.addAll(plan.changes(nowMs));
        long versionMs = plan.versionMs(nowMs);
        long number = state.deploymentNext();
        events.add(new Event.DeploymentStarted(
                new Deployment(number, versionMs, plan.steps(), 0, false, plan.back(), nowMs)));
        if (plan.steps().isEmpty()) {
            // Nothing changes; clients wait for the end of the deployment all the same.
            events.add(new Event.DeploymentEnded(number, Event.DeploymentEnded.Outcome.SUCCEEDED,
                    nowMs));
        }
        return new Decision(events, new Answer.Accepted(number, versionMs, List.of()));
    }

    private Set<Long> replaced(Optional<Long> inPlaceOf, DeploymentPlan plan) {
        TreeSet<AppId> taken = new TreeSet<>(plan.apps());
        TreeSet<Long> touched = new TreeSet<>();
        for (AppId id : taken) {
            state.app(id).filter(app -> app.deployment() != 0)
                    .ifPresent(app -> touched.add(app.deployment()));
        }
        touched.removeIf(number -> state.deployment(number).orElseThrow().actions().stream()
                .anyMatch(action -> !taken.contains(action.app()) && state.app(action.app())
                        .filter(app -> app.deployment() == number).isPresent()));
        inPlaceOf.ifPresent(touched::add);
        return touched;
    }

    /** The action that makes an app go. */
    static DeploymentAction stop(AppState app) {
        return new DeploymentAction(app.id(), DeploymentAction.Kind.STOP, app.current().versionMs(),
                0);
    }

    /** The step to a spec; empty if the app is that already. */
    static Optional<DeploymentPlan.Step> next(AppSpec spec, Optional<AppState> known,
            Optional<AppState> present, long nowMs) {
        long versionMs = known.map(app -> versionMs(app, nowMs)).orElse(nowMs);
        if (present.isEmpty() || present.get().awaiting()) {
            return Optional.of(new DeploymentPlan.Step(
                    new AppVersion(spec, versionMs, versionMs, versionMs),
                    new DeploymentAction(spec.id(), DeploymentAction.Kind.START, 0, versionMs)));
        }
        AppVersion before = present.get().current();
        if (spec.equals(present.get().latest().spec())) {
            return Optional.empty();
        }
        boolean onlyCount = spec.equals(before.spec().withInstances(spec.instances()));
        return Optional.of(new DeploymentPlan.Step(
                new AppVersion(spec, versionMs, versionMs,
                        onlyCount ? before.configuredMs() : versionMs),
                new DeploymentAction(spec.id(),
                        onlyCount ? DeploymentAction.Kind.SCALE : DeploymentAction.Kind.RESTART,
                        before.versionMs(), versionMs)));
    }

    static boolean locked(AppState app, boolean force) {
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

    /** Versions of an app rise strictly, even when the clock does not. */
    static long versionMs(AppState app, long nowMs) {
        return Math.max(nowMs, app.versions().stream().mapToLong(AppVersion::versionMs).max()
                .orElse(0) + 1);
    }
}
