package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.model.Deployment;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

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

    private static void list(Exchange x) {
        String clusterId = x.backend().clusterId();
        List<Deployment> running = x.backend().view()
                .read(state -> List.copyOf(state.deployments()));
        ArrayNode body = JsonNodeFactory.instance.arrayNode();
        running.forEach(one -> body.add(DeploymentJson.listed(clusterId, one)));
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
