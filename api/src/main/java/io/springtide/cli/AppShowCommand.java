package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tide app show}. */
@Command(name = "show", description = "Show an app: what it is, how it is, and its versions.")
final class AppShowCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "APP", description = "The app.")
    private String app = "";

    @Option(names = "--version", //
            paramLabel = "VERSION", //
            description = "Show the definition of an older version.")
    private String version = "";

    AppShowCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        String id = appId(app);
        String path = "/v2/apps" + TideClient.appPath(id);
        if (!version.isEmpty()) {
            Json old = client.get(path + "/versions/" + TideClient.segment(version)).body();
            output.printOne(terminal, old, id, describe(old));
            return Exit.OK;
        }
        Json found = client.get(path).body().get("app");
        List<String> lines = new ArrayList<>();
        if (output.tabular()) {
            lines.addAll(describe(found));
            List<String> versions = client.apps().versions(id);
            lines.add(field("versions") + versions.size());
            for (String each : versions.subList(0, Math.min(5, versions.size()))) {
                lines.add("  " + each
                        + (each.equals(found.get("version").text()) ? "  (current)" : ""));
            }
        }
        output.printOne(terminal, found, id, lines);
        return Exit.OK;
    }

    private static List<String> describe(Json app) {
        List<String> lines = new ArrayList<>();
        lines.add(field("app") + app.get("id").text());
        if (!app.get("tasksRunning").isMissing()) {
            lines.add(field("status") + AppListCommand.status(app));
            lines.add(field("instances") + app.get("tasksRunning").asLong() + " running of "
                    + app.get("instances").asLong() + ", " + app.get("tasksStaged").asLong()
                    + " starting, "
                    + app.get("tasksHealthy").asLong() + " healthy, "
                    + app.get("tasksUnhealthy").asLong()
                    + " unhealthy");
        } else {
            lines.add(field("instances") + app.get("instances").asLong());
        }
        add(lines, "command", AppListCommand.command(app));
        add(lines, "image", AppListCommand.image(app));
        lines.add(field("each") + Moments.amount(app.get("cpus").asDouble()) + " cpus, "
                + Moments.amount(app.get("mem").asDouble()) + " MiB memory, "
                + Moments.amount(app.get("disk").asDouble()) + " MiB disk"
                + (app.get("gpus").asLong() > 0 ? ", " + app.get("gpus").text() + " gpus" : ""));
        map(lines, "env", app.get("env"));
        map(lines, "labels", app.get("labels"));
        for (Json check : app.get("healthChecks").items()) {
            add(lines, "health", check.get("protocol").text() + " " + check.get("path").text());
        }
        add(lines, "version", app.get("version").text());
        Json failure = app.get("lastTaskFailure");
        if (!failure.isMissing()) {
            add(lines, "last failure",
                    failure.get("state").text() + " " + failure.get("timestamp").text() + " "
                            + failure.get("message").text());
        }
        return lines;
    }

    private static void map(List<String> lines, String name, Json values) {
        values.fields().forEach((key, value) -> lines.add(field(name) + key + "="
                + (value.text().isEmpty() ? value.toString() : value.text())));
    }

    private static void add(List<String> lines, String name, String value) {
        if (!value.isBlank()) {
            lines.add(field(name) + Table.printable(value.strip()));
        }
    }

    private static String field(String name) {
        return name + " ".repeat(Math.max(1, 14 - name.length()));
    }
}
