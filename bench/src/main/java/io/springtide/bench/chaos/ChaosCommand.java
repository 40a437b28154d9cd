package io.springtide.bench.chaos;

import io.springtide.master.journal.Folders;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tide chaos}: starts a cluster of real processes, breaks it in many ways, and says what held. */
@Command(name = "chaos", sortOptions = false, //
        description = "Kills, freezes and cuts off the processes of a cluster of its own, and checks what must hold.",
        footerHeading = "%nExample:%n", //
        footer = "  tide chaos --only kill-leader --rounds 50    how long nothing can be changed")
public final class ChaosCommand implements Callable<Integer> {

    private static final int ROUNDS_MAX = 1_000;
    private static final int AGENTS = 4;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    boolean help;

    @Option(names = "--rounds", defaultValue = "5", paramLabel = "N", //
            description = "How often each is done (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--only", split = ",", paramLabel = "NAME", //
            description = {
                    "Of rolling, kill-leader, pause-leader, kill-zookeeper, kill-agent,",
                    "unplug-agent, repeat, store-outage, cut and disk-full; may be repeated",
                    "(default: all)."})
    private List<String> only = List.of();

    @Option(names = "--store", defaultValue = "zookeeper", paramLabel = "STORE", //
            description = "zookeeper or etcd (default: ${DEFAULT-VALUE}).")
    private String store = "";

    @Option(names = "--data", paramLabel = "DIR", //
            description = "For data and logs, which stay (default: a new folder, gone if all held).")
    private Optional<Path> data = Optional.empty();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private static List<Scenario> scenarios() {
        return List.of(new Rolling(), new KillLeader(), new PauseLeader(), new KillStoreServer(),
                LoseAgent.byKill(), LoseAgent.byCable(), new Repeat(), new StoreOutage(),
                new Cut(), new DiskFull());
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        List<String> names = scenarios().stream().map(Scenario::name).toList();
        Optional<Ensemble.Kind> kind = Ensemble.Kind.named(store);
        if (kind.isEmpty()) {
            return refuse("--store is zookeeper or etcd, not '" + store + "'");
        }
        if (!names.containsAll(only)) {
            return refuse("--only takes " + String.join(", ", names));
        }
        if (rounds < 1 || rounds > ROUNDS_MAX) {
            return refuse("--rounds must be between 1 and " + ROUNDS_MAX);
        }
        if (!kind.get().missing().isEmpty()) {
            return refuse(kind.get().missing());
        }
        Path folder = (data.isPresent()
                ? Files.createDirectories(data.get())
                : Files.createTempDirectory("tide-chaos")).toRealPath();
        List<Scenario> chosen = scenarios().stream()
                .filter(one -> only.isEmpty() || only.contains(one.name())).toList();
        List<String> violations = run(kind.get(), folder, chosen, rounds, out);
        if (!violations.isEmpty()) {
            out.println(violations.size() + " violations:");
            violations.forEach(one -> out.println("  " + one));
            out.println("Logs and data: " + folder);
            return ExitCode.SOFTWARE;
        }
        out.println("Everything held.");
        if (data.isEmpty()) {
            Folders.delete(folder);
        }
        return ExitCode.OK;
    }

    private int refuse(String why) {
        spec.commandLine().getErr().println("tide chaos: " + why);
        return ExitCode.USAGE;
    }

    /**
     * Does all of it on one cluster, which is gone afterwards.
     *
     * @param folder for data and logs, which stay
     * @return what did not hold
     */
    @SuppressWarnings("try") // the trial is closed before it is told what it has seen
    static List<String> run(Ensemble.Kind kind, Path folder, List<Scenario> scenarios, int rounds,
            PrintWriter out) {
        String run = folder.toString();
        long beganNs = System.nanoTime();
        try (ChaosCluster cluster = new ChaosCluster(folder, kind, AGENTS, run,
                scenarios.stream().anyMatch(Scenario::needsIsland));
                Trial trial = new Trial(cluster, run, line -> say(out, line))) {
            say(out, String.format(Locale.ROOT, "3 masters, 3 servers of %s and %d agents are up"
                    + " after %.1f s; logs: %s", kind.name().toLowerCase(Locale.ROOT), AGENTS,
                    Pause.msSince(beganNs) / 1e3, folder));
            String at = "";
            try {
                for (Scenario scenario : scenarios) {
                    at = scenario.name();
                    String skipped = scenario.needsIsland() && !cluster.hasIsland()
                            ? "a network of its own takes root and iproute2"
                            : scenario.skipped(kind);
                    say(out, at + (skipped.isEmpty() ? "" : ": skipped, " + skipped));
                    if (skipped.isEmpty()) {
                        scenario.run(trial, rounds).forEach(one -> say(out, "  " + one));
                    }
                }
                at = "in the end";
                trial.settle();
            } catch (ChaosException broken) {
                trial.watcher().violated(at + ": " + broken.getMessage());
            }
            trial.checkNotes();
            trial.close();
            say(out, String.format(Locale.ROOT, "%d acknowledged apps held against all masters, the"
                    + " invariants looked at %d times, %d reigns: %s; %.0f s", trial.acknowledged(),
                    trial.watcher().looks(), trial.watcher().reigns().size(),
                    trial.watcher().reigns().stream().sorted().map(String::valueOf)
                            .collect(Collectors.joining(" ")),
                    Pause.msSince(beganNs) / 1e3));
            return trial.watcher().violations();
        }
    }

    private static void say(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }
}
