package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tide traffic}: which services are served, and their load. Alone it lists. */
@Command(name = "traffic", //
        description = "List what is served from outside, where, and how it goes.", //
        footer = {
                "", "An app is served if its labels say so: see docs/traffic.md.", "Examples:",
                "  tide traffic", "  tide traffic show /shop/cart --watch",
                "  tide traffic release /shop/cart"})
final class TrafficCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    TrafficCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        Json traffic = client.get("/tide/v1/traffic?endpoints=false").body();
        Table table = new Table("SERVICE", "WHERE", ">INSTANCES", ">REQ/S", ">REFUSED/S",
                ">WAITING", ">IN FLIGHT", ">P99 MS", ">ERRORS/S");
        List<Json> services = traffic.get("services").items();
        List<String> names = new ArrayList<>(services.size());
        for (Json service : services) {
            String id = service.get("id").text();
            names.add(id);
            Json load = service.get("load");
            Json whole = traffic.get("loads").get(service.get("app").text());
            table.row(id, TrafficText.where(service), TrafficText.instances(service),
                    TrafficText.number(load.get("arrivalsPerSecond")),
                    TrafficText.number(load.get("refusedPerSecond")),
                    TrafficText.number(load.get("waiting")),
                    TrafficText.number(whole.get("concurrency")),
                    TrafficText.number(whole.get("p99Ms")),
                    TrafficText.number(whole.get("errorsPerSecond")));
        }
        output.print(terminal, services, names, table,
                "Nothing is served: no app has a label that says how. See docs/traffic.md");
        if (output.tabular() && !output.quiet()) {
            TrafficText.troubles(traffic).forEach(terminal::say);
        }
        return Exit.OK;
    }
}
