package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tide status}: the cluster in a few lines. */
@Command(name = "status", description = "Show the state of the cluster in a few lines.")
final class StatusCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    StatusCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        Json status = client.get("/tide/v1/status").body();
        Json agents = status.get("agents");
        Json instances = status.get("instances");
        List<String> lines = new ArrayList<>(List.of(
                "cluster    " + status.get("clusterId").textOr("-")
                        + (status.get("ready").asBoolean() ? ", ready" : ", not ready"),
                "leader     " + status.get("leader").textOr("none") + ", epoch "
                        + status.get("epoch").textOr("-")
                        + ", journal position " + status.get("position").textOr("-"),
                "agents     " + agents.get("live").asLong() + " live, "
                        + agents.get("suspect").asLong() + " suspect, "
                        + agents.get("unreachable").asLong() + " unreachable",
                "apps       " + status.get("apps").asLong(),
                "instances  " + instances.get("running").asLong() + " running of "
                        + instances.get("wanted").asLong()
                        + " wanted"));
        for (Json alarm : status.get("alarms").items()) {
            lines.add("ALARM      " + alarm.get("name").text() + ": "
                    + alarm.get("message").text());
        }
        output.printOne(terminal, status, status.get("clusterId").text(), lines);
        return Exit.OK;
    }
}
