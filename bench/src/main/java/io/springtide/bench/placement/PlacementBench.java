package io.springtide.bench.placement;

import io.springtide.bench.placement.engine.FenzoEngine;
import io.springtide.bench.placement.engine.PlacementEngine;
import io.springtide.bench.placement.engine.SpringtideCore;
import io.springtide.bench.placement.engine.SpringtidePlacer;
import io.springtide.bench.placement.work.Workload;
import io.springtide.bench.placement.work.Workloads;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code tide bench placement}: Springtide's placement beside Netflix Fenzo, in one run on the same
 * generated work, every answer checked. Ends with 1 if any answer is wrong.
 */
@Command(name = "placement", //
        sortOptions = false, //
        description = "Placements a second, ours beside Netflix Fenzo's, on the same work; every answer is"
                + " checked for over-commitment and broken rules.", //
        footerHeading = "%nExit codes:%n", //
        footer = {"  0  every answer was right",
                "  1  an answer was wrong, or a file cannot be written",
                "  2  the command line makes no sense"})
public final class PlacementBench implements Callable<Integer> {

    static final int WRONG = 1;
    private static final int RUNS_MAX = 1_000;
    private static final int SECONDS_MAX = 86_400;
    private static final long OWN_LIMIT_SECONDS = 60;
    private static final long SCALING_LIMIT_SECONDS = 20;
    private static final long NANOS = 1_000_000_000L;
    private static final List<String> QUICK = List.of("burst", "uniform-1k", "mixed-1k",
            "unique-1k", "balance-1k");
    private static final long QUICK_SECONDS = 2;
    private static final List<String> PARTS = List.of("table", "scaling", "memory");
    private static final int MEMORY_MACHINES = 10_000;
    private static final int MEMORY_INSTANCES = 1_000_000;

    private final PrintWriter out;
    private final PrintWriter err;
    private final Optional<TraceReplay> replay;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Option(names = "--workloads", split = ",", paramLabel = "NAME", //
            description = "Which workloads, separated by commas (all). --list shows them.")
    private List<String> workloads = List.of();

    @Option(names = "--engines", split = ",", paramLabel = "NAME", //
            description = "Which engines (all): springtide, springtide-core, fenzo, fenzo-stock, fenzo-good-enough.")
    private List<String> engines = List.of();

    @Option(names = "--parts", split = ",", paramLabel = "PART", //
            description = "Which parts (all): table, scaling, memory.")
    private List<String> parts = List.of();

    @Option(names = "--runs", paramLabel = "N", //
            description = "Runs that count; the median is shown (5).")
    private int runs = 5;

    @Option(names = "--fenzo-seconds", paramLabel = "S", //
            description = "A run of Fenzo is cut after so long, and none is begun that would exceed it in all (40).")
    private int fenzoSeconds = 40;

    @Option(names = "--seed", paramLabel = "N", //
            description = "Of the generated work (1).")
    private long seed = 1;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes all figures there.")
    private @Nullable Path json;

    @Option(names = "--svg", paramLabel = "FOLDER", description = "Writes charts there.")
    private @Nullable Path svg;

    @Option(names = "--traces", paramLabel = "FOLDER", //
            description = "Also replays the traces in there.")
    private @Nullable Path traces;

    @Option(names = "--quick", //
            description = "A taste in less than a minute: few workloads and runs, small sizes.")
    private boolean quick;

    @Option(names = "--list", description = "Shows the workloads and engines, and ends.")
    private boolean list;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    boolean help;

    private PlacementBench(PrintWriter out, PrintWriter err, Optional<TraceReplay> replay) {
        this.out = out;
        this.err = err;
        this.replay = replay;
    }

    /** Replays recorded work from a folder and prints what came of it. */
    @FunctionalInterface
    public interface TraceReplay {
        void replay(Path folder, Optional<Path> svg) throws Exception;
    }

    /**
     * The command, to be hung below another or run by itself.
     *
     * @param replay what {@code --traces} does; empty if this build has nothing for it
     */
    public static CommandLine commandLine(PrintWriter out, PrintWriter err,
            Optional<TraceReplay> replay) {
        CommandLine line = new CommandLine(new PlacementBench(out, err, replay));
        line.setOut(out);
        line.setErr(err);
        line.setParameterExceptionHandler((wrong, unused) -> {
            err.println("tide bench placement: " + wrong.getMessage());
            return CommandLine.ExitCode.USAGE;
        });
        return line;
    }

    @Override
    public Integer call() throws Exception {
        Workloads all = new Workloads(seed);
        if (list) {
            list(all);
            return CommandLine.ExitCode.OK;
        }
        List<String> names = chosen("workload", workloads, all.names(),
                quick ? QUICK : all.names());
        List<String> partNames = chosen("part", parts, PARTS, PARTS);
        List<String> known = engines().stream().map(PlacementEngine::name).toList();
        List<String> engineNames = chosen("engine", engines, known,
                quick ? known.subList(0, known.size() - 1) : known);
        within("--runs", runs, RUNS_MAX);
        within("--fenzo-seconds", fenzoSeconds, SECONDS_MAX);
        prepare(json == null ? null : json.toAbsolutePath().getParent());
        prepare(svg);
        if (traces != null && replay.isEmpty()) {
            throw new ParameterException(command.commandLine(),
                    "--traces: this build cannot replay traces");
        }
        boolean table = partNames.contains("table");
        List<Row> rows = table ? rows(all, names, engineNames) : List.of();
        Optional<Scaling> scaling = partNames.contains("scaling")
                ? Optional.of(scaling(all))
                : Optional.empty();
        Optional<MemoryUse> memory = partNames.contains("memory")
                ? Optional.of(MemoryUse.measure(MEMORY_MACHINES, MEMORY_INSTANCES, quick ? 1 : 3,
                        this::progress))
                : Optional.empty();
        Report report = new Report(seed, rows, scaling, memory);
        report.print(out);
        try {
            report.write(Optional.ofNullable(json), Optional.ofNullable(svg));
        } catch (IOException e) {
            err.println("tide bench placement: cannot write the results: " + e);
            return WRONG;
        }
        if (traces != null && replay.isPresent()) {
            progress("traces: " + traces);
            replay.get().replay(traces, Optional.ofNullable(svg));
        }
        return verdict(report);
    }

    private int verdict(Report report) {
        List<Row> wrong = report.wrong();
        wrong.forEach(row -> row.violations().forEach(violation -> err
                .println("WRONG: " + row.engine() + " on " + row.workload() + ": " + violation)));
        return wrong.isEmpty() ? CommandLine.ExitCode.OK : WRONG;
    }

    private List<Row> rows(Workloads all, List<String> names, List<String> engineNames) {
        List<Row> rows = new ArrayList<>();
        for (String name : names) {
            Workload work = all.named(name);
            for (PlacementEngine engine : engines()) {
                if (engineNames.contains(engine.name())) {
                    progress(name + ": " + engine.name());
                    rows.add(measurement(
                            engine.peer()
                                    ? quick ? QUICK_SECONDS : fenzoSeconds
                                    : OWN_LIMIT_SECONDS)
                            .of(engine, work));
                }
            }
        }
        return rows;
    }

    private Scaling scaling(Workloads all) {
        return Scaling.measure(all,
                quick ? Scaling.SIZES.subList(0, Scaling.SIZES.size() - 1) : Scaling.SIZES,
                measurement(quick ? QUICK_SECONDS : SCALING_LIMIT_SECONDS), this::progress);
    }

    private Measurement measurement(long limitSeconds) {
        return quick
                ? new Measurement(Math.min(runs, 3), limitSeconds * NANOS, NANOS / 2)
                : new Measurement(runs, limitSeconds * NANOS);
    }

    private static List<PlacementEngine> engines() {
        return List.of(new SpringtidePlacer(), new SpringtideCore(),
                new FenzoEngine(FenzoEngine.Use.FAIR), new FenzoEngine(FenzoEngine.Use.STOCK),
                new FenzoEngine(FenzoEngine.Use.GOOD_ENOUGH));
    }

    private void list(Workloads all) {
        Columns workloadLines = new Columns("WORKLOAD", "WHAT");
        all.names().forEach(name -> workloadLines.row(name, all.named(name).about()));
        workloadLines.lines().forEach(out::println);
        out.println();
        Columns engineLines = new Columns("ENGINE", "WHAT");
        engines().forEach(engine -> engineLines.row(engine.name(), engine.about()));
        engineLines.lines().forEach(out::println);
    }

    private List<String> chosen(String what, List<String> asked, List<String> known,
            List<String> usual) {
        if (asked.isEmpty()) {
            return usual;
        }
        for (String name : asked) {
            if (!known.contains(name)) {
                throw new ParameterException(command.commandLine(), "there is no " + what + " '"
                        + name + "'; there are " + String.join(", ", known));
            }
        }
        // In the table's order, each once.
        TreeSet<String> wanted = new TreeSet<>(asked);
        return known.stream().filter(wanted::contains).toList();
    }

    private void within(String option, int value, int max) {
        if (value < 1 || value > max) {
            throw new ParameterException(command.commandLine(),
                    option + " must be between 1 and " + max + ", not " + value);
        }
    }

    /** Better now than after half an hour. */
    private void prepare(@Nullable Path folder) {
        if (folder == null) {
            return;
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new ParameterException(command.commandLine(),
                    "cannot make the folder " + folder + ": " + e, e);
        }
    }

    private void progress(String what) {
        err.println(what + " ...");
    }
}
