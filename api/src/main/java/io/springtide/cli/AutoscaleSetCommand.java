package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.JsonObject;
import io.springtide.api.client.TideClient;
import io.springtide.api.client.TideException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tide autoscale set}. */
@Command(name = "set", //
        description = "Set an app's policy from a file, or change what the options name.", //
        footer = {
                "",
                "What one instance should carry: percent of the cpu or memory it asks for,",
                "requests a second, requests at once, or the 99th percentile in milliseconds;",
                "0 takes a target away. Schedules, queries and steps are set by a file.",
                "Example:", "  tide autoscale set /shop/web --min 4 --max 200 --requests 150"})
final class AutoscaleSetCommand extends ApiCommand {
    private static final List<String> METRICS = List.of("cpu", "memory", "requests",
            "concurrency", "latency");

    @Parameters(index = "0", paramLabel = "APP", description = "The app.")
    private String app = "";

    @Parameters(index = "1", //
            arity = "0..1", //
            paramLabel = "FILE", //
            description = "The policy as JSON; - is standard input.")
    private Optional<String> file = Optional.empty();

    @Option(names = "--min", paramLabel = "N", description = "Fewest instances.")
    private Optional<Integer> min = Optional.empty();

    @Option(names = "--max", paramLabel = "N", description = "Most instances.")
    private Optional<Integer> max = Optional.empty();

    @Option(names = "--cpu", paramLabel = "PERCENT", description = "Use of processors to aim at.")
    private Optional<String> cpu = Optional.empty();

    @Option(names = "--memory", paramLabel = "PERCENT", description = "Use of memory to aim at.")
    private Optional<String> memory = Optional.empty();

    @Option(names = "--requests", paramLabel = "N", description = "Requests a second for each.")
    private Optional<String> requests = Optional.empty();

    @Option(names = "--concurrency", paramLabel = "N", description = "Requests at once for each.")
    private Optional<String> concurrency = Optional.empty();

    @Option(names = "--latency", paramLabel = "MS", description = "The 99th percentile to aim at.")
    private Optional<String> latency = Optional.empty();

    @Option(names = "--standby", //
            paramLabel = "N|N%", //
            description = "So many more started, ready and frozen.")
    private Optional<String> standby = Optional.empty();

    @Option(names = "--trial", //
            negatable = true, //
            description = "Decide and write down, but change nothing.")
    private Optional<Boolean> trial = Optional.empty();

    AutoscaleSetCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        String id = appId(app);
        Json base = file.map(this::policy).orElseGet(() -> before(client, id));
        JsonObject policy = new JsonObject();
        base.fields().forEach(policy::with);
        min.ifPresent(count -> policy.with("min", count));
        max.ifPresent(count -> policy.with("max", count));
        if (given().stream().anyMatch(Optional::isPresent)) {
            policy.with("targets", Json.array(targets(base)));
        }
        standby.ifPresent(text -> policy.with("standby", standby(text)));
        trial.ifPresent(on -> policy.with("dryRun", on));
        if (policy.isEmpty()) {
            throw new CliException(Exit.USAGE, "Nothing is said of the policy.",
                    "Name a file, or options such as --min 2 --max 20 --cpu 60.");
        }
        Json set = client.put(AutoscaleGroup.path(id), policy.build()).body();
        terminal.say(set.get("sentence").textOr("The policy of " + id + " is set."));
        terminal.say("See: tide autoscale show " + id);
        return Exit.OK;
    }

    private Json policy(String name) {
        Json policy = Input.json(terminal, name);
        if (policy.fields().isEmpty()) {
            throw new CliException(Exit.INVALID, Input.name(name) + " is no policy.",
                    "It is to be a JSON object, such as {\"min\": 2, \"max\": 20}.");
        }
        return policy;
    }

    private static Json before(TideClient client, String id) {
        try {
            return client.get(AutoscaleGroup.path(id)).body().get("policy");
        } catch (TideException.Refused refused) {
            if (refused.status() == 404) {
                return Json.nothing();
            }
            throw refused;
        }
    }

    /** In the order of {@link #METRICS}. */
    private List<Optional<String>> given() {
        return List.of(cpu, memory, requests, concurrency, latency);
    }

    /** Those that are named replace their like; the others stay. */
    private List<Json> targets(Json base) {
        List<Optional<String>> given = given();
        Json before = base.get("targets");
        if (!before.isMissing() && !before.toString().startsWith("[")) {
            throw new CliException(Exit.INVALID, "The policy's targets are no array.",
                    "For example: \"targets\": [{\"metric\": \"cpu\", \"value\": 60}]");
        }
        List<Json> targets = new ArrayList<>();
        for (Json target : base.get("targets").items()) {
            int at = METRICS.indexOf(target.get("metric").text());
            if (at < 0 || given.get(at).isEmpty()) {
                targets.add(target);
            }
        }
        for (int i = 0; i < METRICS.size(); i++) {
            String metric = METRICS.get(i);
            if (given.get(i).isPresent()) {
                Json value = number("--" + metric, given.get(i).get());
                if (value.asDouble() != 0) {
                    targets.add(new JsonObject().with("metric", metric).with("value", value)
                            .build());
                }
            }
        }
        return targets;
    }

    private static Json standby(String text) {
        boolean percent = text.endsWith("%");
        return new JsonObject().with(percent ? "percent" : "count", number("--standby",
                percent ? text.substring(0, text.length() - 1) : text)).build();
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
