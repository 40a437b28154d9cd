package io.springtide.bench.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Three masters, three servers of a store and some agents as processes of this machine, every connection
 * between masters and store and between agents and masters through a proxy that can be told to fail.
 */
final class ChaosCluster implements AutoCloseable {

    static final int MASTERS = 3;

    /** The agent that lives in a network of its own, if there is one. */
    static final int ISLANDER = 0;

    private static final Duration START = Duration.ofMinutes(2);
    private static final int TASK_PORTS_FIRST = 20_000;
    private static final int TASK_PORTS_EACH = 100;

    private final Path folder;
    private final Optional<Island> island;
    private final Ensemble ensemble;
    private final Masters api;
    private final TaskProcesses tasks;
    private final List<ServerProcess> masters = new ArrayList<>();
    private final List<ServerProcess> agents = new ArrayList<>();
    private final List<List<FaultyProxy>> toStore = new ArrayList<>();
    private final List<List<FaultyProxy>> toMasters = new ArrayList<>();

    /** Nothing may outlive a run that is interrupted. */
    private final Thread interrupted = new Thread(this::end, "end of the cluster");

    /**
     * Starts all of it and waits until every agent is connected and every master ready.
     *
     * @param withIsland whether one of the agents is to live in a network of its own, if that can be had
     */
    ChaosCluster(Path folder, Ensemble.Kind kind, int agentCount, String run,
            boolean withIsland) {
        this.folder = folder;
        this.island = withIsland ? Island.create() : Optional.empty();
        try {
            Files.createDirectories(folder);
        } catch (IOException broken) {
            throw new ChaosException("cannot make the folder " + folder, broken);
        }
        Ports ports = new Ports();
        tasks = new TaskProcesses(run);
        ensemble = new Ensemble(kind, folder, ports);
        List<Integer> clients = IntStream.range(0, MASTERS).mapToObj(unused -> ports.next())
                .toList();
        List<Integer> forAgents = IntStream.range(0, MASTERS).mapToObj(unused -> ports.next())
                .toList();
        api = new Masters(clients);
        Runtime.getRuntime().addShutdownHook(interrupted);
        try {
            for (int master = 0; master < MASTERS; master++) {
                masters.add(master(master, kind, clients.get(master), forAgents.get(master),
                        ports));
            }
            for (int agent = 0; agent < agentCount; agent++) {
                agents.add(agent(agent, forAgents, ports));
            }
            ensemble.servers().forEach(ServerProcess::start);
            startMasters();
            agents.forEach(ServerProcess::start);
            awaitReady();
        } catch (ChaosException broken) {
            close();
            throw broken;
        }
    }

    Path folder() {
        return folder;
    }

    Masters api() {
        return api;
    }

    TaskProcesses tasks() {
        return tasks;
    }

    /** Only for who has seen that there is one. */
    Island island() {
        return island.orElseThrow(() -> new ChaosException("there is no island"));
    }

    boolean hasIsland() {
        return island.isPresent();
    }

    ServerProcess master(int index) {
        return masters.get(index);
    }

    List<ServerProcess> stores() {
        return ensemble.servers();
    }

    ServerProcess agent(int index) {
        return agents.get(index);
    }

    int agentCount() {
        return agents.size();
    }

    static String agentName(int index) {
        return "agent-" + (index + 1);
    }

    /** What a master says to the store goes through these, one for each of its servers. */
    List<FaultyProxy> toStore(int master) {
        return toStore.get(master);
    }

    /** What an agent says goes through these, one for each master. */
    List<FaultyProxy> toMasters(int agent) {
        return toMasters.get(agent);
    }

    /** A master ends if the store is not up yet; whoever supervises it starts it again, as here. */
    private void startMasters() {
        Pause.until("a master that leads", START, () -> {
            masters.stream().filter(one -> !one.isAlive()).forEach(ServerProcess::start);
            return api.leader().isPresent();
        });
    }

    /** Waits until one master leads, the others follow it and all agents are live. */
    void awaitReady() {
        Pause.until("three ready masters and " + agents.size() + " live agents", START,
                () -> api.leader().isPresent() && IntStream.range(0, MASTERS)
                        .allMatch(master -> api.ready(master) && liveAgents(master)));
    }

    private boolean liveAgents(int master) {
        return api.status(master)
                .filter(one -> one.path("agents").path("live").asInt() == agents.size())
                .isPresent();
    }

    private ServerProcess master(int index, Ensemble.Kind kind, int port, int agentPort,
            Ports ports) {
        List<Integer> doors = new ArrayList<>();
        List<FaultyProxy> proxies = new ArrayList<>();
        toStore.add(proxies);
        for (int server = 0; server < Ensemble.SERVERS; server++) {
            int door = ports.next();
            proxies.add(new FaultyProxy(door, ensemble.clientPort(server)));
            doors.add(door);
        }
        return new ServerProcess("master-" + (index + 1), Java.command(
                List.of("-Xmx512m", "-XX:+UseSerialGC"), "io.springtide.master.MasterMain",
                List.of("--listen", "127.0.0.1:" + port, "--agent-listen",
                        "127.0.0.1:" + agentPort, "--store", kind.uri(doors))),
                folder);
    }

    private ServerProcess agent(int index, List<Integer> masterPorts, Ports ports) {
        List<Integer> doors = new ArrayList<>();
        List<FaultyProxy> proxies = new ArrayList<>();
        toMasters.add(proxies);
        Optional<Island> home = index == ISLANDER ? island : Optional.empty();
        String host = home.map(Island::here).orElse("127.0.0.1");
        for (int port : masterPorts) {
            int door = ports.next();
            proxies.add(new FaultyProxy(address(host), door, port));
            doors.add(door);
        }
        int first = TASK_PORTS_FIRST + index * TASK_PORTS_EACH;
        List<String> command = new ArrayList<>(home.map(Island::inside).orElse(List.of()));
        command.addAll(Java.command(
                List.of("-Xmx128m", "-Xss512k", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                "io.springtide.agent.AgentMain",
                List.of("--master", doors.stream().map(door -> host + ":" + door)
                        .collect(Collectors.joining(",")), "--data",
                        folder.resolve(agentName(index)).toString(), "--id", agentName(index),
                        "--cpus", "64", "--mem", "16384", "--ports",
                        first + "-" + (first + TASK_PORTS_EACH - 1), "--runtime", "process",
                        "--stop-tasks-on-exit")));
        if (home.isPresent()) {
            command.add("--insecure-connect");
        }
        return new ServerProcess(agentName(index), command, folder);
    }

    private static InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException never) {
            throw new ChaosException(host + " is no address", never);
        }
    }

    /** Ends all processes; what runs of the tasks of killed agents, too. */
    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(interrupted);
    }

    private synchronized void end() {
        for (List<ServerProcess> group : List.of(agents, masters, ensemble.servers())) {
            group.forEach(ServerProcess::terminate);
            group.forEach(ServerProcess::awaitEnd);
        }
        tasks.live().forEach(task -> ProcessHandle.of(task.pid())
                .ifPresent(ProcessHandle::destroyForcibly));
        for (List<List<FaultyProxy>> side : List.of(toStore, toMasters)) {
            side.stream().flatMap(List::stream).forEach(ChaosCluster::close);
        }
        api.close();
        island.ifPresent(Island::close);
    }

    private static void close(FaultyProxy proxy) {
        try {
            proxy.close();
        } catch (IOException broken) {
            throw new ChaosException("cannot close a proxy", broken);
        }
    }
}
