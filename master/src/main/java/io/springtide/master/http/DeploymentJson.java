package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.model.Deployment;
import io.springtide.core.model.DeploymentAction;
import java.util.ArrayList;
import java.util.List;

/**
 * Deployments in Marathon's steps: what stops, then what starts with no instance, then what is scaled or
 * restarted. Ours runs them at once; the last step is shown as the current one.
 */
final class DeploymentJson {

    /** An action as clients know it. */
    private record Action(String name, String app) {}

    private DeploymentJson() {}

    /** As {@code /v2/deployments} lists it. */
    static ObjectNode listed(String clusterId, Deployment deployment) {
        List<List<Action>> steps = steps(deployment);
        ObjectNode node = Json.object()
                .put("id", DeploymentIds.text(clusterId, deployment.number()))
                .put("version", Timestamps.format(deployment.versionMs()));
        ArrayNode affected = node.putArray("affectedApps");
        deployment.actions().forEach(action -> affected.add(action.app().path()));
        node.putArray("affectedPods");
        putSteps(node, steps);
        ArrayNode current = node.putArray("currentActions");
        if (!steps.isEmpty()) {
            for (Action action : steps.getLast()) {
                put(current, action).putArray("readinessCheckResults");
            }
        }
        node.put("currentStep", steps.size());
        node.put("totalSteps", steps.size());
        return node;
    }

    /** The plan as events carry it. */
    static ObjectNode plan(String clusterId, Deployment deployment) {
        ObjectNode node = Json.object()
                .put("id", DeploymentIds.text(clusterId, deployment.number()))
                .put("version", Timestamps.format(deployment.versionMs()));
        putSteps(node, steps(deployment));
        return node;
    }

    /** The last step as events carry it. */
    static ObjectNode currentStep(Deployment deployment) {
        ObjectNode node = Json.object();
        ArrayNode actions = node.putArray("actions");
        List<List<Action>> steps = steps(deployment);
        if (!steps.isEmpty()) {
            steps.getLast().forEach(action -> put(actions, action));
        }
        return node;
    }

    private static List<List<Action>> steps(Deployment deployment) {
        List<Action> stops = new ArrayList<>();
        List<Action> starts = new ArrayList<>();
        List<Action> moves = new ArrayList<>();
        for (DeploymentAction action : deployment.actions()) {
            String app = action.app().path();
            switch (action.kind()) {
                case STOP -> stops.add(new Action("StopApplication", app));
                case START -> {
                    starts.add(new Action("StartApplication", app));
                    moves.add(new Action("ScaleApplication", app));
                }
                case SCALE -> moves.add(new Action("ScaleApplication", app));
                case RESTART -> moves.add(new Action("RestartApplication", app));
            }
        }
        List<List<Action>> steps = new ArrayList<>(List.of(stops, starts, moves));
        steps.removeIf(List::isEmpty);
        return steps;
    }

    private static void putSteps(ObjectNode node, List<List<Action>> steps) {
        ArrayNode out = node.putArray("steps");
        for (List<Action> step : steps) {
            ArrayNode actions = out.addObject().putArray("actions");
            step.forEach(action -> put(actions, action));
        }
    }

    private static ObjectNode put(ArrayNode actions, Action action) {
        return actions.addObject().put("action", action.name()).put("app", action.app());
    }
}
