package io.springtide.cli;

import io.springtide.api.client.EventStream;
import io.springtide.api.client.Json;
import io.springtide.api.client.JsonText;
import io.springtide.api.client.StreamedEvent;
import io.springtide.api.client.TideClient;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tide events}: what happens, as it happens. */
@Command(name = "events", //
        description = "Follow what happens in the cluster until Ctrl-C.", //
        footer = {
                "",
                "Examples:",
                "  tide events --type status_update_event -o jsonl | jq .taskStatus",
                "  tide events --type deployment_success --type deployment_failed",
                "  tide events --since 812.0       what came after that one, then what comes"})
final class EventsCommand extends ApiCommand {
    /** How events are printed. */
    enum Format {
        line, json, jsonl
    }

    @Option(names = "--type", //
            paramLabel = "TYPE", //
            description = "Only events of this type; may be repeated.")
    private List<String> types = new ArrayList<>();

    @Option(names = "--since", //
            paramLabel = "ID", //
            description = "Begin after the event of this id, as far as the journal reaches back; "
                    + "0 for all of that.")
    private String since = "";

    @Option(names = "--ids", description = "Show the id of each event in front of it.")
    private boolean ids;

    @Option(names = {"-o",
            "--output"}, //
            paramLabel = "FORMAT", //
            defaultValue = "line", //
            description = "line, json or jsonl (default line).")
    private Format format = Format.line;

    @Option(names = "--limit", paramLabel = "N", description = "Stop after so many events.")
    private long limit = Long.MAX_VALUE;

    EventsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        if (!since.matches("[0-9]*(\\.[0-9]+)?")) {
            throw new CliException(Exit.USAGE, "'" + since + "' is no id of an event.",
                    "Ids look like 812.0; see them with: tide events --ids");
        }
        try (EventStream stream = client
                .events(types, since.matches("[0-9]+") ? since + ".0" : since)
                .open()) {
            for (long seen = 0; seen < limit; seen++) {
                StreamedEvent event = stream.next();
                if (event.ofClient()) {
                    terminal.say(between(event));
                    seen--;
                    continue;
                }
                terminal.data((ids ? Table.printable(event.id()) + "\t" : "") + text(event));
                terminal.out().flush();
                if (terminal.out().checkError()) {
                    return Exit.OK;
                }
            }
        }
        return Exit.OK;
    }

    private static String between(StreamedEvent event) {
        if (!event.type().equals(StreamedEvent.GAP)) {
            return "(connected again; going on after " + Table.printable(event.id()) + ")";
        }
        String why = Table.printable(event.data().text());
        return why.isEmpty() ? "(connected again; events in between were missed)" : "(" + why + ")";
    }

    private String text(StreamedEvent event) {
        Json data = event.data();
        if (format == Format.jsonl) {
            return JsonText.compact(data);
        }
        if (format == Format.json) {
            return JsonText.pretty(data);
        }
        StringBuilder line = new StringBuilder(data.get("timestamp").textOr("-"));
        line.append("  ").append(event.type());
        data.fields().forEach((name, value) -> {
            if (!name.equals("timestamp") && !name.equals("eventType") && !value.text().isEmpty()) {
                line.append("  ").append(name).append('=').append(Table.printable(value.text()));
            }
        });
        return line.toString();
    }
}
