package io.springtide.core.decide;

import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.command.Decision;
import io.springtide.core.event.Event;
import io.springtide.core.model.Deployment;
import io.springtide.core.model.DeploymentAction;
import io.springtide.core.model.RolloutState;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What follows when somebody, or time, stops a deployment, holds it, or lets it go on. */
public final class DeploymentDecisions {

    private final ClusterState state;
    private final AppDecisions apps;
    private final WayBack wayBack;

    public DeploymentDecisions(ClusterState state, AppDecisions apps) {
        this.state = state;
        this.apps = apps;
        this.wayBack = new WayBack(state);
    }

    /** Stops a deployment where it is, or goes back to what was before it. */
    public Decision cancel(Command.CancelDeployment cancel, long nowMs) {
        Optional<Deployment> running = state.deployment(cancel.number());
        if (running.isEmpty()) {
            return unknown();
        }
        Event.DeploymentEnded ended = new Event.DeploymentEnded(cancel.number(),
                Event.DeploymentEnded.Outcome.CANCELLED, nowMs);
        if (cancel.rollback()) {
            return apps.deploy(Optional.of(ended), List.of(),
                    wayBack.plan(running.get(), true, nowMs), nowMs);
        }
        return new Decision(stop(running.get(), ended), new Answer.Accepted(0, nowMs, List.of()));
    }

    /** Holds a deployment where it is, or lets it go on. */
    public Decision pause(Command.PauseDeployment pause, long nowMs) {
        Optional<Deployment> running = state.deployment(pause.number());
        if (running.isEmpty()) {
            return unknown();
        }
        Deployment deployment = running.get();
        if (deployment.paused() == pause.paused()) {
            return Decision.refused(Answer.Code.CONFLICT, pause.paused()
                    ? "The deployment is paused already."
                    : "The deployment is not paused.");
        }
        List<Event> events = new ArrayList<>();
        events.add(new Event.DeploymentPaused(pause.number(), pause.paused(), nowMs));
        for (AppState app : own(deployment, deployment.currentActions())) {
            int limit = RolloutState.UNLIMITED;
            if (pause.paused() && !app.leaving()) {
                Counted count = new Counted(state, app);
                limit = Rollout.of(count).settled() ? limit : count.fresh.size();
            }
            if (limit != app.rollout().limit()) {
                events.add(new Event.RolloutMoved(app.id(), app.rollout().withLimit(limit)));
            }
        }
        return new Decision(events,
                new Answer.Accepted(pause.number(), deployment.versionMs(), List.of()));
    }

    /** Lets every app of a deployment go on that waits at a stage, or for its old instances to go. */
    public Decision promote(Command.PromoteDeployment promote, long nowMs) {
        Optional<Deployment> running = state.deployment(promote.number());
        if (running.isEmpty()) {
            return unknown();
        }
        if (running.get().paused()) {
            return Decision.refused(Answer.Code.CONFLICT,
                    "The deployment is paused; resume it before it is promoted.");
        }
        List<Event> events = new ArrayList<>();
        for (AppState app : own(running.get(), running.get().currentActions())) {
            CanaryStages.promoted(app)
                    .ifPresent(next -> events.add(new Event.RolloutMoved(app.id(), next)));
        }
        if (events.isEmpty()) {
            return Decision.refused(Answer.Code.CONFLICT,
                    "No app of the deployment waits to be promoted.");
        }
        return new Decision(events,
                new Answer.Accepted(promote.number(), running.get().versionMs(), List.of()));
    }

    /** Lets pauses of canary stages run out, and deadlines. */
    public Decision tick(long nowMs) {
        List<Event> events = new ArrayList<>();
        for (Deployment deployment : state.deployments()) {
            if (deployment.paused()) {
                continue;
            }
            OptionalLong deadline = deadlineMs(state, deployment);
            if (deadline.isPresent() && nowMs >= deadline.getAsLong()) {
                // One at a time, for the number of the deployment that goes back: the next tick is near.
                return new Decision(late(deployment, nowMs), Answer.NOTHING);
            }
            for (AppState app : own(deployment, deployment.currentActions())) {
                if (app.rollout().stagedMs() != 0) {
                    CanaryStages.atTick(state, app, nowMs).ifPresent(
                            next -> events.add(new Event.RolloutMoved(app.id(), next)));
                }
            }
        }
        return events.isEmpty() ? Decision.NONE : new Decision(events, Answer.NOTHING);
    }

    /** When a deployment ends whether it is done or not; empty if it has all the time, or is paused. */
    static OptionalLong deadlineMs(ClusterState state, Deployment deployment) {
        if (deployment.paused()) {
            return OptionalLong.empty();
        }
        // Asked at each tick, of each deployment.
        long least = Long.MAX_VALUE;
        for (AppState app : own(state, deployment, deployment.actions())) {
            long ms = app.leaving() ? 0 : app.latest().spec().delivery().deadlineMs();
            least = ms > 0 ? Math.min(least, ms) : least;
        }
        return least == Long.MAX_VALUE
                ? OptionalLong.empty()
                : OptionalLong.of(deployment.clockMs() + least);
    }

    private List<Event> late(Deployment deployment, long nowMs) {
        List<AppState> own = own(deployment, deployment.actions());
        long seconds = (deadlineMs(state, deployment).orElse(nowMs) - deployment.clockMs()) / 1_000;
        String reason = "It was not done within " + seconds + " s"
                + own(deployment, deployment.currentActions()).stream().filter(this::open)
                        .findFirst().map(app -> ": " + standing(app)).orElse("")
                + ".";
        boolean back = own.stream().anyMatch(app -> !app.leaving()
                && app.latest().spec().delivery().backAtDeadline());
        return fail(deployment, reason, back, nowMs);
    }

    private boolean open(AppState app) {
        return app.leaving() || !Rollout.of(state, app).settled();
    }

    private String standing(AppState app) {
        if (app.leaving()) {
            return app.instances().size() + " instances of " + app.id() + " have not ended";
        }
        Counted count = new Counted(state, app);
        return count.freshGood + " of " + app.wanted() + " instances of " + app.id() + " are "
                + (count.course.readinessChecked() ? "ready" : "healthy")
                + (app.missing() > 0 ? ", " + app.missing() + " find no agent" : "");
    }

    /** What becomes of an app whose guard says that too much of what is new has failed. */
    List<Event> goBack(AppState app, long nowMs) {
        Optional<Deployment> cause = state.deployment(app.deployment())
                .filter(one -> one.actions().stream().anyMatch(action -> action.app()
                        .equals(app.id())
                        && action.targetMs() == app.current().configuredMs()));
        if (cause.isPresent()) {
            return fail(cause.get(), RollbackGuard.reason(app), true, nowMs);
        }
        DeploymentPlan plan = wayBack.plan(app, nowMs);
        return plan.steps().isEmpty()
                ? List.of()
                : apps.deploy(Optional.empty(), List.of(), plan, nowMs).events();
    }

    /** It ends without success; nothing that it has started is removed because of that. */
    private List<Event> fail(Deployment deployment, String reason, boolean back, long nowMs) {
        Event.DeploymentEnded ended = new Event.DeploymentEnded(deployment.number(),
                Event.DeploymentEnded.Outcome.FAILED, nowMs, reason);
        if (back && !deployment.back()) {
            DeploymentPlan plan = wayBack.plan(deployment, false, nowMs);
            if (!plan.steps().isEmpty()) {
                return apps.deploy(Optional.of(ended), List.of(), plan, nowMs).events();
            }
        }
        return stop(deployment, ended);
    }

    /**
     * What has not begun will not begin; an app that is still to start has never been there. Where old and
     * new instances stand side by side they stay so.
     */
    private List<Event> stop(Deployment deployment, Event.DeploymentEnded ended) {
        List<Event> events = new ArrayList<>();
        for (AppState app : own(deployment, deployment.actions())) {
            if (app.awaiting()) {
                events.add(new Event.AppLeaving(app.id(), ended.atMs()));
                continue;
            }
            Counted count = new Counted(state, app);
            int limit = count.old.isEmpty() || app.leaving()
                    ? RolloutState.UNLIMITED
                    : count.fresh.size();
            if (limit != app.rollout().limit()) {
                events.add(new Event.RolloutMoved(app.id(), app.rollout().withLimit(limit)));
            }
        }
        events.add(ended);
        return events;
    }

    private List<AppState> own(Deployment deployment, List<DeploymentAction> actions) {
        return own(state, deployment, actions);
    }

    /** The apps of some actions, as far as the deployment still has them. */
    static List<AppState> own(ClusterState state, Deployment deployment,
            List<DeploymentAction> actions) {
        List<AppState> own = new ArrayList<>(actions.size());
        for (DeploymentAction action : actions) {
            state.app(action.app()).filter(app -> app.deployment() == deployment.number())
                    .ifPresent(own::add);
        }
        return own;
    }

    private static Decision unknown() {
        return Decision.refused(Answer.Code.NOT_FOUND, "no such deployment");
    }
}
