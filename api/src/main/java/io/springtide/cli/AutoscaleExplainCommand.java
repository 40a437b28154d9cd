package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tide autoscale explain}. */
@Command(name = "explain", //
        description = "Tell what a policy has decided, newest first, with the numbers it saw.")
final class AutoscaleExplainCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "APP", description = "The app.")
    private String app = "";

    AutoscaleExplainCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        String id = appId(app);
        Json history = client.get(AutoscaleGroup.path(id) + "/history").body();
        List<String> lines = new ArrayList<>();
        for (Json one : history.get("decisions").items()) {
            lines.add(one.get("at").text() + "  " + one.get("from").text() + " -> "
                    + one.get("to").text()
                    + (one.get("dryRun").asBoolean() ? " (on trial)" : "") + "  "
                    + one.get("kind").text() + ": " + one.get("sentence").text());
            one.get("numbers").fields().forEach(
                    (path, number) -> lines.add("    " + path + "  " + number.text()));
        }
        if (lines.isEmpty()) {
            lines.add("The policy of " + id + " has decided nothing yet.");
        }
        output.printOne(terminal, history, id, lines);
        return Exit.OK;
    }
}
