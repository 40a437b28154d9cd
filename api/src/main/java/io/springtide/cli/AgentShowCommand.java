package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tide agent show}. */
@Command(name = "show", description = "Show an agent, and how far it is with being emptied.")
final class AgentShowCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "AGENT", description = "The agent's id.")
    private String id = "";

    AgentShowCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        Json agent = client.get(path(id)).body();
        Table table = new Table("FIELD", "VALUE");
        table.row("agent", agent.get("id").text());
        table.row("state", agent.get("state").text());
        table.row("mode", mode(agent));
        table.row("host", agent.get("hostname").text());
        table.row("site", agent.get("site").text());
        table.row("rack", agent.get("rack").text());
        table.row("tasks", agent.get("tasks").text());
        for (String line : progress(agent)) {
            table.row("drain", line);
        }
        output.print(terminal, List.of(agent), List.of(agent.get("id").text()), table, "");
        return Exit.OK;
    }

    static String path(String id) {
        if (id.isBlank()) {
            throw new CliException(Exit.USAGE, "The agent's id is empty.",
                    "See the agents with: tide agents");
        }
        return "/tide/v1/agents/" + TideClient.segment(id);
    }

    private static String mode(Json agent) {
        Json since = agent.get("modeSince");
        return agent.get("mode").text() + (since.isMissing() ? "" : " since " + since.text());
    }

    /** What is left on an agent that is being emptied, and why. */
    static List<String> progress(Json agent) {
        Json drain = agent.get("drain");
        if (drain.isMissing()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        for (Json app : drain.get("apps").items()) {
            lines.add(app.get("id").text() + ": " + app.get("instances").text() + " left, "
                    + app.get("why").text());
        }
        if (lines.isEmpty()) {
            lines.add("done: nothing is left on it");
        }
        return lines;
    }
}
