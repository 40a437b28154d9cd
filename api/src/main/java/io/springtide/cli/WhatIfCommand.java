package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.JsonObject;
import io.springtide.api.client.TideClient;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tide what-if}: what would not fit without some agents. */
@Command(name = "what-if", //
        description = "Tell what would not fit without some agents, racks or sites; changes nothing.", //
        footer = {
                "", "Ends with 11 if something would not fit.", "", "Examples:",
                "  tide what-if --without site-a",
                "  tide what-if --without agent:agent-3 --without rack:site-b/r2"})
final class WhatIfCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    @Option(names = "--without", //
            required = true, //
            paramLabel = "NAME", //
            description = "A site, a rack or an agent; site:NAME, rack:NAME or agent:NAME where a "
                    + "name could be several. May be repeated.")
    private List<String> without = new ArrayList<>();

    WhatIfCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        Json answer = client.post("/tide/v1/what-if",
                new JsonObject().with("without", question(client)).build()).body();
        List<String> lines = new ArrayList<>(List.of(answer.get("sentence").text()));
        List<Json> unfit = answer.get("unfit").items();
        if (!unfit.isEmpty()) {
            Table table = new Table("APP", ">MISSING", "WHY");
            unfit.forEach(one -> table.row(one.get("app").text(), one.get("missing").text(),
                    one.get("sentence").text()));
            lines.addAll(table.lines(true));
        }
        StringBuilder names = new StringBuilder();
        unfit.forEach(one -> names.append(names.length() == 0 ? "" : "\n")
                .append(one.get("app").text()));
        output.printOne(terminal, answer, names.toString(), lines);
        return unfit.isEmpty() ? Exit.OK : Exit.NO_ROOM;
    }

    private Json question(TideClient client) {
        Set<String> sites = new LinkedHashSet<>();
        Set<String> racks = new LinkedHashSet<>();
        Set<String> agents = new LinkedHashSet<>();
        List<Json> all = List.of();
        for (String given : without) {
            int colon = given.indexOf(':');
            String name = given.substring(colon + 1);
            switch (colon < 0 ? "" : given.substring(0, colon)) {
                case "site" -> sites.add(name);
                case "rack" -> racks.add(name);
                case "agent" -> agents.add(name);
                default -> {
                    all = all.isEmpty()
                            ? client.get("/tide/v1/agents").body().get("agents").items()
                            : all;
                    guess(given, all, sites, racks, agents);
                }
            }
        }
        JsonObject question = new JsonObject();
        put(question, "sites", sites);
        put(question, "racks", racks);
        put(question, "agents", agents);
        return question.build();
    }

    private static void guess(String name, List<Json> all, Set<String> sites, Set<String> racks,
            Set<String> agents) {
        boolean site = false;
        boolean rack = false;
        boolean agent = false;
        for (Json one : all) {
            site |= one.get("site").text().equals(name);
            rack |= one.get("rack").text().equals(name);
            agent |= one.get("id").text().equals(name);
        }
        int kinds = (site ? 1 : 0) + (rack ? 1 : 0) + (agent ? 1 : 0);
        if (kinds == 0) {
            throw new CliException(Exit.NOT_FOUND,
                    "There is no site, rack or agent '" + name + "'.",
                    "See what there is: tide agents");
        }
        if (kinds > 1) {
            throw new CliException(Exit.USAGE, "'" + name + "' could be several things.",
                    "Say which: site:" + name + ", rack:" + name + " or agent:" + name);
        }
        (site ? sites : rack ? racks : agents).add(name);
    }

    private static void put(JsonObject question, String list, Set<String> names) {
        if (!names.isEmpty()) {
            question.with(list, Json.array(names.stream().map(Json::of).toList()));
        }
    }
}
