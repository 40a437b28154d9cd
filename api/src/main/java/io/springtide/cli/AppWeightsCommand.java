package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tide app weights}. */
@Command(name = "weights", //
        description = "Show or set how traffic is shared out between the versions of an app.", //
        footer = {
                "", "Without VERSION=WEIGHT it shows them. What is given replaces all of them.",
                "Example:",
                "  tide app weights /shop/cart 2026-11-21T05:00:00.331Z=90 current=10"})
final class AppWeightsCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    @Parameters(index = "0", paramLabel = "APP", description = "The app.")
    private String app = "";

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "VERSION=WEIGHT", //
            description = "A version, or current or previous, and a whole number.")
    private List<String> pairs = new ArrayList<>();

    @Option(names = "--clear", description = "Take all weights back.")
    private boolean clear;

    AppWeightsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        if (clear && !pairs.isEmpty()) {
            throw new CliException(Exit.USAGE, "--clear takes no weights.", "");
        }
        String id = appId(app);
        List<Json> weights;
        if (clear || !pairs.isEmpty()) {
            weights = client.apps().setWeights(id, wanted(client, id));
        } else {
            weights = client.apps().weights(id);
        }
        Table table = new Table("VERSION", ">WEIGHT");
        List<String> names = new ArrayList<>(weights.size());
        for (Json weight : weights) {
            names.add(weight.get("version").text());
            table.row(weight.get("version").text(), weight.get("weight").text());
        }
        output.print(terminal, weights, names, table,
                "No weights are set: every version gets its share by its instances.");
        return Exit.OK;
    }

    private Map<String, Long> wanted(TideClient client, String id) {
        Map<String, Long> wanted = new LinkedHashMap<>();
        for (String pair : pairs) {
            int equals = pair.lastIndexOf('=');
            String number = pair.substring(equals + 1);
            if (equals < 1 || !number.matches("[0-9]{1,9}")) {
                throw new CliException(Exit.USAGE, "'" + pair + "' is no VERSION=WEIGHT.",
                        "For example current=10");
            }
            if (wanted.put(version(client, id, pair.substring(0, equals)),
                    Long.valueOf(number)) != null) {
                throw new CliException(Exit.USAGE, "'" + pair + "' names a version again.", "");
            }
        }
        return wanted;
    }

    private static String version(TideClient client, String id, String name) {
        if (!name.equals("current") && !name.equals("previous")) {
            return name;
        }
        String current = client.get("/v2/apps" + TideClient.appPath(id)).body().get("app")
                .get("version").text();
        return name.equals("current")
                ? current
                : AppRollbackCommand.before(id, current, client.apps().versions(id));
    }
}
