package io.springtide.bench.live;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goal: machines come when nothing has room, and go when they are not needed. Method: a real master, and
 * the program of the examples, whose machines are real agents on this machine.
 */
class NodesIT {

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Path EXAMPLE = Path.of("..", "examples", "nodes", "machines.sh");

    @TempDir
    private Path folder;

    private Path machines;
    private LocalCluster cluster;

    @BeforeEach
    void start() throws IOException {
        machines = folder.resolve("machines");
        Path program = folder.resolve("machines.sh");
        Files.copy(EXAMPLE, program);
        Path pool = folder.resolve("pool.properties");
        Files.writeString(pool, String.join("\n", "program=" + program, "max=3", "cpus=500",
                "mem=65536", "site=site-a", "runtimes=process", "idle=4", "wait=1", "coming=90"));
        cluster = new LocalCluster(folder, 1, "process",
                List.of("--nodes", "web=" + pool, "--traffic", "none"));
        // The agents' door is known only now, and the program reads this when it is run.
        Files.writeString(folder.resolve("machines.conf"), "AGENT='"
                + Path.of(System.getProperty("java.home"), "bin", "java")
                + " -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "
                + System.getProperty("java.class.path") + " io.springtide.agent.AgentMain'\n"
                + "MASTER=127.0.0.1:" + cluster.agentPort() + "\nFOLDER='" + machines + "'\n");
    }

    /** Machines that a failed test has left. */
    @AfterEach
    void stop() throws IOException {
        cluster.close();
        if (Files.isDirectory(machines)) {
            try (Stream<Path> left = Files.list(machines)) {
                left.map(one -> one.resolve("pid")).filter(Files::exists).forEach(NodesIT::end);
            }
        }
    }

    /** With its tasks, for which it needs a moment. */
    private static void end(Path pid) {
        try {
            ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).ifPresent(agent -> {
                agent.destroy();
                LocalCluster.await("the agent to end", LONG, () -> !agent.isAlive());
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode get(String path) {
        try {
            return cluster.get(path).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode machines() {
        return get("/tide/v1/nodes").at("/pools/0/machines");
    }

    private long there() {
        long there = 0;
        for (JsonNode machine : machines()) {
            there += machine.path("state").asText().equals("there")
                    && machine.path("agent").asText().equals(machine.path("token").asText())
                            ? 1
                            : 0;
        }
        return there;
    }

    private long running() {
        return get("/v2/apps/sleepers").at("/app/tasksRunning").asLong();
    }

    private void scale(int instances) throws IOException {
        assertThat(cluster.send("PUT", "/v2/apps/sleepers?force=true",
                "{\"instances\": " + instances + "}").status()).isEqualTo(200);
    }

    @Test
    void machinesComeWithAFloodAndGoAfterIt() throws IOException, InterruptedException {
        assertThat(cluster.send("POST", "/v2/apps", """
                {"id": "/sleepers", "cmd": "sleep 100000", "cpus": 300, "mem": 16, "instances": 1,
                 "portDefinitions": []}""")
                .status()).isEqualTo(201);
        LocalCluster.await("the first instance", LONG, () -> running() == 1);
        assertThat(machines()).isEmpty();

        scale(3);
        LocalCluster.await("instances on machines that were ordered", LONG, () -> running() == 3);
        // What is shown is as of the leader's last look.
        LocalCluster.await("both machines to be shown", LONG, () -> there() == 2);
        assertThat(get("/tide/v1/agents").path("agents")).hasSize(3);
        assertThat(machines).isDirectoryContaining("glob:**/web-1")
                .isDirectoryContaining("glob:**/web-2");

        cluster.killMaster();
        cluster.restartMaster();
        cluster.awaitReady(3);
        LocalCluster.await("the new leader to know its machines", LONG, () -> there() == 2);

        scale(1);
        LocalCluster.await("the machines to be given back", LONG, () -> machines().isEmpty());
        LocalCluster.await("their agents to be forgotten", LONG,
                () -> get("/tide/v1/agents").path("agents").size() == 1);
        assertThat(running()).isEqualTo(1);
        assertThat(machines).isDirectoryNotContaining("glob:**/web-*");
        assertThat(get("/tide/v1/status").path("alarms")).isEmpty();
    }

    @Test
    void aProgramThatRefusesIsAlarmed() throws IOException {
        Files.writeString(folder.resolve("machines.conf"), "MASTER=\nAGENT=\nFOLDER='" + machines
                + "'\n[ \"$1\" != provision ] || { echo 'the quota is used up' >&2; exit 1; }\n");
        assertThat(cluster.send("POST", "/v2/apps", """
                {"id": "/sleepers", "cmd": "sleep 100000", "cpus": 300, "mem": 16, "instances": 2,
                 "portDefinitions": []}""")
                .status()).isEqualTo(201);
        LocalCluster.await("the alarm", LONG, () -> get("/tide/v1/status").path("alarms").toString()
                .contains("the quota is used up"));
        assertThat(get("/tide/v1/status").at("/alarms/0/name").asText())
                .isEqualTo("nodes-refused");
        assertThat(get("/tide/v1/apps/sleepers/why").path("sentence").asText())
                .contains("Pool web gets no machine now").contains("the quota is used up");
    }
}
