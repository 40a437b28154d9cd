package io.springtide.bench;

import io.springtide.bench.api.ApiBench;
import io.springtide.bench.chaos.ChaosCommand;
import io.springtide.bench.chaos.TakeoverBench;
import io.springtide.bench.conformance.Conformance;
import io.springtide.bench.containers.ContainerBench;
import io.springtide.bench.elastic.ElasticBench;
import io.springtide.bench.flash.FlashSale;
import io.springtide.bench.journal.JournalBench;
import io.springtide.bench.live.MasterRestart;
import io.springtide.bench.live.ScaleOut;
import io.springtide.bench.placement.PlacementBench;
import io.springtide.bench.placement.replay.GpuReplay;
import io.springtide.bench.placement.replay.Traces;
import io.springtide.bench.store.StoreBench;
import io.springtide.bench.traffic.TrafficBench;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tide bench}: which benchmarks there are, and the start of one. */
@Command(name = "tide bench", //
        description = "Measure Springtide on this machine.", //
        synopsisSubcommandLabel = "BENCHMARK", //
        footerHeading = "%nExample:%n", //
        footer = {"  tide bench placement --quick    a minute of it",
                "  tide bench jmh -l               what there is for JMH"})
public final class BenchMain implements Runnable {

    private final PrintWriter out;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    boolean help;

    BenchMain(PrintWriter out) {
        this.out = out;
    }

    /** Runs the benchmark that is named and exits with its code. */
    public static void main(String[] arguments) {
        // Master and agent bring a logback.xml each, and logging costs time where libraries do it.
        System.setProperty("logback.configurationFile", "bench-logback.xml");
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(commandLine(out, err).execute(arguments));
    }

    static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        CommandLine line = new CommandLine(new BenchMain(out));
        line.addSubcommand("placement", PlacementBench.commandLine(out, err,
                Optional.of(Traces::replay)));
        line.addSubcommand("api", new ApiBench());
        line.addSubcommand("traces", new Replay());
        line.addSubcommand("conformance", new Conform());
        line.addSubcommand("journal", new Journal());
        line.addSubcommand("store", new StoreBench());
        line.addSubcommand("takeover", new TakeoverBench());
        line.addSubcommand("flash-sale", new FlashSale());
        line.addSubcommand("containers", new ContainerBench());
        line.addSubcommand("elasticity", new ElasticBench());
        line.addSubcommand("traffic", new TrafficBench());
        line.addSubcommand("scale-out", new Scale());
        line.addSubcommand("master-restart", new Restart());
        line.addSubcommand("chaos", new ChaosCommand());
        CommandLine jmh = new CommandLine(new Jmh());
        jmh.setUnmatchedOptionsArePositionalParams(true);
        line.addSubcommand("jmh", jmh);
        line.setOut(out);
        line.setErr(err);
        // Those of the command that is executed count, whatever its subcommands have.
        line.setParameterExceptionHandler((wrong, unused) -> {
            String name = knownAs(wrong.getCommandLine());
            err.println(name + ": " + wrong.getMessage());
            err.println("How it is used: " + name + " --help");
            return CommandLine.ExitCode.USAGE;
        });
        line.setExecutionExceptionHandler((failure, failed, unused) -> {
            err.println(knownAs(failed) + ": " + (failure.getMessage() == null
                    ? failure.toString()
                    : failure.getMessage()));
            return CommandLine.ExitCode.SOFTWARE;
        });
        return line;
    }

    /** The name that its users know a command by. */
    private static String knownAs(CommandLine command) {
        return switch (command.getCommandName()) {
            case "flash-sale" -> "tide demo flash-sale";
            case "chaos" -> "tide chaos";
            default -> command.getParent() == null
                    ? "tide bench"
                    : "tide bench " + command.getCommandName();
        };
    }

    @Override
    public void run() {
        commandLine(out, out).usage(out);
    }

    /** A benchmark with a main method of its own, which takes plain arguments. */
    abstract static class Plain implements Callable<Integer> {

        @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
        boolean help;

        @Parameters(arity = "0..*", paramLabel = "ARGUMENT", //
                description = "Handed on as they are.")
        private List<String> arguments = List.of();

        abstract void start(String[] plain) throws Exception;

        @Override
        public Integer call() throws Exception {
            start(arguments.toArray(String[]::new));
            return 0;
        }
    }

    @Command(name = "conformance", //
            description = "Sends Marathon definitions to masters of its own, a line each.")
    static final class Conform implements Callable<Integer> {

        @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
        boolean help;

        @Parameters(arity = "1", paramLabel = "FOLDER",
                description = {"With valid/*.json, valid-index.json,",
                        "and invalid/*.json with an .expect file beside each."})
        private Path folder = Path.of(".");

        @Override
        public Integer call() throws Exception {
            try {
                return Conformance.print(folder) == 0
                        ? CommandLine.ExitCode.OK
                        : CommandLine.ExitCode.SOFTWARE;
            } catch (NoSuchFileException wrong) {
                System.err.println("tide bench conformance: there is no " + wrong.getMessage());
                return CommandLine.ExitCode.USAGE;
            }
        }
    }

    @Command(name = "traces", //
            description = "Replays cluster traces from a folder; without one, a small made-up trace.")
    static final class Replay implements Callable<Integer> {

        @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
        boolean help;

        @Option(names = "--svg", paramLabel = "FOLDER", description = "Also draws charts there.")
        private Optional<Path> svg = Optional.empty();

        @Parameters(arity = "0..1", paramLabel = "FOLDER", //
                description = "With traces of known formats, or folders of them.")
        private Optional<Path> folder = Optional.empty();

        @Override
        public Integer call() throws Exception {
            if (folder.isEmpty()) {
                GpuReplay.main(new String[0]);
                return CommandLine.ExitCode.OK;
            }
            try {
                Traces.replay(folder.get(), svg);
                return CommandLine.ExitCode.OK;
            } catch (IOException | IllegalArgumentException wrong) {
                System.err.println("tide bench traces: " + wrong.getMessage());
                return CommandLine.ExitCode.USAGE;
            }
        }
    }

    @Command(name = "journal", //
            description = "Durable events a second. Argument: an existing folder to write to.")
    private static final class Journal extends Plain {
        @Override
        void start(String[] plain) throws Exception {
            JournalBench.main(plain);
        }
    }

    @Command(name = "scale-out", //
            description = "A live cluster from nothing to N processes. Arguments: runs, then sizes (5 200 1000).")
    private static final class Scale extends Plain {
        @Override
        void start(String[] plain) throws Exception {
            ScaleOut.main(plain);
        }
    }

    @Command(name = "master-restart", //
            description = "How soon a restarted master is ready. Arguments: runs, instances (5 10000).")
    private static final class Restart extends Plain {
        @Override
        void start(String[] plain) throws Exception {
            MasterRestart.main(plain);
        }
    }

    @Command(name = "jmh", //
            description = "The JMH benchmarks. Arguments: those of JMH, e.g. MixedBenchmark -prof gc.")
    private static final class Jmh implements Callable<Integer> {

        @Parameters(arity = "0..*", paramLabel = "ARGUMENT", //
                description = "Handed on as they are; -h explains them.")
        private List<String> arguments = List.of();

        @Override
        public Integer call() throws Exception {
            org.openjdk.jmh.Main.main(arguments.toArray(String[]::new));
            return 0;
        }
    }
}
