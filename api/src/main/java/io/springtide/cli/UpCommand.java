package io.springtide.cli;

import io.springtide.cli.cluster.Child;
import io.springtide.cli.cluster.LocalCluster;
import io.springtide.cli.cluster.LocalSettings;
import io.springtide.cli.cluster.LogWatch;
import io.springtide.cli.cluster.Supervisor;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tide up}: a local cluster in the foreground. */
@Command(name = "up", //
        description = "Run a local cluster in the foreground: a master or several, and agents in two "
                + "sites. Ctrl-C ends it.", //
        footer = {
                "",
                "The data stays: the next 'tide up' in the same folder goes on where this one ended."})
final class UpCommand implements Callable<Integer> {
    private static final long LOOK_MS = 300;

    private final Terminal terminal;

    @Option(names = "--port", //
            defaultValue = "8080", //
            paramLabel = "PORT", //
            description = "Of the REST interface (8080); agents use the one above.")
    private int port;

    @Option(names = "--data", //
            defaultValue = ".tide", //
            paramLabel = "DIR", //
            description = "Folder for journal, logs and sandboxes (./.tide).")
    private Path data = Path.of(".tide");

    @Option(names = "--masters", //
            defaultValue = "1", //
            paramLabel = "N", //
            description = "How many masters (1). Of 3, any one may be lost; they share a " //
                    + "ZooKeeper ensemble of their own, as many servers, and 25 ports from --port on.")
    private int masters;

    @Option(names = "--agents", //
            defaultValue = "4", //
            paramLabel = "N", //
            description = "How many agents (4).")
    private int agents;

    @Option(names = "--runtime", //
            defaultValue = "process", //
            paramLabel = "RUNTIME", //
            description = "process or docker (process).")
    private String runtime = "process";

    @Option(names = "--agent-cpus", //
            defaultValue = "64", //
            paramLabel = "N", //
            description = "Processors that each agent says it has (64): nominal, as " //
                    + "all share this machine.")
    private double agentCpus;

    @Option(names = "--agent-mem", //
            defaultValue = "16384", //
            paramLabel = "MIB", //
            description = "Memory that each agent says it has, in MiB (16384): nominal too.")
    private long agentMemMib;

    @Option(names = "--task-ports-from", //
            defaultValue = "20000", //
            paramLabel = "PORT", //
            description = "First port for tasks (20000); each agent has 500.")
    private int taskPortsFirst;

    @Option(names = "--master-option", //
            paramLabel = "OPTION", //
            description = "Given to the master as it is; may be repeated.")
    private List<String> masterOptions = List.of();

    @Option(names = "--no-ingress", //
            description = "Start no load balancer. Else there is one at the second port above --port" //
                    + " (of several masters: the 25th), its status at the next.")
    private boolean noIngress;

    @Option(names = "--no-restart", //
            description = "Leave a process that dies where it is, instead of starting it again.")
    private boolean noRestart;

    @Mixin
    final HelpOption help = new HelpOption();

    UpCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        LocalSettings settings = new LocalSettings(Path.of(homeOf(terminal)),
                data.toAbsolutePath().normalize(), port,
                masters, agents, runtime, agentCpus, agentMemMib, taskPortsFirst, masterOptions,
                !noIngress);
        LocalCluster cluster = new LocalCluster(settings, this::say);
        Thread onExit = Thread.ofPlatform().name("stop").unstarted(() -> {
            terminal.say("");
            say("Stopping: agents and their tasks first, then what leads them ...");
            cluster.stop();
            say("Stopped. The data stays in " + settings.data());
        });
        try (ProgressLine progress = new ProgressLine(terminal, false)) {
            cluster.start();
            Runtime.getRuntime().addShutdownHook(onExit);
            cluster.awaitReady(Duration.ofSeconds(60), progress::show);
            progress.clear();
            announce(cluster, progress.elapsed());
        }
        Supervisor supervisor = new Supervisor(this::say, !noRestart);
        LogWatch warnings = new LogWatch(this::say);
        while (!cluster.isStopping()) {
            supervisor.look(cluster, System.nanoTime() / 1_000_000);
            warnings.look(cluster);
            DeploymentWatch.pause(LOOK_MS);
        }
        return Exit.INTERRUPTED.code();
    }

    /** Where the launcher is. @throws CliException if this program was not started by it */
    static String homeOf(Terminal terminal) {
        if (terminal.home().isEmpty()) {
            throw new CliException(Exit.CONFIGURATION, "The folder of the project is not known.",
                    "Call the script 'tide' at the top of the project.");
        }
        return terminal.home();
    }

    private void announce(LocalCluster cluster, String elapsed) {
        LocalSettings settings = cluster.settings();
        terminal.data("Springtide is up after " + elapsed + ": " + settings.url());
        Table table = new Table("PROCESS", ">PID", "SITE", "LOG");
        int others = cluster.children().size() - settings.agents();
        int number = 0;
        for (Child child : cluster.children()) {
            number++;
            String site = number <= others ? "" : (number - others) % 2 == 1 ? "site-a" : "site-b";
            table.row(child.name(), Long.toString(child.pid()), site, child.log().toString());
        }
        table.lines(true).forEach(line -> terminal.data("  " + line));
        if (settings.ingress()) {
            terminal.data("Apps with a host or path are served at " + settings.ingressUrl());
        }
        String url = settings.port() == 8080 ? "" : " --url " + settings.url();
        terminal.data("In another terminal:  tide" + url + " app run examples/hello.json;  tide"
                + url + " ps");
        terminal.data("Ctrl-C stops everything.");
        terminal.out().flush();
    }

    private void say(String line) {
        terminal.say(LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS) + "  "
                + line);
    }
}
