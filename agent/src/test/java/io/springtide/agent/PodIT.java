package io.springtide.agent;

import com.sun.net.httpserver.HttpServer;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.Container;
import io.springtide.api.agent.ContainerStatus;
import io.springtide.api.agent.HealthCheck;
import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.PodContainer;
import io.springtide.api.agent.PortSpec;
import io.springtide.api.agent.ReadFile;
import io.springtide.api.agent.ReadinessCheck;
import io.springtide.api.agent.Runtime;
import io.springtide.api.agent.TaskIds;
import io.springtide.api.agent.TaskSpec;
import io.springtide.api.agent.Volume;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Pods of real processes, and what is asked of instances, with a whole agent. */
class PodIT {

    private static final String FOREVER = "sleep 1000";

    @TempDir
    Path data = Path.of("");

    private final FakeMaster master = new FakeMaster(5, 0);
    private Optional<Agent> agent = Optional.empty();

    @BeforeEach
    void start() {
        agent = Optional.of(master.startAgent(data, Runtime.PROCESS));
    }

    private void restart() {
        agent.ifPresent(Agent::close);
        Await.until("the master notices", () -> !master.connected());
        start();
    }

    @AfterEach
    void stop() {
        agent.ifPresent(running -> {
            running.stopTasks(100);
            running.close();
        });
        master.close();
    }

    private static PodContainer.Builder container(String name, String command) {
        return PodContainer.newBuilder().setName(name)
                .setSpec(TaskSpec.newBuilder().setCommand(command));
    }

    private static TaskSpec pod(PodContainer.Builder... containers) {
        TaskSpec.Builder spec = TaskSpec.newBuilder().setAppId("/pod").setRuntime(Runtime.PROCESS)
                .setTaskIdPrefix(TaskIds.prefix("/pod", FakeMaster.CLUSTER));
        for (PodContainer.Builder container : containers) {
            spec.addContainers(container).addAllPorts(container.getSpec().getPortsList());
        }
        return spec.setDigest("d" + spec.build().hashCode()).build();
    }

    private Path sandbox(long id) {
        return data.resolve("sandboxes")
                .resolve(TaskIds.taskId(TaskIds.prefix("/pod", FakeMaster.CLUSTER), id));
    }

    private static List<Condition> conditions(InstanceStatus status) {
        return status.getContainersList().stream().map(ContainerStatus::getCondition).toList();
    }

    private String read(String file) {
        int before = master.chunks.size();
        master.read(ReadFile.newBuilder().setRequestId(before).setInstanceId(1).setFile(file)
                .setSize(1000).build());
        Await.until("the log is answered", () -> master.chunks.size() > before);
        return master.chunks.get(before).getData().toStringUtf8();
    }

    @Test
    void containersRunTogetherShareAFolderAndHaveLogsOfTheirOwn() {
        Volume.Builder shared = Volume.newBuilder().setPodVolume("scratch");
        PodContainer.Builder writer = container("writer",
                "echo I am $MARATHON_CONTAINER_ID; echo hello > out/x; " + FOREVER);
        writer.getSpecBuilder().setContainer(
                Container.newBuilder().addVolumes(shared.setContainerPath("/out")));
        PodContainer.Builder reader = container("reader",
                "while [ ! -s in/deep/x ]; do sleep 0.05; done; cat in/deep/x; " + FOREVER);
        reader.getSpecBuilder().setContainer(
                Container.newBuilder().addVolumes(shared.setContainerPath("in/deep")));
        master.launch(pod(writer, reader), 1L);
        InstanceStatus running = master.await(1, Condition.RUNNING);
        assertThat(conditions(running)).containsExactly(Condition.RUNNING, Condition.RUNNING);
        Await.until("the reader has read", () -> read("containers/reader/stdout")
                .equals("hello\n"));
        assertThat(read("stdout")).isEqualTo("I am writer\n");
        assertThat(read("containers/writer/stdout")).isEqualTo("I am writer\n");
        master.kill(1, 2000);
        assertThat(conditions(master.await(1, Condition.KILLED)))
                .containsExactly(Condition.KILLED, Condition.KILLED);
        assertThat(read("stdout")).as("logs outlive the pod").isEqualTo("I am writer\n");
    }

    @Test
    void oneThatEndsEndsTheOthers() {
        String stubborn = "trap 'echo asked' TERM; : > ready; while :; do sleep 0.05; done";
        PodContainer.Builder patient = container("patient", stubborn);
        patient.getSpecBuilder().setKillGraceMs(400);
        master.launch(pod(container("brief",
                "while [ ! -e ../patient/ready ]; do sleep 0.05; done; exit 4"), patient), 1L);
        InstanceStatus failed = master.await(1, Condition.FAILED);
        assertThat(failed.getExitCode()).isEqualTo(4);
        assertThat(failed.getMessage()).isEqualTo("container brief ended with exit code 4");
        assertThat(conditions(failed)).containsExactly(Condition.FAILED, Condition.KILLED);
        assertThat(failed.getContainers(1).getExitCode()).isEqualTo(137);
        assertThat(read("containers/patient/stdout")).startsWith("asked");
        master.launch(pod(container("job", "sleep 0.3"), container("side", FOREVER)), 2L);
        assertThat(master.await(2, Condition.FINISHED).getMessage())
                .isEqualTo("container job ended with exit code 0");
    }

    @Test
    void aRestartedAgentTakesUpThePodAndKnowsWhatEnded() throws IOException {
        master.launch(pod(container("a", "while [ ! -e go ]; do sleep 0.05; done; exit 6"),
                container("b", FOREVER)), 1L);
        master.launch(pod(container("c", "while [ ! -e go ]; do sleep 0.05; done; exit 7"),
                container("d", FOREVER)), 2L);
        master.await(1, Condition.RUNNING);
        master.await(2, Condition.RUNNING);
        agent.ifPresent(Agent::close);
        Files.writeString(sandbox(2).resolve("containers/c/go"), "");
        Await.until("c ends unseen",
                () -> Files.exists(data.resolve("process/0000000000000002.exit")));
        int seen = master.heard(1);
        restart();
        InstanceStatus failed = master.await(2, Condition.FAILED);
        assertThat(failed.getMessage()).isEqualTo("container c ended with exit code 7");
        assertThat(conditions(failed)).containsExactly(Condition.FAILED, Condition.KILLED);
        Await.until("the first runs on", () -> master.heard(1) > seen
                && master.last(1).getCondition() == Condition.RUNNING);
        Files.writeString(sandbox(1).resolve("containers/a/go"), "");
        assertThat(master.await(1, Condition.FAILED).getExitCode()).isEqualTo(6);
        Await.until("nothing is left of either", () -> {
            try (var files = Files.list(data.resolve("process"))) {
                return files.noneMatch(file -> file.toString().endsWith(".pid")
                        && !file.endsWith("launcher.pid"));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void everyContainerIsCheckedForItself() throws IOException {
        PodContainer.Builder well = container("well", FOREVER);
        PodContainer.Builder ill = container("ill", FOREVER);
        for (PodContainer.Builder each : List.of(well, ill)) {
            each.getSpecBuilder().addHealthChecks(HealthCheck.newBuilder()
                    .setProtocol(HealthCheck.Protocol.COMMAND).setCommand("test ! -e sick")
                    .setIntervalMs(100).setTimeoutMs(5000).setConsecutiveFailuresMax(2));
        }
        master.launch(pod(well, ill, container("unchecked", FOREVER)), 1L);
        Await.until("both are alive", () -> master.last(1).getHealth().getAlive());
        Files.writeString(sandbox(1).resolve("containers/ill/sick"), "");
        Await.until("one is at its limit", () -> master.last(1).getHealth().getExhausted());
        InstanceStatus status = master.last(1);
        assertThat(status.getContainers(0).getHealth().getAlive()).isTrue();
        assertThat(status.getContainers(1).getHealth().getExhausted()).isTrue();
        assertThat(status.getContainers(2).hasHealth()).isFalse();
    }

    @Test
    void readinessIsAskedUntilItIsThereAndNotAfterARestart() throws IOException {
        HttpServer server = HttpServer
                .create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        int[] status = {503};
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(status[0], -1);
            exchange.close();
        });
        server.start();
        try {
            TaskSpec asked = pod().toBuilder().setCommand(FOREVER)
                    .addPorts(PortSpec.newBuilder().setHostPort(true))
                    .setReadinessCheck(ReadinessCheck.newBuilder().setPath("/").setIntervalMs(100)
                            .setTimeoutMs(2000).addReadyStatuses(200))
                    .build();
            master.launchOn(asked, 1, server.getAddress().getPort());
            Await.until("it is not ready",
                    () -> master.last(1).getReadiness().getHttpStatus() == 503);
            assertThat(master.last(1).getReadiness().getReady()).isFalse();
            status[0] = 200;
            Await.until("it is ready", () -> master.last(1).getReadiness().getReady());
            int seen = master.heard(1);
            status[0] = 503;
            restart();
            Await.until("it is told again", () -> master.heard(1) > seen);
            assertThat(master.last(1).getReadiness().getReady()).isTrue();
        } finally {
            server.stop(0);
        }
    }
}
