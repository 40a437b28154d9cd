package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.model.AppId;
import io.springtide.core.state.ClusterState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** {@code /v2/deployments}: what is on its way, and how to stop it. */
final class DeploymentRoutes implements Routes {

    @Override
    public Optional<Resource> resource(List<String> path) {
        if (path.equals(List.of("v2", "deployments"))) {
            return Resource.at("/v2/deployments").get(DeploymentRoutes::list).found();
        }
        if (path.size() == 3 && AppPaths.startsWith(path, "v2", "deployments")) {
            return Resource.at("/v2/deployments/{id}").delete(x -> cancel(x, path.get(2))).found();
        }
        return Optional.empty();
    }

    /** A deployment, and what the tasks of its present step have said of their readiness. */
    private record Listed(DeploymentView view, Map<AppId, List<TaskView>> readiness) {

        static Listed of(ClusterState state, DeploymentView view) {
            Map<AppId, List<TaskView>> readiness = new TreeMap<>();
            view.steps().currentActions().forEach(action -> readiness.put(action.run(),
                    DeploymentView.readiness(state, action.run())));
            return new Listed(view, readiness);
        }
    }

    private static void list(Exchange x) {
        List<Listed> running = x.backend().view().read(state -> state.deployments().stream()
                .map(deployment -> Listed.of(state, DeploymentView.of(state, deployment)))
                .toList());
        ArrayNode body = JsonNodeFactory.instance.arrayNode();
        running.forEach(one -> body.add(DeploymentJson.listed(one.view(),
                x.backend().definitions(),
                app -> one.readiness().getOrDefault(app, List.of()))));
        x.json(200, body);
    }

    /** With force it just stops; without, what it has changed is changed back. */
    private static void cancel(Exchange x, String id) {
        OptionalLong number = DeploymentIds.number(x.backend().clusterId(), id);
        if (number.isEmpty()) {
            throw Errors.deploymentUnknown(id);
        }
        boolean force = x.force();
        x.submit(new Command.CancelDeployment(number.getAsLong(), !force), answer -> {
            if (force) {
                x.empty(202);
            } else {
                x.deployed(200, Exchange.accepted(answer));
            }
        }, refusal -> {
            if (refusal.code() == Answer.Code.NOT_FOUND) {
                throw Errors.deploymentUnknown(id);
            }
            return false;
        });
    }
}
