package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.elasticity.ScalingPolicy;
import io.springtide.core.model.Condition;
import io.springtide.core.model.TaskFailure;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import java.util.Optional;

/** Why an app is not where it should be, told so that nobody needs a log file. */
record WhyView(Waiting waiting, int wanted, int running, int agents,
        Optional<TaskFailure> failure, Optional<ScalingPolicy> policy) {

    static WhyView of(ClusterState state, AppState app) {
        int running = 0;
        for (int i = 0; i < app.instances().size(); i++) {
            running += state.conditionOf(app.instances().get(i)) == Condition.RUNNING ? 1 : 0;
        }
        return new WhyView(Waiting.of(app), app.scaled(), running, state.agents().size(),
                app.lastFailure(), app.scaling().filter(unused -> app.ownedByPolicy()));
    }

    ObjectNode json(long nowMs) {
        ObjectNode body = Json.object().put("app", waiting.version().spec().id().path())
                .put("instances", wanted).put("running", running)
                .put("countOwner", policy.isPresent() ? "policy" : "definition")
                .put("waiting", waiting.count()).put("delaySeconds", waiting.secondsLeft(nowMs))
                .put("blocked", blocked(nowMs)).put("agents", agents);
        body.set("rejections", funnel().json());
        funnel().putClosest(body);
        failure.ifPresent(one -> body.putObject("lastFailure")
                .put("state", TaskJson.state(one.condition())).put("message", one.message())
                .put("exitCode", one.exitCode()).put("host", one.hostname())
                .put("agent", one.agent()).put("timestamp", Timestamps.format(one.atMs())));
        return body.put("sentence", sentence(nowMs) + owner());
    }

    private Funnel funnel() {
        return new Funnel(waiting.version().spec(), waiting.rejections());
    }

    /** Instances wait, and not for a backoff: nothing will change by itself. */
    private boolean blocked(long nowMs) {
        return waiting.count() > 0 && waiting.secondsLeft(nowMs) == 0
                && (waiting.rejections().agents() > 0 || agents == 0);
    }

    private String owner() {
        return policy.map(some -> " How many there are to be, " + wanted + " now and " + some.min()
                + " to " + some.max() + ", is decided by its autoscaling policy: tide autoscale"
                + " show " + waiting.version().spec().id().path()).orElse("");
    }

    private String sentence(long nowMs) {
        if (waiting.count() == 0) {
            return running >= wanted
                    ? "All " + wanted + " instances are running."
                    : running + " of " + wanted
                            + " instances are running; the others are starting.";
        }
        String waits = waiting.count() + " of " + wanted + " instances wait";
        if (waiting.secondsLeft(nowMs) > 0) {
            return waits + ": the last launches failed, the next is tried in "
                    + waiting.secondsLeft(nowMs) + " s."
                    + failure.map(one -> " Last failure: " + one.message()).orElse("");
        }
        if (agents == 0) {
            return waits + ": no agent has registered.";
        }
        if (waiting.rejections().agents() == 0) {
            return waits + ": they are being placed.";
        }
        return waits + ": " + funnel().sentence() + ".";
    }
}
