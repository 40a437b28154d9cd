package io.springtide.cli;

import io.springtide.api.client.Deployment;
import io.springtide.api.client.Deployments;
import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tide deployments list}. */
@Command(name = "list", aliases = "ls", description = "List the deployments that are under way.")
final class DeploymentListCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    DeploymentListCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        list(terminal, client, output);
        return Exit.OK;
    }

    /** For programs Marathon's list, for people with what is known beside it. */
    static void list(Terminal terminal, TideClient client, Output output) {
        Deployments deployments = client.deployments();
        List<Json> listed = deployments.listed();
        Map<String, Deployment> known = new HashMap<>();
        if (output.tabular() && !listed.isEmpty()) {
            deployments.list().forEach(one -> known.put(one.id(), one));
        }
        Table table = new Table("DEPLOYMENT", "APPS", "STEP", "DOING", "STATE", ">AGE", "WHY");
        List<String> names = new ArrayList<>(listed.size());
        Instant now = Instant.now();
        for (Json deployment : listed) {
            String id = deployment.get("id").text();
            Optional<Deployment> more = Optional.ofNullable(known.get(id));
            names.add(id);
            table.row(id, apps(deployment),
                    deployment.get("currentStep").text() + "/"
                            + deployment.get("totalSteps").text(),
                    doing(deployment), more.map(Deployment::state).orElse(""),
                    Moments.ago(deployment.get("version").text(), now),
                    more.map(Deployment::why).orElse(""));
        }
        output.print(terminal, listed, names, table, "No deployment is under way.");
    }

    private static String apps(Json deployment) {
        StringBuilder apps = new StringBuilder();
        for (String kind : List.of("affectedApps", "affectedPods")) {
            for (Json app : deployment.get(kind).items()) {
                apps.append(apps.length() == 0 ? "" : ",").append(app.text());
            }
        }
        return apps.toString();
    }

    private static String doing(Json deployment) {
        StringBuilder actions = new StringBuilder();
        for (Json action : deployment.get("currentActions").items()) {
            String text = action.get("action").text();
            if (actions.indexOf(text) < 0) {
                actions.append(actions.length() == 0 ? "" : ",").append(text);
            }
        }
        return actions.toString();
    }
}
