package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tide storm}: whether so many agents are silent that hardly any is given up. */
@Command(name = "storm", //
        description = "Show whether so many agents are silent at once that replacing is held back.", //
        footer = {"", "Example:", "  tide storm --release     they are really gone: replace all"})
final class StormCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    @Option(names = "--release", //
            description = "Give up all silent agents now; what they ran is replaced.")
    private boolean release;

    @Option(names = {"-y", "--yes"}, description = "Do not ask.")
    private boolean yes;

    StormCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        if (release) {
            Confirmation.ask(terminal, yes, "Replace everything on all silent agents now?");
            client.post("/tide/v1/storm/release", Json.nothing());
            terminal.say("All silent agents are given up. See: tide agents");
            return Exit.OK;
        }
        Json storm = client.get("/tide/v1/storm").body();
        boolean on = storm.get("on").text().equals("true");
        Table table = new Table("STORM", "SINCE", ">SILENT", ">AGENTS");
        if (on) {
            table.row("yes", storm.get("since").text(), storm.get("silent").text(),
                    storm.get("agents").text());
        }
        output.print(terminal, on ? List.of(storm) : List.of(), List.of(), table,
                "No storm: silent agents are given up and replaced in their time.");
        return Exit.OK;
    }
}
