package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.JsonObject;
import io.springtide.api.client.TideClient;
import io.springtide.api.client.TideException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tide role set}. */
@Command(name = "set", //
        description = "Set what a role is entitled to; what is not named stays as it is.", //
        footer = {
                "", "Amounts: cpus=N,mem=MIB,disk=MIB,gpus=N, or none to take them back.",
                "Example:", "  tide role set trading --weight 3 --guarantee cpus=100,mem=200000"})
final class RoleSetCommand extends ApiCommand {
    @Parameters(paramLabel = "ROLE", description = "The role; * for apps that name none.")
    private String role = "";

    @Option(names = "--weight", //
            paramLabel = "N", //
            description = "1 to 1000: with 2, a share weighs half (default 1).")
    private String weight = "";

    @Option(names = "--guarantee", //
            paramLabel = "AMOUNTS", //
            description = "What others leave free for it.")
    private String guarantee = "";

    @Option(names = "--limit", paramLabel = "AMOUNTS", description = "What it never exceeds.")
    private String limit = "";

    @Option(names = "--scorer", //
            paramLabel = "NAME", //
            description = "Ranks agents for its apps that name none.")
    private String scorer = "";

    RoleSetCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        String path = "/tide/v1/roles/" + TideClient.segment(role);
        JsonObject body = new JsonObject();
        Json before = before(client, path);
        for (String name : List.of("weight", "guarantee", "limit", "scorer")) {
            if (!before.get(name).isMissing()) {
                body.with(name, before.get(name));
            }
        }
        if (!weight.isEmpty()) {
            body.with("weight", number("--weight", weight));
        }
        if (!guarantee.isEmpty()) {
            body.with("guarantee", amounts("--guarantee", guarantee));
        }
        if (!limit.isEmpty()) {
            body.with("limit", amounts("--limit", limit));
        }
        if (!scorer.isEmpty()) {
            body.with("scorer", scorer);
        }
        client.put(path, body.build());
        terminal.say("Role " + role + " is set. See: tide role list");
        return Exit.OK;
    }

    private static Json before(TideClient client, String path) {
        try {
            return client.get(path).body();
        } catch (TideException.Refused refused) {
            if (refused.status() == 404) {
                return Json.nothing();
            }
            throw refused;
        }
    }

    private static Json amounts(String option, String text) {
        JsonObject amounts = new JsonObject();
        if (text.equals("none")) {
            return amounts.build();
        }
        List<String> known = List.of("cpus", "mem", "disk", "gpus");
        List<String> seen = new ArrayList<>();
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (equals < 0 || !known.contains(name) || seen.contains(name)) {
                throw new CliException(Exit.USAGE,
                        option + " needs amounts, each once, not '" + pair + "'.",
                        "For example " + option + " cpus=10,mem=20480,disk=0,gpus=0");
            }
            seen.add(name);
            amounts.with(name, number(option, pair.substring(equals + 1)));
        }
        return amounts.build();
    }

    private static Json number(String option, String value) {
        try {
            return Json.number(value);
        } catch (IllegalArgumentException broken) {
            throw new CliException(Exit.USAGE, option + " needs a number, not '" + value + "'.",
                    "", broken);
        }
    }
}
