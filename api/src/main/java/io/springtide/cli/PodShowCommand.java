package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tide pod show}. */
@Command(name = "show", description = "Show a pod: its containers and its instances.")
final class PodShowCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "POD", description = "The pod.")
    private String pod = "";

    PodShowCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        String id = appId(pod);
        Json status = client.pods().status(id).orElseThrow(() -> new CliException(Exit.NOT_FOUND,
                "Pod '" + id + "' does not exist.", "See the pods: tide pod list"));
        output.printOne(terminal, status, id, describe(status));
        return Exit.OK;
    }

    private static List<String> describe(Json status) {
        List<String> lines = new ArrayList<>();
        Goal.Progress progress = Goal.podProgress(status);
        lines.add("pod        " + status.get("id").text());
        lines.add("status     " + lower(status.get("status"))
                + (status.get("message").text().isEmpty()
                        ? ""
                        : ": " + Table.printable(status.get("message").text())));
        lines.add("instances  " + progress.running() + " running of " + progress.wanted());
        lines.add("version    " + status.get("spec").get("version").text());
        Table containers = new Table("CONTAINER", "IMAGE", ">CPUS", ">MEM", "ENDPOINTS");
        for (Json container : status.get("spec").get("containers").items()) {
            Json resources = container.get("resources");
            containers.row(container.get("name").text(), container.get("image").get("id").text(),
                    Moments.amount(resources.get("cpus").asDouble()),
                    Moments.amount(resources.get("mem").asDouble()),
                    names(container.get("endpoints")));
        }
        lines.addAll(containers.lines(true));
        if (!status.get("instances").items().isEmpty()) {
            Table instances = new Table("INSTANCE", "STATUS", "HOST", "CONTAINERS", "PORTS");
            for (Json instance : status.get("instances").items()) {
                instances.row(instance.get("id").text(), lower(instance.get("status")),
                        instance.get("agentHostname").text(), states(instance), ports(instance));
            }
            lines.addAll(instances.lines(true));
        }
        return lines;
    }

    private static String lower(Json text) {
        return text.text().toLowerCase(Locale.ROOT);
    }

    private static String names(Json endpoints) {
        StringBuilder all = new StringBuilder();
        for (Json endpoint : endpoints.items()) {
            all.append(all.length() == 0 ? "" : ",").append(endpoint.get("name").text());
        }
        return all.toString();
    }

    private static String states(Json instance) {
        StringBuilder all = new StringBuilder();
        for (Json container : instance.get("containers").items()) {
            all.append(all.length() == 0 ? "" : ",").append(container.get("name").text())
                    .append('=').append(lower(container.get("status")).replace("task_", ""));
        }
        return all.toString();
    }

    private static String ports(Json instance) {
        StringBuilder all = new StringBuilder();
        for (Json container : instance.get("containers").items()) {
            for (Json endpoint : container.get("endpoints").items()) {
                all.append(all.length() == 0 ? "" : ",").append(endpoint.get("name").text())
                        .append('=').append(endpoint.get("allocatedHostPort").textOr("-"));
            }
        }
        return all.toString();
    }
}
