package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tide ps}: what runs. */
@Command(name = "ps", description = "List tasks, of all apps or of one.")
final class PsCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    @Parameters(arity = "0..1", paramLabel = "APP", description = "Only tasks of this app.")
    private String app = "";

    PsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        String path = app.isEmpty()
                ? "/v2/tasks"
                : "/v2/apps" + TideClient.appPath(appId(app)) + "/tasks";
        List<Json> tasks = client.get(path).body().get("tasks").items();
        boolean wide = output.format() == Output.Format.wide;
        Table table = wide
                ? new Table("TASK", "APP", "STATE", "HEALTH", "HOST", "PORTS", ">AGE", "AGENT",
                        "SITE", "VERSION")
                : new Table("TASK", "APP", "STATE", "HEALTH", "HOST", "PORTS", ">AGE");
        Instant now = Instant.now();
        List<String> names = new ArrayList<>(tasks.size());
        for (Json task : tasks) {
            names.add(task.get("id").text());
            List<String> cells = new ArrayList<>(
                    List.of(task.get("id").text(), task.get("appId").text(), state(task),
                            health(task), task.get("host").text(), ports(task),
                            Moments.ago(since(task), now)));
            if (wide) {
                cells.add(task.get("slaveId").text());
                cells.add(task.get("zone").text());
                cells.add(task.get("version").text());
            }
            table.row(cells);
        }
        output.print(terminal, tasks, names, table,
                "No tasks" + (app.isEmpty()
                        ? ". Run something: tide app run --help"
                        : " of " + appId(app) + "."));
        return Exit.OK;
    }

    private static String state(Json task) {
        String state = task.get("state").text();
        return state.startsWith("TASK_")
                ? state.substring("TASK_".length()).toLowerCase(java.util.Locale.ROOT)
                : state;
    }

    private static String since(Json task) {
        return task.get("startedAt").textOr(task.get("stagedAt").text());
    }

    private static String ports(Json task) {
        StringBuilder ports = new StringBuilder();
        for (Json port : task.get("ports").items()) {
            ports.append(ports.length() == 0 ? "" : ",").append(port.text());
        }
        return ports.toString();
    }

    /** In one word: every check alive, or one that is not; nothing without checks. */
    static String health(Json task) {
        List<Json> results = task.get("healthCheckResults").items();
        for (Json result : results) {
            if (!result.get("alive").asBoolean()) {
                return "unhealthy";
            }
        }
        return results.isEmpty() ? "" : "healthy";
    }
}
