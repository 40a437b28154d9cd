package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.JsonObject;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Options that describe an app, and the definition they make. */
final class AppOptions {
    @Option(names = "--cmd", paramLabel = "COMMAND", description = "Command line, run by a shell.")
    private String cmd = "";

    @Option(names = "--image", //
            paramLabel = "IMAGE", //
            description = "Run in a Docker container of this image.")
    private String image = "";

    @Option(names = {"-n", "--instances"}, paramLabel = "N", description = "How many (default 1).")
    private String instances = "";

    @Option(names = "--cpus", //
            paramLabel = "N", //
            description = "Processors for each, e.g. 0.1 (default 1).")
    private String cpus = "";

    @Option(names = "--mem", //
            paramLabel = "MIB", //
            description = "Memory for each in MiB (default 128).")
    private String mem = "";

    @Option(names = {"-p",
            "--port"}, //
            paramLabel = "PORT", //
            description = "A port: with --image the port in the container, otherwise a " //
                    + "service port, 0 for any. "
                    + "The task finds the real one in $PORT0, $PORT1 ... May be repeated.")
    private List<Integer> ports = new ArrayList<>();

    @Option(names = {"-e",
            "--env"}, paramLabel = "K=V", description = "Environment variable; may be repeated.")
    private List<String> env = new ArrayList<>();

    @Option(names = {"-l", "--label"}, paramLabel = "K=V", description = "Label; may be repeated.")
    private List<String> labels = new ArrayList<>();

    @Option(names = "--constraint", //
            paramLabel = "FIELD:OP[:VALUE]", //
            description = "Rule on placement, e.g. hostname:UNIQUE or @zone:GROUP_BY:2; may be "
                    + "repeated.")
    private List<String> constraints = new ArrayList<>();

    @Option(names = "--priority", //
            paramLabel = "P", //
            description = "low, normal, high, critical, or -1000 to 1000 (default normal, 0): "
                    + "higher goes first and may evict lower.")
    private String priority = "";

    @Option(names = "--class", //
            paramLabel = "CLASS", //
            description = "guaranteed, burstable or best-effort (default guaranteed).")
    private String serviceClass = "";

    @Option(names = "--health-http", //
            paramLabel = "PATH", //
            description = "Alive means: GET PATH on the first port is ok.")
    private String healthPath = "";

    boolean anyGiven() {
        return !cmd.isEmpty() || !image.isEmpty();
    }

    /** A definition from options alone. */
    Json define(String id) {
        if (!anyGiven()) {
            throw new CliException(Exit.USAGE,
                    "There is nothing to run: no file " + id + ", no --cmd and no --image.",
                    "Give a JSON file, or options: tide app run " + id + " --cmd 'sleep 1000'");
        }
        return overlay(new JsonObject().with("id", ApiCommand.appId(id)).build());
    }

    /** The definition with what the options say in place of what it says. */
    Json overlay(Json base) {
        JsonObject app = new JsonObject();
        base.fields().forEach(app::with);
        if (!cmd.isEmpty()) {
            app.with("cmd", cmd);
        }
        number(app, "instances", instances);
        number(app, "cpus", cpus);
        number(app, "mem", mem);
        map(app, "env", base.get("env"), env);
        map(app, "labels", base.get("labels"), labels);
        constraints(app);
        placement(app, base.get("placement"));
        List<Json> numbered = new ArrayList<>();
        for (int port : ports) {
            numbered.add(image.isEmpty()
                    ? new JsonObject().with("port", port).with("protocol", "tcp").build()
                    : new JsonObject().with("containerPort", port).with("hostPort", 0).build());
        }
        if (!image.isEmpty()) {
            JsonObject container = new JsonObject().with("type", "DOCKER")
                    .with("docker", new JsonObject().with("image", image).build());
            if (!numbered.isEmpty()) {
                container.with("portMappings", Json.array(numbered));
                app.with("networks",
                        Json.array(List
                                .of(new JsonObject().with("mode", "container/bridge").build())));
            }
            app.with("container", container.build());
        } else if (!numbered.isEmpty()) {
            app.with("portDefinitions", Json.array(numbered));
        }
        if (!healthPath.isEmpty()) {
            app.with("healthChecks", Json.array(List.of(new JsonObject().with("protocol", "HTTP")
                    .with("path", healthPath).with("portIndex", 0).with("delaySeconds", 0)
                    .with("gracePeriodSeconds", 30)
                    .with("intervalSeconds", 5).with("timeoutSeconds", 5)
                    .with("maxConsecutiveFailures", 3).build())));
        }
        return app.build();
    }

    private static void number(JsonObject app, String name, String value) {
        if (value.isEmpty()) {
            return;
        }
        try {
            app.with(name, Json.number(value));
        } catch (IllegalArgumentException broken) {
            throw new CliException(Exit.USAGE,
                    "--" + name + " needs a number, not '" + value + "'.", "", broken);
        }
    }

    private static void map(JsonObject app, String name, Json base, List<String> pairs) {
        if (pairs.isEmpty()) {
            return;
        }
        JsonObject map = new JsonObject();
        base.fields().forEach(map::with);
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new CliException(Exit.USAGE, "'" + pair + "' is no NAME=VALUE.", "");
            }
            map.with(pair.substring(0, equals), pair.substring(equals + 1));
        }
        app.with(name, map.build());
    }

    private void placement(JsonObject app, Json base) {
        if (priority.isEmpty() && serviceClass.isEmpty()) {
            return;
        }
        JsonObject placement = new JsonObject();
        base.fields().forEach(placement::with);
        if (!priority.isEmpty()) {
            placement.with("priority", priority.matches("[+-]?[0-9]{1,9}")
                    ? Json.number(Integer.toString(Integer.parseInt(priority)))
                    : Json.of(priority));
        }
        if (!serviceClass.isEmpty()) {
            placement.with("class", serviceClass);
        }
        app.with("placement", placement.build());
    }

    private void constraints(JsonObject app) {
        if (constraints.isEmpty()) {
            return;
        }
        List<Json> rules = new ArrayList<>();
        for (String rule : constraints) {
            List<Json> parts = new ArrayList<>();
            for (String part : rule.split(":", 3)) {
                parts.add(Json.of(part));
            }
            if (parts.size() < 2) {
                throw new CliException(Exit.USAGE, "'" + rule + "' is no FIELD:OPERATOR[:VALUE].",
                        "For example hostname:UNIQUE or @zone:GROUP_BY:2");
            }
            rules.add(Json.array(parts));
        }
        app.with("constraints", Json.array(rules));
    }
}
