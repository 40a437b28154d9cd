package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tide app list}. */
@Command(name = "list", aliases = "ls", description = "List apps.")
final class AppListCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    @Option(names = {"-l",
            "--label"}, //
            paramLabel = "SELECTOR", //
            description = "Only apps with these labels, e.g. team==shop,tier!=test.")
    private String selector = "";

    @Option(names = "--id", paramLabel = "TEXT", description = "Only apps whose id contains this.")
    private String idPart = "";

    AppListCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        String path = "/v2/apps";
        char separator = '?';
        if (!selector.isEmpty()) {
            path += separator + "label=" + TideClient.segment(selector);
            separator = '&';
        }
        if (!idPart.isEmpty()) {
            path += separator + "id=" + TideClient.segment(idPart);
        }
        List<Json> apps = client.get(path).body().get("apps").items();
        boolean wide = output.format() == Output.Format.wide;
        List<String> titles = new ArrayList<>(
                List.of("APP", ">RUNNING", ">HEALTHY", "STATUS", ">CPUS", ">MEM"));
        if (wide) {
            titles.addAll(List.of("IMAGE", "COMMAND", "VERSION"));
        }
        Table table = new Table(titles);
        List<String> names = new ArrayList<>(apps.size());
        for (Json app : apps) {
            names.add(app.get("id").text());
            List<String> cells = new ArrayList<>(List.of(app.get("id").text(),
                    app.get("tasksRunning").asLong() + "/" + app.get("instances").asLong(),
                    healthy(app), status(app),
                    Moments.amount(app.get("cpus").asDouble()),
                    Moments.amount(app.get("mem").asDouble())));
            if (wide) {
                cells.addAll(List.of(image(app), command(app), app.get("version").text()));
            }
            table.row(cells);
        }
        output.print(terminal, apps, names, table, "No apps. Run one: tide app run --help");
        return Exit.OK;
    }

    private static String healthy(Json app) {
        return app.get("healthChecks").items().isEmpty() ? "" : app.get("tasksHealthy").text();
    }

    /** In one word, the worst first. */
    static String status(Json app) {
        long wanted = app.get("instances").asLong();
        if (!app.get("deployments").items().isEmpty()) {
            return "deploying";
        }
        if (app.get("tasksUnhealthy").asLong() > 0) {
            return "unhealthy";
        }
        if (app.get("tasksRunning").asLong() < wanted) {
            return "waiting";
        }
        return wanted == 0 ? "suspended" : "running";
    }

    static String image(Json app) {
        return app.get("container").get("docker").get("image").text();
    }

    static String command(Json app) {
        String cmd = app.get("cmd").text();
        if (!cmd.isEmpty()) {
            return cmd;
        }
        StringBuilder args = new StringBuilder();
        for (Json arg : app.get("args").items()) {
            args.append(args.length() == 0 ? "" : " ").append(arg.text());
        }
        return args.toString();
    }
}
