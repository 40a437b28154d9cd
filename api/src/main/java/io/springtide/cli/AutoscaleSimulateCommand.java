package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.JsonObject;
import io.springtide.api.client.TideClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tide autoscale simulate}. */
@Command(name = "simulate", //
        description = "Tell what a policy would have done to a recorded load.", //
        footer = {
                "",
                "The series is a CSV file with headings: at (seconds, or times), and any of cpu,",
                "memory, requests, concurrency, waiting, latency, promql. cpu and memory are sums",
                "over all instances, in percent of what one asks for.", "Example:",
                "  tide autoscale simulate policy.json --series sale.csv --svg sale.svg"})
final class AutoscaleSimulateCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "APP|FILE", description = "An app with a policy, or a policy's file.")
    private String what = "";

    @Option(names = "--series", //
            required = true, //
            paramLabel = "CSV", //
            description = "The recorded load; - is standard input.")
    private String series = "";

    @Option(names = "--svg", //
            paramLabel = "FILE", //
            description = "Draw load against capacity into this file.")
    private Optional<Path> svg = Optional.empty();

    @Option(names = "--instances", //
            paramLabel = "N", //
            description = "So many there are in the beginning (the policy's fewest).")
    private Optional<Integer> instances = Optional.empty();

    @Option(names = "--start", //
            paramLabel = "SECONDS", //
            description = "From the order of an instance to its serving (2).")
    private Optional<Integer> start = Optional.empty();

    AutoscaleSimulateCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        if (what.equals("-") && series.equals("-")) {
            throw new CliException(Exit.USAGE,
                    "The policy and the series cannot both be on the standard input.",
                    "Put one of them into a file.");
        }
        LoadSeries load = LoadSeries.read(Input.name(series),
                Input.text(series, Input.bytes(terminal, series)));
        JsonObject body = new JsonObject();
        boolean file = what.equals("-") || what.endsWith(".json") || Files.isRegularFile(
                Path.of(what));
        if (file) {
            body.with("policy", Input.json(terminal, what));
        }
        body.with("series", Json.array(load.points()));
        load.from().ifPresent(from -> body.with("from", from));
        instances.ifPresent(count -> body.with("instances", count));
        start.ifPresent(seconds -> body.with("startSeconds", seconds));
        Json result = client.post(file
                ? "/tide/v1/autoscaling/simulate"
                : AutoscaleGroup.path(appId(what)) + "/simulate", body.build()).body();
        print(result);
        svg.ifPresent(target -> draw(result, target));
        return Exit.OK;
    }

    private void print(Json result) {
        List<Json> decisions = result.get("decisions").items();
        Table table = new Table(">AT", ">FROM", ">TO", "KIND", "WHY");
        for (Json one : decisions) {
            table.row(Moments.span(one.get("at").asLong()), one.get("from").text(),
                    one.get("to").text(), one.get("kind").text(), one.get("sentence").text());
        }
        if (output.tabular()) {
            output.print(terminal, decisions, List.of(), table, "It would have changed nothing.");
            terminal.data(decisions.size() + " changes, " + result.get("most").text()
                    + " instances at most, more load than capacity for "
                    + Moments.span(result.get("overloadSeconds").asLong()) + ".");
        } else {
            output.printOne(terminal, result, what, List.of());
        }
    }

    private void draw(Json result, Path target) {
        try {
            Files.write(target, CapacityChart.svg(result).getBytes(StandardCharsets.UTF_8));
            terminal.say("Drawn: " + target);
        } catch (NoSuchFileException broken) {
            throw new CliException(Exit.FAILED, "Cannot write " + target
                    + ": there is no such folder.", "Make it first.", broken);
        } catch (IOException broken) {
            throw new CliException(Exit.FAILED,
                    "Cannot write " + target + ": " + broken.getMessage() + ".", "", broken);
        }
    }
}
