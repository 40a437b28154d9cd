package io.springtide.core.decide;

import io.springtide.core.model.AppId;
import io.springtide.core.model.Delivery;
import io.springtide.core.model.Deployment;
import io.springtide.core.model.DeploymentAction;
import io.springtide.core.model.Rejections;
import io.springtide.core.model.RunKind;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * How far a deployment has come, and what each of its apps waits for. A pure question to the state: it may
 * be asked of any copy of it.
 *
 * @param state of the whole: paused if somebody holds it; waiting if nothing in it can go on by itself
 *     at once; else running
 * @param deadlineMs when it ends whether it is done or not; empty if it has all the time, or is paused
 * @param actions in the order of the steps
 */
public record DeploymentProgress(State state, OptionalLong deadlineMs, List<Action> actions) {

    /** How a deployment, or one of its actions, stands. */
    public enum State {
        /** Its step has not begun. */
        PENDING,
        /** It goes on. */
        RUNNING,
        /** It waits for something; see {@link Action#why}. */
        WAITING,
        /** Somebody holds it. */
        PAUSED,
        /** It has come about, or another deployment has taken the app over. */
        DONE
    }

    /** What an action waits for. */
    public enum Why {
        NONE,
        /** The steps before it. */
        EARLIER_STEP,
        /** Somebody to resume the deployment. */
        PAUSED,
        /** The pause of its canary stage: until {@link Action#untilMs}, or for a person if that is 0. */
        CANARY,
        /** Somebody to say that the old instances may go. */
        PROMOTION,
        /** The delay after failures: until {@link Action#untilMs}. */
        BACKOFF,
        /** An agent that can take {@link Action#missing} more; see {@link Action#rejections}. */
        PLACEMENT,
        /** New instances that have been placed and do not run yet. */
        STARTING,
        /** New instances that run and are not healthy yet. */
        HEALTH,
        /** New instances that are healthy and not ready yet. */
        READINESS,
        /** Instances that have been told to end. */
        ENDING,
        /** The end of a storm of failing health checks. */
        STORM,
        /** Nothing: another deployment has taken the app over. */
        TAKEN_OVER
    }

    /**
     * How one action stands.
     *
     * @param step from 0
     * @param wanted how many instances there are to be in the end; 0 if the app goes
     * @param fresh instances of the new configuration that count
     * @param freshHealthy of those, how many are healthy
     * @param freshReady of those, how many are also ready; the same where nobody asks
     * @param old instances of older configurations that count
     * @param ending instances that are being ended
     * @param missing instances that found no agent when it was tried last
     * @param stage canary stages that lie behind it
     * @param stages canary stages in all; 0 where none apply
     * @param stageInstances most new ones that the present stage lets in
     * @param untilMs when what it waits for is over; 0 = nobody can say
     * @param rejections why no agent takes those that are missing
     */
    public record Action(AppId app, RunKind runKind, DeploymentAction.Kind kind, int step,
            State state, Why why, int wanted, int fresh, int freshHealthy, int freshReady, int old,
            int ending, int missing, int stage, int stages, int stageInstances, long untilMs,
            Rejections rejections) {}

    public DeploymentProgress {
        actions = List.copyOf(actions);
    }

    /** Reads off the state how a running deployment stands. */
    public static DeploymentProgress of(ClusterState cluster, Deployment deployment, long nowMs) {
        List<Action> actions = new ArrayList<>();
        for (int step = 0; step < deployment.steps().size(); step++) {
            for (DeploymentAction action : deployment.steps().get(step)) {
                actions.add(action(cluster, deployment, step, action, nowMs));
            }
        }
        State state = State.RUNNING;
        if (deployment.paused()) {
            state = State.PAUSED;
        } else if (actions.stream().anyMatch(one -> one.state == State.WAITING)
                && actions.stream().noneMatch(one -> one.state == State.RUNNING)) {
            state = State.WAITING;
        }
        return new DeploymentProgress(state,
                DeploymentDecisions.deadlineMs(cluster, deployment), actions);
    }

    private static Action action(ClusterState cluster, Deployment deployment, int step,
            DeploymentAction action, long nowMs) {
        AppState app = cluster.app(action.app())
                .filter(one -> one.deployment() == deployment.number()).orElse(null);
        if (app == null) {
            boolean done = cluster.app(action.app()).isEmpty();
            RunKind runKind = cluster.app(action.app())
                    .map(one -> one.latest().spec().kind())
                    .or(() -> cluster.removed().get(action.app())
                            .map(one -> one.versions().lastEntry().getValue().spec().kind()))
                    .orElse(RunKind.APP);
            return new Action(action.app(), runKind, action.kind(), step, State.DONE,
                    done ? Why.NONE : Why.TAKEN_OVER, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                    Rejections.NONE);
        }
        Counted count = new Counted(cluster, app);
        Found found = find(deployment, step, count, nowMs);
        boolean begun = step <= deployment.step();
        int wanted = action.kind() == DeploymentAction.Kind.STOP
                ? 0
                : app.scaledLatest();
        Delivery delivery = app.latest().spec().delivery();
        boolean staged = delivery.strategy() == Delivery.Strategy.ROLLING
                && action.kind() == DeploymentAction.Kind.RESTART && !deployment.back();
        int stages = staged ? delivery.canary().size() : 0;
        return new Action(app.id(), app.latest().spec().kind(), action.kind(), step, found.state,
                found.why, wanted, begun ? count.fresh.size() : 0,
                begun ? count.freshHealthy : 0, begun ? count.freshGood : 0,
                count.old.size() + (begun ? 0 : count.fresh.size()), count.ending,
                begun ? app.missing() : 0, begun ? Math.min(app.rollout().stage(), stages) : 0,
                stages, begun ? count.course.stageMax() : 0, found.untilMs,
                begun ? app.rejections() : Rejections.NONE);
    }

    private record Found(State state, Why why, long untilMs) {

        static Found waiting(Why why) {
            return new Found(State.WAITING, why, 0);
        }

        static Found running(Why why) {
            return new Found(State.RUNNING, why, 0);
        }
    }

    private static Found find(Deployment deployment, int step, Counted count, long nowMs) {
        AppState app = count.app;
        if (step < deployment.step()) {
            return new Found(State.DONE, Why.NONE, 0);
        }
        if (step > deployment.step()) {
            return new Found(State.PENDING, Why.EARLIER_STEP, 0);
        }
        Rollout rollout = Rollout.of(count);
        if (rollout.settled()) {
            return new Found(State.DONE, Why.NONE, 0);
        }
        if (deployment.paused()) {
            return new Found(State.PAUSED, Why.PAUSED, 0);
        }
        if (app.leaving()) {
            return Found.running(Why.ENDING);
        }
        if (count.course.gated() && app.rollout().stagedMs() != 0) {
            long pauseMs = count.course.pauseMs();
            return new Found(State.WAITING, count.course.byHand() ? Why.PROMOTION : Why.CANARY,
                    pauseMs > 0 ? app.rollout().stagedMs() + pauseMs : 0);
        }
        if (rollout.launch() > 0) {
            if (app.launchAfterMs() > nowMs) {
                return new Found(State.WAITING, Why.BACKOFF, app.launchAfterMs());
            }
            if (app.missing() > 0) {
                return Found.waiting(Why.PLACEMENT);
            }
        }
        return instances(count);
    }

    /** What is there has to change before anything else can. */
    private static Found instances(Counted count) {
        if (count.fresh.stream().anyMatch(InstanceDecisions::launching)) {
            return Found.running(Why.STARTING);
        }
        if (count.storm() && count.freshHealthy < count.fresh.size()) {
            return Found.waiting(Why.STORM);
        }
        if (count.freshHealthy < count.fresh.size()) {
            return Found.waiting(Why.HEALTH);
        }
        if (count.freshGood < count.fresh.size()) {
            return Found.waiting(Why.READINESS);
        }
        return Found.running(count.ending > 0 ? Why.ENDING : Why.NONE);
    }
}
