package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.decide.DeploymentProgress;
import io.springtide.core.decide.DeploymentProgress.Action;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.Deployment;
import io.springtide.core.model.RunKind;
import io.springtide.core.state.ClusterState;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a deployment stood at one moment, free of the state it was read from, in our own words.
 *
 * @param specs of the apps for which there is no room, since the reasons name their constraints
 */
record DeploymentStanding(String clusterId, Deployment deployment, DeploymentProgress progress,
        Map<AppId, AppSpec> specs) {

    DeploymentStanding {
        specs = Collections.unmodifiableMap(new TreeMap<>(specs));
    }

    static DeploymentStanding of(ClusterState state, Deployment deployment, long nowMs) {
        DeploymentProgress progress = DeploymentProgress.of(state, deployment, nowMs);
        Map<AppId, AppSpec> specs = new TreeMap<>();
        for (Action action : progress.actions()) {
            if (action.why() == DeploymentProgress.Why.PLACEMENT) {
                state.app(action.app())
                        .ifPresent(app -> specs.put(app.id(), app.latest().spec()));
            }
        }
        return new DeploymentStanding(state.clusterId(), deployment, progress, specs);
    }

    ObjectNode json() {
        ObjectNode node = Json.object()
                .put("id", DeploymentIds.text(clusterId, deployment.number()))
                .put("version", Timestamps.format(deployment.versionMs()))
                .put("state", word(progress.state())).put("why", why())
                .put("currentStep", Math.min(deployment.steps().size(), deployment.step() + 1))
                .put("totalSteps", deployment.steps().size());
        progress.deadlineMs()
                .ifPresent(deadlineMs -> node.put("deadline", Timestamps.format(deadlineMs)));
        ArrayNode apps = node.putArray("apps");
        progress.actions().forEach(action -> put(apps.addObject(), action));
        return node;
    }

    private void put(ObjectNode node, Action action) {
        boolean pod = action.runKind() == RunKind.POD;
        node.put(pod ? "pod" : "app", action.app().path())
                .put("action", DeploymentSteps.verb(action.kind())
                        + (pod ? "Pod" : "Application"))
                .put("step", action.step() + 1).put("state", word(action.state()))
                .put("why", sentence(action)).put("wanted", action.wanted())
                .put("new", action.fresh()).put("newHealthy", action.freshHealthy())
                .put("newReady", action.freshReady()).put("old", action.old())
                .put("ending", action.ending()).put("missing", action.missing())
                .put("stage", action.stage()).put("stages", action.stages())
                .put("stageInstances", action.stageInstances());
    }

    /** Why it does not go on; empty if it does. */
    String why() {
        return switch (progress.state()) {
            case PAUSED -> "The deployment is paused: resume it to go on, or abort it to go back.";
            case WAITING -> progress.actions().stream()
                    .filter(one -> one.state() == DeploymentProgress.State.WAITING).findFirst()
                    .map(this::sentence).orElse("");
            case PENDING, RUNNING, DONE -> "";
        };
    }

    /** What one of its apps waits for, and what can be done about it; empty if it waits for nothing. */
    private String sentence(Action action) {
        AppId app = action.app();
        return switch (action.why()) {
            case NONE -> "";
            case EARLIER_STEP -> "Begins when the steps before it are done.";
            case PAUSED -> "The deployment is paused: resume it to go on, or abort it to go back.";
            case CANARY -> stage(action);
            case PROMOTION -> some(action.fresh(), "new instance", app)
                    + " in place, and somebody has to say that the rest may follow: promote the"
                    + " deployment, or abort it to go back.";
            case BACKOFF -> "The last launches of '" + app + "' failed"
                    + until("; it is tried again", action.untilMs())
                    + ". Its lastFailure says how; correct the app, or abort the deployment.";
            case PLACEMENT -> room(action);
            case STARTING -> "New instances of '" + app + "' have been placed and do not run yet.";
            case HEALTH -> some(action.fresh() - action.freshHealthy(), "new instance", app)
                    + " not healthy yet: look at the health checks and at what the tasks"
                    + " print, or abort the deployment.";
            case READINESS -> some(action.fresh() - action.freshReady(), "new instance", app)
                    + " healthy, but not ready yet: look at what the readiness check"
                    + " answers (embed=readiness), or abort the deployment.";
            case ENDING -> some(action.ending(), "instance", app) + " being ended.";
            case STORM -> "Health checks fail nearly everywhere, so that those of '" + app
                    + "' say nothing: look at what the checks have in common. It goes on when they"
                    + " are content again.";
            case TAKEN_OVER -> "Another deployment has taken '" + app + "' over.";
        };
    }

    private static String stage(Action action) {
        return "Stage " + (action.stage() + 1) + " of " + action.stages() + " of '" + action.app()
                + "' is in place, with " + many(action.fresh(), "new instance")
                + (action.untilMs() == 0
                        ? ", and somebody has to say that it may go on: promote the deployment, or"
                        : until(", and goes on", action.untilMs())
                                + ": promote the deployment to go on at once, or")
                + " abort it to go back.";
    }

    private String room(Action action) {
        String sentence = "No agent can take " + many(action.missing(), "instance") + " of '"
                + action.app() + "'";
        AppSpec spec = specs.get(action.app());
        if (spec != null) {
            sentence += ": " + new Funnel(spec, action.rejections()).sentence();
        }
        return sentence + ". Make room, ask for less, or abort the deployment.";
    }

    private static String many(int count, String noun) {
        return Funnel.number(count) + " " + noun + (count == 1 ? "" : "s");
    }

    private static String some(int count, String noun, AppId app) {
        return many(count, noun) + " of '" + app + (count == 1 ? "' is" : "' are");
    }

    private static String until(String what, long untilMs) {
        return untilMs == 0 ? "" : what + " at " + Timestamps.format(untilMs);
    }

    static String word(DeploymentProgress.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /** One of those that are running. */
    static Optional<DeploymentStanding> find(ClusterState state, long number, long nowMs) {
        return state.deployment(number).map(one -> of(state, one, nowMs));
    }
}
