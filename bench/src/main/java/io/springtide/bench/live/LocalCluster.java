package io.springtide.bench.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** One master and some agents, each a Java process with the class path of this one. */
public final class LocalCluster implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(60);
    private static final int PORTS_EACH = 500;

    private final Path folder;
    private final String runtime;
    private final List<String> masterOptions;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5))
            .build();
    private final ObjectMapper json = new ObjectMapper();
    private final int port = freePort();
    private final int agentPort = freePort();
    private final List<Process> agents = new ArrayList<>();
    private final List<Process> ingresses = new ArrayList<>();
    private Process master;

    /** Starts a cluster that runs processes, and waits until every agent is live. */
    public LocalCluster(Path folder, int agentCount) throws IOException {
        this(folder, agentCount, "process");
    }

    /** Starts a cluster with one runtime, and waits until every agent is live. */
    public LocalCluster(Path folder, int agentCount, String runtime) throws IOException {
        this(folder, agentCount, runtime, List.of());
    }

    /** Starts a cluster whose master gets options of its own, and waits until every agent is live. */
    public LocalCluster(Path folder, int agentCount, String runtime, List<String> masterOptions)
            throws IOException {
        this.folder = folder;
        this.runtime = runtime;
        this.masterOptions = List.copyOf(masterOptions);
        this.master = startMaster();
        for (int i = 0; i < agentCount; i++) {
            agents.add(startAgent(i));
        }
        awaitReady(agentCount);
    }

    /** An answer of the master. */
    public record Reply(int status, JsonNode body) {}

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    public Reply get(String path) throws IOException {
        return send(HttpRequest.newBuilder(uri(path)).GET());
    }

    public Reply send(String method, String path, String body) throws IOException {
        return send(HttpRequest.newBuilder(uri(path)).header("Content-Type", "application/json")
                .method(method,
                        HttpRequest.BodyPublishers.ofString(body)));
    }

    /** Ends the master as a power cut would. */
    public void killMaster() throws InterruptedException {
        master.destroyForcibly().waitFor();
    }

    /** Starts the master again on the same folder; does not wait for it. */
    public void restartMaster() throws IOException {
        master = startMaster();
    }

    /** Ends the master as an operator would, and waits for it. */
    public void stopMaster() throws InterruptedException {
        master.destroy();
        master.waitFor();
    }

    /** Processor time that the master has used so far; what else runs on this machine does not lengthen it. */
    public Duration masterCpu() {
        return master.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Where agents of the caller's own connect, on the loopback address. */
    public int agentPort() {
        return agentPort;
    }

    /** The master's data folder. */
    public Path data() {
        return folder.resolve("master");
    }

    /** The folder of the master's journal. */
    public Path journal() {
        return data().resolve("journal");
    }

    /** Starts a second master on the folder of the first; what it printed, behind its exit code. */
    public String secondMaster() throws IOException, InterruptedException {
        Files.deleteIfExists(folder.resolve("second.log"));
        Process second = start("second", List.of(), "io.springtide.master.MasterMain",
                List.of("--listen",
                        "127.0.0.1:" + freePort(), "--agent-listen", "127.0.0.1:" + freePort(),
                        "--data",
                        folder.resolve("master").toString()));
        if (!second.waitFor(30, TimeUnit.SECONDS)) {
            second.destroyForcibly();
            return "still running";
        }
        return second.exitValue() + ": " + Files.readString(folder.resolve("second.log"));
    }

    /** Ends an agent as a power cut of the agent alone would: its instances run on. */
    public void killAgent(int index) throws InterruptedException {
        agents.get(index).destroyForcibly().waitFor();
    }

    public void restartAgent(int index) throws IOException {
        agents.set(index, startAgent(index));
    }

    /** Waits until the master answers and so many agents are live. */
    public void awaitReady(int agentCount) {
        await("the master to be ready with " + agentCount + " agents", START, () -> {
            try {
                Reply status = get("/tide/v1/status");
                return status.status() == 200 && status.body().path("ready").asBoolean()
                        && status.body().path("agents").path("live").asInt() == agentCount;
            } catch (IOException e) {
                return false;
            }
        });
    }

    /**
     * Looks every few milliseconds whether something holds.
     *
     * @throws IllegalStateException if it does not in time
     */
    public static void await(String what, Duration atMost, BooleanSupplier holds) {
        await(what, atMost, Duration.ofMillis(10), holds);
    }

    /**
     * Looks now and then whether something holds; seldom, where looking costs what is measured.
     *
     * @throws IllegalStateException if it does not in time
     */
    public static void await(String what, Duration atMost, Duration pause,
            BooleanSupplier holds) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "waited " + atMost.toSeconds() + " s in vain for " + what);
            }
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    @Override
    public void close() {
        ingresses.forEach(Process::destroy);
        ingresses.forEach(LocalCluster::end);
        agents.forEach(Process::destroy);
        for (Process agent : agents) {
            end(agent);
        }
        master.destroy();
        end(master);
        http.close();
    }

    private static void end(Process process) {
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private Reply send(HttpRequest.Builder request) throws IOException {
        try {
            HttpResponse<byte[]> response = http.send(
                    request.timeout(Duration.ofSeconds(20)).build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            byte[] body = response.body();
            return new Reply(response.statusCode(),
                    body.length == 0 ? json.nullNode() : json.readTree(body));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private Process startMaster() throws IOException {
        List<String> options = new ArrayList<>(List.of("--listen", "127.0.0.1:" + port,
                "--agent-listen", "127.0.0.1:" + agentPort, "--data",
                folder.resolve("master").toString()));
        options.addAll(masterOptions);
        return start("master", List.of("-XX:+UseG1GC", "-Xmx1g"), "io.springtide.master.MasterMain",
                options);
    }

    /** Starts a further agent that speaks with the master at another port than its own, over a relay say. */
    public Joined join(String name, int masterPort) throws IOException {
        return new Joined(startAgent(name, agents.size() + 1, masterPort));
    }

    /** An agent that has joined; closing it ends its tasks, too. */
    public record Joined(Process process) implements AutoCloseable {
        @Override
        public void close() {
            process.destroy();
            end(process);
        }
    }

    /** Starts an ingress with further options; does not wait for it. @return the port where it takes requests */
    public int startIngress(String... further) throws IOException {
        int listen = freePort();
        List<String> options = new ArrayList<>(List.of("--listen", "127.0.0.1:" + listen,
                "--admin", "127.0.0.1:" + freePort(), "--masters", uri("").toString(), "--drain",
                "5"));
        options.addAll(List.of(further));
        // As the tide command starts it.
        ingresses.add(start("ingress", List.of("-Xmx512m", "-XX:+UseSerialGC",
                "-Dvertx.disableMetrics=true", "-Dvertx.disableTCCL=true",
                "-Dvertx.threadChecks=false"), "io.springtide.cloud.ingress.IngressMain",
                options));
        return listen;
    }

    private Process startAgent(int index) throws IOException {
        return startAgent("agent-" + index, index, agentPort);
    }

    private Process startAgent(String name, int index, int masterPort) throws IOException {
        int first = 20_000 + index * PORTS_EACH;
        return start(name,
                List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                "io.springtide.agent.AgentMain",
                List.of("--master", "127.0.0.1:" + masterPort, "--data",
                        folder.resolve(name).toString(), "--id", name, "--attributes",
                        "name:" + name, "--site", index % 2 == 0 ? "site-a" : "site-b",
                        "--rack",
                        "r" + index, "--cpus", "500", "--mem", "65536", "--ports",
                        first + "-" + (first + PORTS_EACH - 1), "--runtime", runtime,
                        "--stop-tasks-on-exit"));
    }

    private Process start(String name, List<String> flags, String mainClass, List<String> arguments)
            throws IOException {
        Files.createDirectories(folder);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve(name + ".log").toFile()))
                .start();
    }

    /** A port that nobody had a moment ago. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException("no free port on this machine", e);
        }
    }
}
