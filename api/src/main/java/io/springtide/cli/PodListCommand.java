package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tide pod list}. */
@Command(name = "list", aliases = "ls", description = "List pods.")
final class PodListCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    PodListCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        List<Json> pods = client.pods().statuses();
        Table table = new Table("POD", ">RUNNING", "STATUS", "CONTAINERS", ">SINCE");
        List<String> names = new ArrayList<>(pods.size());
        Instant now = Instant.now();
        for (Json pod : pods) {
            names.add(pod.get("id").text());
            Goal.Progress progress = Goal.podProgress(pod);
            table.row(pod.get("id").text(), progress.running() + "/" + progress.wanted(),
                    pod.get("status").text().toLowerCase(Locale.ROOT),
                    containers(pod.get("spec")), Moments.ago(pod.get("statusSince").text(), now));
        }
        output.print(terminal, pods, names, table, "No pods. Run one: tide pod run --help");
        return Exit.OK;
    }

    private static String containers(Json spec) {
        StringBuilder names = new StringBuilder();
        for (Json container : spec.get("containers").items()) {
            names.append(names.length() == 0 ? "" : ",").append(container.get("name").text());
        }
        return names.toString();
    }
}
