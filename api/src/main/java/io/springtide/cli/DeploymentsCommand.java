package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tide deployments}: what is being changed. */
@Command(name = "deployments", description = "List the deployments that are under way.")
final class DeploymentsCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    DeploymentsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        List<Json> deployments = client.get("/v2/deployments").body().items();
        Table table = new Table("DEPLOYMENT", "APPS", "STEP", "DOING", ">AGE");
        List<String> names = new ArrayList<>(deployments.size());
        Instant now = Instant.now();
        for (Json deployment : deployments) {
            names.add(deployment.get("id").text());
            table.row(deployment.get("id").text(), apps(deployment),
                    deployment.get("currentStep").text() + "/"
                            + deployment.get("totalSteps").text(),
                    doing(deployment), Moments.ago(deployment.get("version").text(), now));
        }
        output.print(terminal, deployments, names, table, "No deployment is under way.");
        return Exit.OK;
    }

    private static String apps(Json deployment) {
        StringBuilder apps = new StringBuilder();
        for (Json app : deployment.get("affectedApps").items()) {
            apps.append(apps.length() == 0 ? "" : ",").append(app.text());
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
