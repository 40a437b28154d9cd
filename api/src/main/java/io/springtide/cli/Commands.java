package io.springtide.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Which commands there are. Each is built only when it is named, or when all are listed. */
final class Commands {
    private static final List<String> TOP = List.of("up", "demo", "app", "group", "pod",
            "compose", "plan", "ps", "logs", "why", "agents", "role", "autoscale", "what-if",
            "queue", "deployments", "traffic", "nodes", "events", "status", "storm", "backup",
            "restore",
            "master", "agent", "ingress", "zookeeper", "bench", "sim", "chaos",
            "completion", "version", "help");
    private static final Map<String, List<String>> ACTIONS = Map.of(
            "app", List.of("run", "list", "show", "scale", "restart", "versions", "rollback",
                    "weights", "kill", "rm"),
            "group", List.of("list", "show", "apply", "scale", "remove", "versions", "rollback"),
            "pod", List.of("list", "show", "run", "remove"),
            "compose", List.of("up", "down", "ps", "convert"),
            "deployments", List.of("list", "show", "watch", "pause", "resume", "promote", "abort",
                    "cancel"),
            "traffic", List.of("show", "release"),
            "role", List.of("list", "set", "remove"),
            "autoscale", List.of("set", "show", "explain", "simulate", "remove"),
            "agent", List.of("show", "cordon", "uncordon", "drain", "forget"));

    /** Do something without an action too. */
    private static final Set<String> ALONE = Set.of("deployments", "traffic");

    private final Terminal terminal;

    Commands(Terminal terminal) {
        this.terminal = terminal;
    }

    boolean knows(String first, String second) {
        if (first.equals("help") || first.equals("completion")) {
            return false;
        }
        return actions(first).isEmpty()
                ? TOP.contains(first)
                : actions(first).contains(second) || alone(first, second);
    }

    /** A command line that knows this one command; only for what {@link #knows} affirms. */
    CommandLine only(String first, String second) {
        CommandLine root = root();
        CommandLine command = top(first);
        if (actions(first).contains(second)) {
            command.addSubcommand(second, action(first, second));
        }
        root.addSubcommand(first, command);
        return root;
    }

    /** A command line that knows everything: for help, completion and suggestions. */
    CommandLine all() {
        CommandLine root = root();
        for (String name : TOP) {
            CommandLine command = top(name);
            for (String action : actions(name)) {
                command.addSubcommand(action, action(name, action));
            }
            root.addSubcommand(name, command);
        }
        return root;
    }

    /** What can follow a command that is a group of others; nothing for others. */
    static List<String> actions(String name) {
        return ACTIONS.getOrDefault(name, List.of());
    }

    private static boolean alone(String first, String second) {
        return ALONE.contains(first) && (second.isEmpty() || second.startsWith("-"))
                && !second.equals("-h") && !second.equals("--help");
    }

    private CommandLine action(String group, String name) {
        return configured(switch (group) {
            case "app" -> app(name);
            case "group" -> group(name);
            case "pod" -> pod(name);
            case "compose" -> compose(name);
            case "deployments" -> deployments(name);
            case "role" -> role(name);
            case "traffic" -> traffic(name);
            case "autoscale" -> autoscale(name);
            case "agent" -> agent(name);
            default -> throw new IllegalArgumentException("no group of commands " + group);
        });
    }

    private CommandLine root() {
        CommandLine root = configured(new Root(terminal));
        root.getCommandSpec().exitCodeOnInvalidInput(Exit.USAGE.code());
        return root;
    }

    private CommandLine configured(Object command) {
        CommandLine line = new CommandLine(command, NoInjection.INSTANCE);
        line.setOut(terminal.dataWriter());
        line.setErr(terminal.messageWriter());
        UsageMessageSpec usage = line.getCommandSpec().usageMessage();
        usage.width(100);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(
                terminal.colours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        return line;
    }

    private CommandLine top(String name) {
        return configured(switch (name) {
            case "up" -> new UpCommand(terminal);
            case "demo" -> new DemoCommand(terminal);
            case "app" -> new AppGroup();
            case "group" -> new GroupGroup();
            case "pod" -> new PodGroup();
            case "compose" -> new ComposeGroup();
            case "plan" -> new PlanCommand(terminal);
            case "ps" -> new PsCommand(terminal);
            case "logs" -> new LogsCommand(terminal);
            case "why" -> new WhyCommand(terminal);
            case "agents" -> new AgentsCommand(terminal);
            case "role" -> new RoleGroup();
            case "autoscale" -> new AutoscaleGroup();
            case "what-if" -> new WhatIfCommand(terminal);
            case "queue" -> new QueueCommand(terminal);
            case "deployments" -> new DeploymentsCommand(terminal);
            case "traffic" -> new TrafficCommand(terminal);
            case "nodes" -> new NodesCommand(terminal);
            case "events" -> new EventsCommand(terminal);
            case "status" -> new StatusCommand(terminal);
            case "master" -> new ProcessCommand.Master();
            case "agent" -> new AgentGroup();
            case "storm" -> new StormCommand(terminal);
            case "backup" -> new BackupCommand(terminal);
            case "restore" -> new RestoreCommand(terminal);
            case "ingress" -> new ProcessCommand.Ingress();
            case "zookeeper" -> new ProcessCommand.ZooKeeper();
            case "bench" -> new ProcessCommand.Bench();
            case "sim" -> new ProcessCommand.Sim();
            case "chaos" -> new ProcessCommand.Chaos();
            case "completion" -> new CompletionCommand(terminal, this);
            case "version" -> new VersionCommand(terminal);
            case "help" -> new HelpCommand(terminal, this);
            default -> throw new IllegalArgumentException("no command " + name);
        });
    }

    private Object app(String name) {
        return switch (name) {
            case "run" -> new AppRunCommand(terminal);
            case "list" -> new AppListCommand(terminal);
            case "show" -> new AppShowCommand(terminal);
            case "scale" -> new AppScaleCommand(terminal);
            case "restart" -> new AppRestartCommand(terminal);
            case "versions" -> new AppVersionsCommand(terminal);
            case "rollback" -> new AppRollbackCommand(terminal);
            case "weights" -> new AppWeightsCommand(terminal);
            case "kill" -> new AppKillCommand(terminal);
            case "rm" -> new AppRemoveCommand(terminal);
            default -> throw unknown("app", name);
        };
    }

    private Object group(String name) {
        return switch (name) {
            case "list" -> new GroupListCommand(terminal);
            case "show" -> new GroupShowCommand(terminal);
            case "apply" -> new GroupApplyCommand(terminal);
            case "scale" -> new GroupScaleCommand(terminal);
            case "remove" -> new GroupRemoveCommand(terminal);
            case "versions" -> new GroupVersionsCommand(terminal);
            case "rollback" -> new GroupRollbackCommand(terminal);
            default -> throw unknown("group", name);
        };
    }

    private Object pod(String name) {
        return switch (name) {
            case "list" -> new PodListCommand(terminal);
            case "show" -> new PodShowCommand(terminal);
            case "run" -> new PodRunCommand(terminal);
            case "remove" -> new PodRemoveCommand(terminal);
            default -> throw unknown("pod", name);
        };
    }

    private Object compose(String name) {
        return switch (name) {
            case "up" -> new ComposeUpCommand(terminal);
            case "down" -> new ComposeDownCommand(terminal);
            case "ps" -> new ComposePsCommand(terminal);
            case "convert" -> new ComposeConvertCommand(terminal);
            default -> throw unknown("compose", name);
        };
    }

    private Object deployments(String name) {
        return switch (name) {
            case "list" -> new DeploymentListCommand(terminal);
            case "show" -> new DeploymentShowCommand(terminal);
            case "watch" -> new DeploymentWatchCommand(terminal);
            case "pause" -> new DeploymentSteerCommand.Pause(terminal);
            case "resume" -> new DeploymentSteerCommand.Resume(terminal);
            case "promote" -> new DeploymentSteerCommand.Promote(terminal);
            case "abort" -> new DeploymentSteerCommand.Abort(terminal);
            case "cancel" -> new DeploymentCancelCommand(terminal);
            default -> throw unknown("deployments", name);
        };
    }

    private Object role(String name) {
        return switch (name) {
            case "list" -> new RoleListCommand(terminal);
            case "set" -> new RoleSetCommand(terminal);
            case "remove" -> new RoleRemoveCommand(terminal);
            default -> throw unknown("role", name);
        };
    }

    private Object traffic(String name) {
        return switch (name) {
            case "show" -> new TrafficShowCommand(terminal);
            case "release" -> new TrafficReleaseCommand(terminal);
            default -> throw unknown("traffic", name);
        };
    }

    private Object autoscale(String name) {
        return switch (name) {
            case "set" -> new AutoscaleSetCommand(terminal);
            case "show" -> new AutoscaleShowCommand(terminal);
            case "explain" -> new AutoscaleExplainCommand(terminal);
            case "simulate" -> new AutoscaleSimulateCommand(terminal);
            case "remove" -> new AutoscaleRemoveCommand(terminal);
            default -> throw unknown("autoscale", name);
        };
    }

    private Object agent(String name) {
        return switch (name) {
            case "show" -> new AgentShowCommand(terminal);
            case "cordon" -> new AgentKeepCommand.Cordon(terminal);
            case "uncordon" -> new AgentKeepCommand.Uncordon(terminal);
            case "drain" -> new AgentKeepCommand.Drain(terminal);
            case "forget" -> new AgentKeepCommand.Forget(terminal);
            default -> throw unknown("agent", name);
        };
    }

    private static IllegalArgumentException unknown(String group, String name) {
        return new IllegalArgumentException("no command " + group + " " + name);
    }

    /** The command of that path, e.g. app, scale; empty if there is none. */
    Optional<CommandLine> find(List<String> path) {
        CommandLine at = all();
        for (String name : path) {
            CommandLine next = at.getSubcommands().get(name);
            if (next == null) {
                return Optional.empty();
            }
            at = next;
        }
        return Optional.of(at);
    }

    /** Lines that explain the exit codes. */
    static List<String> exitCodes() {
        Map<Integer, String> codes = new TreeMap<>();
        for (Exit exit : Exit.values()) {
            codes.put(exit.code(), exit.meaning());
        }
        Table table = new Table(">CODE", "MEANING");
        codes.forEach((code, meaning) -> table.row(Integer.toString(code), meaning));
        return new ArrayList<>(table.lines(true));
    }

    /** Every command object is made by hand, so picocli must never make one. */
    private enum NoInjection implements CommandLine.IFactory {
        INSTANCE;

        @Override
        public <K> K create(Class<K> type) throws Exception {
            return CommandLine.defaultFactory().create(type);
        }
    }

    /** What {@code tide} alone does: show what there is. */
    @Command(name = "tide", //
            synopsisSubcommandLabel = "COMMAND", //
            description = "Springtide: a container scheduler for floods.", //
            footerHeading = "%nStart here:%n", //
            footer = {
                    "  tide demo                 a cluster, a burst, a dead master, nothing lost",
                    "  tide up                   a local cluster on http://127.0.0.1:8080",
                    "  tide app run app.json     run something on it",
                    "",
                    "Exit codes: tide help exit-codes"
            })
    static final class Root implements Runnable {
        private final Terminal terminal;

        @Mixin
        final HelpOption help = new HelpOption();

        @CommandLine.Option(names = {"-V", "--version"}, description = "Show the version.")
        private boolean version;

        Root(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            if (version) {
                terminal.data(VersionCommand.text());
                return;
            }
            new Commands(terminal).all().usage(terminal.out());
        }
    }
}
