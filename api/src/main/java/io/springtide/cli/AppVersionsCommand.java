package io.springtide.cli;

import io.springtide.api.client.Apps;
import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tide app versions}. */
@Command(name = "versions", //
        description = "List the versions of an app, newest first, or tell them apart.", //
        footer = {
                "",
                "Examples:",
                "  tide app versions /shop/cart --diff             what the last change was",
                "  tide app versions /shop/cart --diff V1          from V1 to the current one",
                "  tide app versions /shop/cart --diff V1 V2"
        })
final class AppVersionsCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    @Parameters(index = "0", paramLabel = "APP", description = "The app.")
    private String app = "";

    @Option(names = "--diff", //
            description = "Show what differs: between the two versions, between the one and the "
                    + "current one, or between the previous and the current one.")
    private boolean diff;

    @Parameters(index = "1..*", arity = "0..2", paramLabel = "VERSION", //
            description = "With --diff: the versions.")
    private List<String> versions = new ArrayList<>();

    AppVersionsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        if (versions.size() > (diff ? 2 : 0)) {
            throw new CliException(Exit.USAGE,
                    diff ? "--diff takes two versions at most." : "Versions are for --diff.",
                    "See: tide app versions --help");
        }
        String id = appId(app);
        Apps apps = client.apps();
        List<String> all = apps.versions(id);
        String current = client.get("/v2/apps" + TideClient.appPath(id)).body().get("app")
                .get("version").text();
        if (!diff) {
            print(terminal, output, all, current);
            return Exit.OK;
        }
        String from = versions.isEmpty()
                ? AppRollbackCommand.before(id, current, all)
                : versions.get(0);
        String to = versions.size() == 2 ? versions.get(1) : current;
        List<String> lines = LineDiff.unified(id + " " + from, id + " " + to,
                Canonical.lines(apps.version(id, from)), Canonical.lines(apps.version(id, to)));
        if (lines.isEmpty()) {
            terminal.say("They say the same.");
        }
        for (String line : lines) {
            terminal.data(LineDiff.painted(terminal, line));
        }
        return Exit.OK;
    }

    /** Versions of an app or a group, newest first. */
    static void print(Terminal terminal, Output output, List<String> versions, String current) {
        Instant now = Instant.now();
        Table table = new Table("VERSION", ">AGE", "");
        List<Json> rows = new ArrayList<>(versions.size());
        for (String version : versions) {
            rows.add(Json.of(version));
            table.row(version, Moments.ago(version, now),
                    version.equals(current) ? "current" : " ");
        }
        output.print(terminal, rows, versions, table, "No versions.");
    }
}
