package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.core.model.AppId;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;

/** Deployments as Marathon's clients know them. */
final class DeploymentJson {

    private DeploymentJson() {}

    /**
     * As {@code /v2/deployments} lists it.
     *
     * @param readiness the tasks of an app that have answered their readiness check
     */
    static ObjectNode listed(DeploymentView view, AppDefinitions definitions,
            Function<AppId, List<TaskView>> readiness) {
        ObjectNode node = Json.object().put("id", view.id()).put("version", view.version());
        ArrayNode apps = node.putArray("affectedApps");
        ArrayNode pods = node.putArray("affectedPods");
        TreeSet<AppId> seen = new TreeSet<>();
        for (List<DeploymentSteps.Action> step : view.steps().all()) {
            for (DeploymentSteps.Action action : step) {
                if (seen.add(action.run())) {
                    (action.pod() ? pods : apps).add(action.run().path());
                }
            }
        }
        putSteps(node, view.steps().all());
        ArrayNode current = node.putArray("currentActions");
        TaskJson ids = new TaskJson(definitions, view.clusterId());
        for (DeploymentSteps.Action action : view.steps().currentActions()) {
            ids.writeReadiness(put(current, action).putArray("readinessCheckResults"),
                    readiness.apply(action.run()));
        }
        int total = view.steps().all().size();
        return node.put("currentStep", Math.min(total, view.steps().current() + 1))
                .put("totalSteps", total);
    }

    /** The plan as events carry it. */
    static ObjectNode plan(DeploymentView view) {
        ObjectNode node = Json.object().put("id", view.id()).put("version", view.version());
        putSteps(node, view.steps().all());
        return node;
    }

    /** One step as events carry it; without actions if there is none. */
    static ObjectNode step(DeploymentView view, int index) {
        ObjectNode node = Json.object();
        ArrayNode actions = node.putArray("actions");
        if (index < view.steps().all().size()) {
            view.steps().all().get(index).forEach(action -> put(actions, action));
        }
        return node;
    }

    /** All steps, as {@code "steps"} of an object. */
    static void putSteps(ObjectNode node, List<List<DeploymentSteps.Action>> steps) {
        ArrayNode out = node.putArray("steps");
        for (List<DeploymentSteps.Action> step : steps) {
            ArrayNode actions = out.addObject().putArray("actions");
            step.forEach(action -> put(actions, action));
        }
    }

    private static ObjectNode put(ArrayNode actions, DeploymentSteps.Action action) {
        return actions.addObject().put("action", action.name())
                .put(action.pod() ? "pod" : "app", action.run().path());
    }
}
