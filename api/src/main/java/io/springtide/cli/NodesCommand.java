package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tide nodes}: the machines that were ordered since nothing else had room. */
@Command(name = "nodes", //
        description = "List the machines that were ordered, by pool, and how they stand.", //
        footer = {
                "",
                "Pools are set up with tide master --nodes: see docs/nodes.md. To keep a machine as it is,"
                        + " cordon its agent;",
                "to have it replaced, drain its agent."})
final class NodesCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    NodesCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        List<Json> pools = client.get("/tide/v1/nodes").body().get("pools").items();
        Table table = new Table("MACHINE", "POOL", "STATE", "AGENT", "ID", "ADDRESS", ">FOR",
                "WHY");
        List<String> names = new ArrayList<>();
        for (Json pool : pools) {
            for (Json machine : pool.get("machines").items()) {
                names.add(machine.get("token").text());
                table.row(machine.get("token").text(), pool.get("name").text(),
                        machine.get("state").text(), machine.get("agent").text(),
                        machine.get("id").text(), machine.get("address").text(),
                        Moments.ago(machine.get("since").text(), Instant.now()),
                        machine.get("why").text());
            }
        }
        output.print(terminal, pools, names, table, pools.isEmpty()
                ? "There are no pools of machines. See docs/nodes.md"
                : "No machine has been ordered.");
        if (output.tabular() && !output.quiet()) {
            pools.forEach(this::say);
        }
        return Exit.OK;
    }

    private void say(Json pool) {
        String name = pool.get("name").text();
        terminal.say("Pool " + name + ": " + pool.get("machines").items().size() + " of at most "
                + pool.get("max").text() + " machines"
                + (pool.get("min").asLong() > 0 ? ", at least " + pool.get("min").text() : "")
                + (pool.get("decision").isMissing()
                        ? "."
                        : "; " + Moments.ago(pool.get("decidedAt").text(), Instant.now())
                                + " ago: " + pool.get("decision").text() + "."));
        if (!pool.get("trouble").isMissing()) {
            terminal.say("Pool " + name + " for "
                    + Moments.ago(pool.get("troubledSince").text(), Instant.now()) + ": "
                    + pool.get("trouble").text());
        }
    }
}
