package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tide traffic show}: the instances that serve an app, and the load of each. */
@Command(name = "show", //
        description = "Show how an app is served: its instances, their state and their load.")
final class TrafficShowCommand extends ApiCommand {

    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "APP", description = "The app.")
    private String app = "";

    @Option(names = {"-w", "--watch"}, description = "Again every second, until it is interrupted.")
    private boolean watch;

    TrafficShowCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        Looks looks = new Looks(terminal, client,
                "/tide/v1/apps" + TideClient.appPath(appId(app)) + "/traffic");
        Json traffic = looks.first();
        while (true) {
            show(traffic);
            terminal.out().flush();
            if (!watch || terminal.out().checkError()) {
                return Exit.OK;
            }
            traffic = looks.next();
            if (output.tabular()) {
                terminal.data("");
            }
        }
    }

    private void show(Json traffic) {
        List<String> lines = new ArrayList<>();
        Json load = traffic.get("load");
        if (!load.isMissing()) {
            lines.add(TrafficText.number(load.get("arrivalsPerSecond")) + " requests/s, "
                    + TrafficText.number(load.get("refusedPerSecond")) + " refused/s, "
                    + TrafficText.number(load.get("waiting")) + " waiting, "
                    + TrafficText.number(load.get("concurrency")) + " in flight, p99 "
                    + TrafficText.number(load.get("p99Ms")) + " ms, "
                    + TrafficText.number(load.get("errorsPerSecond")) + " errors/s");
        }
        for (Json service : traffic.get("services").items()) {
            lines.add(service.get("id").text() + "  " + service.get("protocol").text() + "  "
                    + TrafficText.where(service) + "  " + TrafficText.instances(service));
            lines.addAll(endpoints(service).lines(true));
        }
        if (traffic.get("services").items().isEmpty()) {
            lines.add("It is not served: no label of it says how. See docs/traffic.md");
        }
        lines.addAll(TrafficText.troubles(traffic));
        output.printOne(terminal, traffic, traffic.get("app").text(), lines);
    }

    private static Table endpoints(Json service) {
        Table table = new Table(">INSTANCE", "ADDRESS", "STATE", ">WEIGHT", ">REQ/S", ">IN FLIGHT",
                ">SESSIONS", ">MEAN MS", ">P99 MS", ">ERRORS/S", "VERSION");
        for (Json one : service.get("endpoints").items()) {
            Json load = one.get("load");
            table.row(one.get("instance").text(),
                    one.get("host").text() + ":" + one.get("port").text(),
                    one.get("state").text(), one.get("weight").text(),
                    TrafficText.number(load.get("requestsPerSecond")),
                    TrafficText.number(load.get("inFlight")),
                    TrafficText.number(load.get("sessions")),
                    TrafficText.number(load.get("meanMs")),
                    TrafficText.number(load.get("p99Ms")),
                    TrafficText.number(load.get("errorsPerSecond")), one.get("version").text());
        }
        return table;
    }
}
