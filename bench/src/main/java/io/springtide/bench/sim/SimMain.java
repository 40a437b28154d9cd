package io.springtide.bench.sim;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tide sim}: tries to break a simulated cluster, seed by seed. */
@Command(name = "tide sim", //
        description = "Run the production code in simulated clusters that fail by seed.", //
        footerHeading = "%nExample:%n", //
        footer = {"  tide sim --seeds 1000               from seed 1 on",
                "  tide sim --seed 4711 --seeds 1      one run again"})
public final class SimMain implements Callable<Integer> {

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    boolean help;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1",
            description = "First seed (${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--seeds", paramLabel = "N", defaultValue = "200",
            description = "How many (${DEFAULT-VALUE}).")
    private int seeds;

    @Option(names = "--minutes", paramLabel = "M", defaultValue = "10",
            description = "Simulated minutes with faults, each (${DEFAULT-VALUE}).")
    private int minutes;

    @Option(names = "--threads", paramLabel = "T",
            description = "Runs side by side (one a processor).")
    private Optional<Integer> threads = Optional.empty();

    @Option(names = "--agents", paramLabel = "A", defaultValue = "3-50",
            description = "Agents of a cluster, as N or FROM-TO (${DEFAULT-VALUE}).")
    private String agents = "";

    @Option(names = "--faults", paramLabel = "LIST",
            description = "Only these faults of the one seed, by number, or 'none'.")
    private Optional<String> faults = Optional.empty();

    @Option(names = "--until-ms", paramLabel = "MS", defaultValue = "" + Long.MAX_VALUE,
            description = "With --faults: they are over after so many ms.",
            showDefaultValue = CommandLine.Help.Visibility.NEVER)
    private long untilMs;

    @Option(names = "--ledger", paramLabel = "FILE",
            description = "Add what is run and found to this page, every half a minute.")
    private Optional<Path> ledger = Optional.empty();

    private final PrintWriter out;

    SimMain(PrintWriter out) {
        this.out = out;
    }

    /** Runs it and exits with 0 if nothing was found. */
    public static void main(String[] arguments) {
        // A simulated cluster in trouble would log more than anybody reads.
        System.setProperty("logback.configurationFile", "sim-logback.xml");
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        System.exit(commandLine(out).execute(arguments));
    }

    static CommandLine commandLine(PrintWriter out) {
        CommandLine line = new CommandLine(new SimMain(out));
        line.setParameterExceptionHandler((wrong, unused) -> {
            System.err.println("tide sim: " + wrong.getMessage());
            return CommandLine.ExitCode.USAGE;
        });
        return line;
    }

    /** What cannot be written now can be later; the last time it counts. */
    private static void writeDown(LedgerPage page, Report soFar) {
        try {
            page.write(soFar);
        } catch (IOException full) {
            System.err.println("tide sim: the page of the series cannot be written: " + full);
        }
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        Simulator.Settings settings;
        Simulator simulator;
        List<Integer> only;
        try {
            settings = new Simulator.Settings(seed, seeds, minutes,
                    threads.orElse(Runtime.getRuntime().availableProcessors()),
                    AgentRange.of(agents));
            simulator = new Simulator(settings, out);
            only = faults.filter(list -> !list.equals("none")).map(list -> Arrays
                    .stream(list.split(",")).map(Integer::valueOf).toList()).orElse(List.of());
        } catch (IllegalArgumentException wrong) {
            System.err.println("tide sim: " + wrong.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
        if (faults.isPresent()) {
            Optional<String> broken = simulator.replay(only, untilMs);
            out.println(broken.map(what -> "FAILED " + what).orElse("PASSED"));
            return broken.isPresent() ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
        }
        Optional<LedgerPage> page = ledger.map(file -> new LedgerPage(file, settings,
                System.getProperty("tide.commit", "unknown")));
        Report report = simulator.run(soFar -> page.ifPresent(one -> writeDown(one, soFar)));
        out.print(report.text());
        out.flush();
        if (page.isPresent()) {
            page.get().write(report);
        }
        return report.failures() == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
