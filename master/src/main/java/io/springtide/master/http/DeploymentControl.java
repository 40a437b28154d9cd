package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/** {@code /tide/v1/deployments}: how deployments stand, and what people may do to them. */
final class DeploymentControl implements Routes {

    @Override
    public Optional<Resource> resource(List<String> path) {
        if (!AppPaths.startsWith(path, "tide", "v1", "deployments")) {
            return Optional.empty();
        }
        if (path.size() == 3) {
            return Resource.at("/tide/v1/deployments").get(DeploymentControl::list).found();
        }
        String id = path.get(3);
        if (path.size() == 4) {
            return Resource.at("/tide/v1/deployments/{id}").get(x -> one(x, id)).found();
        }
        if (path.size() > 5) {
            return Optional.empty();
        }
        return switch (path.get(4)) {
            case "pause" -> Resource.at("/tide/v1/deployments/{id}/pause").post(x -> steer(x, id,
                    number -> new Command.PauseDeployment(number, true))).found();
            case "resume" -> Resource.at("/tide/v1/deployments/{id}/resume").post(x -> steer(x, id,
                    number -> new Command.PauseDeployment(number, false))).found();
            case "promote" -> Resource.at("/tide/v1/deployments/{id}/promote").post(
                    x -> steer(x, id, Command.PromoteDeployment::new)).found();
            case "abort" -> Resource.at("/tide/v1/deployments/{id}/abort").post(x -> submit(x, id,
                    number -> new Command.CancelDeployment(number, true),
                    accepted -> x.deployed(200, accepted))).found();
            default -> Optional.empty();
        };
    }

    private static long number(Exchange x, String id) {
        OptionalLong number = DeploymentIds.number(x.backend().clusterId(), id);
        return number.orElseThrow(() -> Errors.deploymentUnknown(id));
    }

    private static void list(Exchange x) {
        long nowMs = x.backend().clock().millis();
        List<DeploymentStanding> all = x.backend().view().read(state -> state.deployments()
                .stream().map(one -> DeploymentStanding.of(state, one, nowMs)).toList());
        ObjectNode body = Json.object();
        ArrayNode deployments = body.putArray("deployments");
        all.forEach(one -> deployments.add(one.json()));
        x.json(200, body);
    }

    private static Optional<DeploymentStanding> find(Exchange x, long number) {
        long nowMs = x.backend().clock().millis();
        return x.backend().view().read(state -> DeploymentStanding.find(state, number, nowMs));
    }

    private static void one(Exchange x, String id) {
        x.json(200, find(x, number(x, id)).orElseThrow(() -> Errors.deploymentUnknown(id)).json());
    }

    private static void submit(Exchange x, String id, LongFunction<Command> command,
            Consumer<Answer.Accepted> done) {
        x.submit(command.apply(number(x, id)), answer -> done.accept(Exchange.accepted(answer)),
                refusal -> {
                    if (refusal.code() == Answer.Code.NOT_FOUND) {
                        throw Errors.deploymentUnknown(id);
                    }
                    return false;
                });
    }

    /** Answers with how the deployment stands then. */
    private static void steer(Exchange x, String id, LongFunction<Command> command) {
        submit(x, id, command, accepted -> x.json(200, find(x, number(x, id))
                .map(DeploymentStanding::json).orElseGet(() -> ended(x, accepted))));
    }

    /** There was nothing more to wait for. */
    private static ObjectNode ended(Exchange x, Answer.Accepted accepted) {
        ObjectNode node = Json.object()
                .put("id", DeploymentIds.text(x.backend().clusterId(), accepted.deployment()))
                .put("version", Timestamps.format(accepted.versionMs())).put("state", "done")
                .put("why", "").put("currentStep", 0).put("totalSteps", 0);
        node.putArray("apps");
        return node;
    }
}
