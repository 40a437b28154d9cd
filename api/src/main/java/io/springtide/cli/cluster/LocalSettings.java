package io.springtide.cli.cluster;

import java.nio.file.Path;
import java.util.List;

/**
 * What a local cluster consists of.
 *
 * @param home folder with the launcher script
 * @param data folder for everything that the cluster writes
 * @param port of the REST interface; agents connect to the one above it
 * @param runtime {@code process} or {@code docker}
 * @param taskPortsFirst first of the ports that tasks get; each agent has {@link #PORTS_PER_AGENT}
 * @param masterOptions given to the master in addition
 */
public record LocalSettings(
        Path home,
        Path data,
        int port,
        int agents,
        String runtime,
        double agentCpus,
        long agentMemMib,
        int taskPortsFirst,
        List<String> masterOptions) {

    /** All agents share one machine, so each has ports of its own. */
    public static final int PORTS_PER_AGENT = 500;

    /** More agents than this on one machine show nothing new. */
    public static final int AGENTS_MAX = 32;

    public LocalSettings {
        masterOptions = List.copyOf(masterOptions);
        if (agents < 1 || agents > AGENTS_MAX) {
            throw ClusterException.setting(
                    "A local cluster has 1 to " + AGENTS_MAX + " agents, not " + agents + ".", "");
        }
        if (port < 1 || port > 65_534) {
            throw ClusterException.setting(
                    "Port " + port + " cannot be used: it and the next one are needed.",
                    "Choose one between 1024 and 65534.");
        }
        if (taskPortsFirst < 1 || taskPortsFirst + agents * PORTS_PER_AGENT > 65_536) {
            throw ClusterException.setting(
                    "There are no " + agents * PORTS_PER_AGENT + " ports from " + taskPortsFirst
                            + " on.",
                    "Choose a lower first port or fewer agents.");
        }
        if (!(runtime.equals("process") || runtime.equals("docker"))) {
            throw ClusterException.setting("There is no runtime '" + runtime + "'.",
                    "It is process or docker.");
        }
    }

    /** Name of the agent with this number, counted from 1. */
    public static String agentName(int number) {
        return "agent-" + number;
    }

    /** Where the REST interface is. */
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    List<String> masterCommand() {
        List<String> command = launcher("master");
        command.addAll(List.of("--listen", "127.0.0.1:" + port, "--agent-listen",
                "127.0.0.1:" + (port + 1), "--data",
                data.resolve("master").toString()));
        command.addAll(masterOptions);
        return command;
    }

    List<String> agentCommand(int number) {
        int firstPort = taskPortsFirst + (number - 1) * PORTS_PER_AGENT;
        List<String> command = launcher("agent");
        command.addAll(List.of("--master", "127.0.0.1:" + (port + 1), "--data",
                data.resolve(agentName(number)).toString(),
                "--id", agentName(number), "--site", number % 2 == 1 ? "site-a" : "site-b",
                "--rack", (number % 2 == 1 ? "a" : "b") + (number + 1) / 2,
                // They share a host name, so this is what tells them apart for constraints.
                "--attribute", "agent=" + agentName(number), "--ports",
                firstPort + "-" + (firstPort + PORTS_PER_AGENT - 1), "--cpus",
                plain(agentCpus), "--mem", Long.toString(agentMemMib), "--runtime", runtime,
                "--stop-tasks-on-exit"));
        return command;
    }

    private List<String> launcher(String what) {
        List<String> command = new java.util.ArrayList<>();
        command.add(home.resolve("tide").toString());
        command.add(what);
        return command;
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
