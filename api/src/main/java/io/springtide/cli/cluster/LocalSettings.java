package io.springtide.cli.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a local cluster consists of.
 *
 * @param home folder with the launcher script
 * @param data folder for everything that the cluster writes
 * @param port of the REST interface of the first master; agents connect to the one above it, the next
 *     master has the two above that
 * @param masters how many; more than one share a ZooKeeper ensemble of as many servers
 * @param runtime {@code process} or {@code docker}
 * @param taskPortsFirst first of the ports that tasks get; each agent has {@link #PORTS_PER_AGENT}
 * @param masterOptions given to the master in addition
 * @param ingress whether there is a load balancer, too
 */
public record LocalSettings(
        Path home,
        Path data,
        int port,
        int masters,
        int agents,
        String runtime,
        double agentCpus,
        long agentMemMib,
        int taskPortsFirst,
        List<String> masterOptions,
        boolean ingress) {

    /** All agents share one machine, so each has ports of its own. */
    public static final int PORTS_PER_AGENT = 500;

    /** More agents than this on one machine show nothing new. */
    public static final int AGENTS_MAX = 32;

    /** More masters than this on one machine show nothing new. */
    public static final int MASTERS_MAX = 5;

    /** Name of the load balancer. */
    public static final String INGRESS_NAME = "ingress";

    /** Requests under way get so long when the cluster is stopped: its apps end, too. */
    private static final int INGRESS_DRAIN_SECONDS = 2;

    /** From the first master's port on, where there are several masters. */
    private static final int PORTS_OF_MASTERS = 5 * MASTERS_MAX;

    public LocalSettings {
        masterOptions = List.copyOf(masterOptions);
        if (agents < 1 || agents > AGENTS_MAX) {
            throw ClusterException.setting(
                    "A local cluster has 1 to " + AGENTS_MAX + " agents, not " + agents + ".", "");
        }
        if (masters < 1 || masters > MASTERS_MAX || masters % 2 == 0) {
            throw ClusterException.setting("A local cluster has 1, 3 or 5 masters, not " + masters
                    + ": of an even number no more may be lost than of one less.", "");
        }
        int portLast = port + (masters == 1 ? 1 : PORTS_OF_MASTERS - 1) + (ingress ? 2 : 0);
        if (port < 1 || portLast > 65_535) {
            throw ClusterException.setting(
                    "Port " + port + " cannot be used: the ports up to " + portLast
                            + " are needed.",
                    "Choose one between 1024 and " + (65_535 - portLast + port) + ".");
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

    /** Name of the master with this number, counted from 1. */
    public String masterName(int number) {
        return masters == 1 ? "master" : "master-" + number;
    }

    /** Name of the ZooKeeper server with this number, counted from 1. */
    public static String zooKeeperName(int number) {
        return "zookeeper-" + number;
    }

    /** Name of the agent with this number, counted from 1. */
    public static String agentName(int number) {
        return "agent-" + number;
    }

    /** Where the REST interface of the first master is. */
    public String url() {
        return url(1);
    }

    /** Where the REST interface of a master is, counted from 1. */
    public String url(int master) {
        return "http://127.0.0.1:" + clientPort(master);
    }

    /** Whether several masters share a store. */
    boolean shared() {
        return masters > 1;
    }

    /** Every port that has to be free before the start. */
    List<Integer> ports() {
        List<Integer> ports = new ArrayList<>();
        for (int number = 1; number <= masters; number++) {
            ports.add(clientPort(number));
            ports.add(clientPort(number) + 1);
            if (shared()) {
                ports.add(zooKeeperPort(number));
                ports.add(zooKeeperPort(number) + 1);
                ports.add(zooKeeperPort(number) + 2);
            }
        }
        if (ingress) {
            ports.add(ingressPort());
            ports.add(ingressPort() + 1);
        }
        return ports;
    }

    /** Behind those of the masters; its status is at the one above. */
    private int ingressPort() {
        return port + (shared() ? PORTS_OF_MASTERS : 2);
    }

    /** Where the load balancer takes requests. */
    public String ingressUrl() {
        return "http://127.0.0.1:" + ingressPort();
    }

    List<String> ingressCommand() {
        List<String> command = launcher("ingress");
        command.addAll(List.of("--listen", "127.0.0.1:" + ingressPort(), "--admin",
                "127.0.0.1:" + (ingressPort() + 1), "--masters", each(this::url), "--data-dir",
                data.resolve(INGRESS_NAME).toString(), "--id", INGRESS_NAME, "--drain",
                Integer.toString(INGRESS_DRAIN_SECONDS)));
        return command;
    }

    private int clientPort(int master) {
        return port + 2 * (master - 1);
    }

    /** Of clients; the two above it are for the other servers. */
    private int zooKeeperPort(int number) {
        return port + 2 * MASTERS_MAX + 3 * (number - 1);
    }

    private String each(IntFunction<String> of) {
        return IntStream.rangeClosed(1, masters).mapToObj(of).collect(Collectors.joining(","));
    }

    List<String> zooKeeperCommand(int number) {
        List<String> command = launcher("zookeeper");
        command.addAll(List.of("--data", data.resolve(zooKeeperName(number)).toString(), "--port",
                Integer.toString(zooKeeperPort(number)), "--id", Integer.toString(number),
                "--ensemble",
                each(one -> (zooKeeperPort(one) + 1) + ":" + (zooKeeperPort(one) + 2))));
        return command;
    }

    List<String> masterCommand(int number) {
        List<String> command = launcher("master");
        command.addAll(List.of("--listen", "127.0.0.1:" + clientPort(number), "--agent-listen",
                "127.0.0.1:" + (clientPort(number) + 1)));
        if (shared()) {
            command.addAll(List.of("--store",
                    "zk://" + each(one -> "127.0.0.1:" + zooKeeperPort(one)) + "/springtide"));
        } else {
            command.addAll(List.of("--data", data.resolve(masterName(number)).toString()));
        }
        command.addAll(masterOptions);
        return command;
    }

    List<String> agentCommand(int number) {
        int firstPort = taskPortsFirst + (number - 1) * PORTS_PER_AGENT;
        List<String> command = launcher("agent");
        command.addAll(List.of("--master",
                each(one -> "127.0.0.1:" + (clientPort(one) + 1)), "--data",
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
        List<String> command = new ArrayList<>();
        command.add(home.resolve("tide").toString());
        command.add(what);
        return command;
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
