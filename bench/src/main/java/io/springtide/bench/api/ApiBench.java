package io.springtide.bench.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tide bench api}: how the REST API does with many apps and tasks. */
@Command(name = "api", sortOptions = false, //
        description = "Reading, scaling and planning with many apps: a live master, agents that run nothing.",
        footerHeading = "%nExample:%n", //
        footer = "  tide bench api --quick    a thousand apps, two minutes")
public final class ApiBench implements Callable<Integer> {

    private static final int QUICK_APPS = 1_000;
    private static final int QUICK_RUNS = 3;
    private static final int APPS_MAX = 50_000;
    private static final int RUNS_MAX = 100;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    boolean help;

    @Option(names = "--apps", defaultValue = "10000", paramLabel = "N", //
            description = "How many apps (default: ${DEFAULT-VALUE}).")
    private int apps;

    @Option(names = "--instances", defaultValue = "10", paramLabel = "N", //
            description = "How many instances of each (default: ${DEFAULT-VALUE}).")
    private int instances;

    @Option(names = "--runs", defaultValue = "5", paramLabel = "N", //
            description = "Medians are of so many runs (default: ${DEFAULT-VALUE}).")
    private int runs;

    @Option(names = "--seconds", defaultValue = "10", paramLabel = "N", //
            description = "How long a run under load takes (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--quick", description = "A thousand apps, three short runs.")
    private boolean quick;

    @Option(names = "--only", paramLabel = "PART", split = ",", //
            description = "Some of: read, small, scale, plan.")
    private List<String> only = List.of();

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the results there.")
    private Optional<Path> json = Optional.empty();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (quick) {
            apps = Math.min(apps, QUICK_APPS);
            runs = Math.min(runs, QUICK_RUNS);
            seconds = Math.min(seconds, 5);
        }
        require(apps >= 1 && apps <= APPS_MAX, "--apps must be between 1 and " + APPS_MAX);
        require(instances >= 1 && instances <= 1_000, "--instances must be between 1 and 1000");
        require(runs >= 1 && runs <= RUNS_MAX, "--runs must be between 1 and " + RUNS_MAX);
        require(seconds >= 1 && seconds <= 600, "--seconds must be between 1 and 600");
        require(List.of("read", "small", "scale", "plan").containsAll(only),
                "--only takes read, small, scale and plan");
        out.println("| measured | unit | median | min | max | target |");
        out.println("|---|---|---:|---:|---:|---|");
        List<Result> results = new ArrayList<>();
        if (wanted("plan")) {
            show(out, results, PlanBench.run(runs));
        }
        if (wanted("read") || wanted("small") || wanted("scale")) {
            live(out, results);
        }
        if (json.isPresent()) {
            write(json.get(), results);
        }
        return CommandLine.ExitCode.OK;
    }

    private void live(PrintWriter out, List<Result> results) throws Exception {
        try (ApiCluster cluster = new ApiCluster(apps, instances)) {
            if (wanted("read")) {
                show(out, results, ReadBench.run(cluster, runs));
            }
            if (wanted("small")) {
                List<Result> wrk = SmallAppBench.wrk(cluster, runs, seconds);
                if (wrk.isEmpty()) {
                    out.println("| wrk is not installed: apt-get install wrk; until then"
                            + " a client in this process | | | | | |");
                }
                show(out, results, wrk.isEmpty()
                        ? List.of(SmallAppBench.inProcess(cluster, runs, seconds))
                        : wrk);
            }
            if (wanted("scale")) {
                show(out, results, ScaleBench.run(cluster, runs, seconds));
            }
        }
    }

    private boolean wanted(String part) {
        return only.isEmpty() || only.contains(part);
    }

    private static void show(PrintWriter out, List<Result> all, List<Result> more) {
        all.addAll(more);
        more.forEach(result -> out.println(result.line()));
        out.flush();
    }

    private void require(boolean right, String otherwise) {
        if (!right) {
            throw new CommandLine.ParameterException(spec.commandLine(), otherwise);
        }
    }

    private void write(Path file, List<Result> results) throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode().put("apps", apps)
                .put("instancesEach", instances).put("runs", runs)
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("java", System.getProperty("java.version"));
        ArrayNode array = root.putArray("results");
        for (Result result : results) {
            ObjectNode node = array.addObject().put("name", result.name())
                    .put("unit", result.unit()).put("median", result.median())
                    .put("min", result.min()).put("max", result.max())
                    .put("target", result.target());
            ArrayNode values = node.putArray("values");
            result.values().forEach(values::add);
        }
        Files.writeString(file, mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root)
                + "\n");
    }
}
