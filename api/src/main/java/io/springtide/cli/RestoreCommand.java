package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code tide restore} as far as it talks to a master. What puts a backup into a store is started by the
 * launcher script.
 */
@Command(name = "restore", //
        description = "Put a backup into an empty store; or look after a cluster that was restored.", //
        footer = {"", "Examples:",
                "  tide restore --from shop.tideback --store zk://z1:2181/springtide",
                "  tide restore --status      what agents run beside what the backup says",
                "  tide restore --confirm     go on: end what is unknown, replace what is gone",
                "",
                "Options of the first: tide restore --from FILE --help"})
final class RestoreCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    @Option(names = "--from", paramLabel = "FILE",
            description = "A backup, which goes into the store that --store names.")
    private String from = "";

    @Option(names = "--status", description = "Show what agents have brought (default).")
    private boolean status;

    @Option(names = "--confirm", description = "Let a restored cluster go on.")
    private boolean confirm;

    @Option(names = {"-y", "--yes"}, description = "Do not ask.")
    private boolean yes;

    RestoreCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        if (!from.isEmpty() || (status && confirm)) {
            throw new CliException(Exit.USAGE, from.isEmpty()
                    ? "Either --status or --confirm."
                    : "'restore --from' is started by the launcher script, not by this program.",
                    "How it is used: tide restore --help");
        }
        Json restore = client.get("/tide/v1/restore").body();
        if (!confirm) {
            show(restore);
            return Exit.OK;
        }
        Confirmation.ask(terminal, yes || !restore.get("waiting").asBoolean(),
                "End " + restore.get("unknown").asLong() + " instances that the backup does not"
                        + " know, and replace " + restore.get("missing").asLong()
                        + " that are gone?");
        client.post("/tide/v1/restore/confirm", Json.nothing());
        terminal.say("The cluster goes on. See: tide status, tide ps");
        return Exit.OK;
    }

    private void show(Json restore) {
        boolean waiting = restore.get("waiting").asBoolean();
        Table table = new Table("AGENT", "STATE", "COMPARED", ">UNKNOWN", ">MISSING");
        List<Json> agents = waiting ? restore.get("agents").items() : List.of();
        List<String> names = new ArrayList<>();
        for (Json agent : agents) {
            names.add(agent.get("id").text());
            boolean compared = agent.get("compared").asBoolean();
            table.row(agent.get("id").text(), agent.get("state").text(), compared ? "yes" : "no",
                    compared ? agent.get("unknown").text() : "-",
                    compared ? agent.get("missing").text() : "-");
        }
        output.print(terminal, agents, names, table,
                waiting
                        ? "No agent has come yet."
                        : "Nothing waits: this cluster was not restored, or goes on already.");
        if (waiting) {
            terminal.say("Restored from a backup of " + restore.get("backup").text()
                    + "; nothing is ended, given up or placed. Go on: tide restore --confirm");
        }
    }
}
