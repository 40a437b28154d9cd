package io.springtide.agent;

import io.springtide.agent.runtime.docker.DockerAvailable;
import io.springtide.agent.runtime.docker.DockerEyes;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.Container;
import io.springtide.api.agent.HealthCheck;
import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.PodContainer;
import io.springtide.api.agent.PortSpec;
import io.springtide.api.agent.ReadinessCheck;
import io.springtide.api.agent.Resources;
import io.springtide.api.agent.Runtime;
import io.springtide.api.agent.TaskIds;
import io.springtide.api.agent.TaskSpec;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A whole agent with standbys that are real containers and answer over HTTP. */
@Tag("docker")
@ExtendWith(DockerAvailable.class)
class StandbyDockerIT {

    private static final int MANY = 20;

    @TempDir
    Path data = Path.of("");

    private final long first = ThreadLocalRandom.current().nextLong(1L << 50);
    private final FakeMaster master = new FakeMaster(5, 0);
    private final DockerEyes eyes = new DockerEyes();
    private Optional<Agent> agent = Optional.empty();

    @BeforeEach
    void start() {
        agent = Optional.of(master.startAgent(data, Runtime.DOCKER));
    }

    @AfterEach
    void stop() throws IOException {
        agent.ifPresent(Agent::close);
        master.close();
        eyes.removeAll(DockerEyes.owner(data));
        eyes.close();
    }

    private static TaskSpec spec(String command) {
        return TaskSpec.newBuilder().setAppId("/it/standby").setCommand(command)
                .setRuntime(Runtime.DOCKER)
                .setTaskIdPrefix(TaskIds.prefix("/it/standby", FakeMaster.CLUSTER))
                .setResources(Resources.newBuilder().setCpusMilli(100).setMemMib(32))
                .setDigest("d" + command.hashCode())
                .setContainer(Container.newBuilder()
                        .setImage("springtide/busybox:test"))
                .build();
    }

    /** Answers at its port, and says that it is ready. */
    private static TaskSpec web() {
        return spec("mkdir -p /tmp/w; echo ok > /tmp/w/index.html;"
                + " exec httpd -f -p $PORT0 -h /tmp/w").toBuilder()
                .addPorts(PortSpec.newBuilder().setHostPort(true).setTcp(true))
                .setReadinessCheck(ReadinessCheck.newBuilder().setPath("/index.html")
                        .setIntervalMs(500).setTimeoutMs(2_000))
                .build();
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ServerSocket socket = new ServerSocket(0);
            sockets.add(socket);
            ports.add(socket.getLocalPort());
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return ports;
    }

    private void restart() {
        agent.ifPresent(Agent::close);
        Await.until("the master notices", () -> !master.connected());
        start();
    }

    private boolean ready(long id) {
        InstanceStatus last = master.last(id);
        return last.getCondition() == Condition.RUNNING && last.getReadiness().getReady();
    }

    @Test
    void standbysAreReadyAgainRightAfterTheirThaw() throws IOException {
        List<Long> ids = LongStream.range(first, first + MANY).boxed().toList();
        master.standby(web(), ids, freePorts(MANY));
        ids.forEach(id -> master.await(id, Condition.PAUSED));
        for (long id : ids) {
            assertThat(master.statuses.get(id)).allMatch(status -> !status.hasReadiness()
                    || !status.getReadiness().getReady());
        }
        long firstNs = System.nanoTime();
        master.thaw(List.of(first));
        Await.until("it is ready", () -> ready(first));
        long firstMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - firstNs);
        assertThat(master.await(first, Condition.RUNNING).hasReadiness())
                .as("ready only when it has said so again").isFalse();
        long begunNs = System.nanoTime();
        master.thaw(ids);
        Await.until("all run", () -> ids.stream()
                .allMatch(id -> master.last(id).getCondition() == Condition.RUNNING));
        long runMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNs);
        Await.until("all are ready", () -> ids.stream().allMatch(this::ready));
        long readyMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNs);
        System.out.println("thawed containers: the first ready after " + firstMs + " ms, " + MANY
                + " run after " + runMs + " ms and are ready after " + readyMs + " ms");
    }

    @Test
    void aFrozenContainerOutlivesItsAgentAndIsKilledFrozen() {
        // Not frozen before it has set its trap.
        TaskSpec trapped = spec("trap 'exit 5' TERM; touch /tmp/trapped;"
                + " while true; do sleep 0.1; done").toBuilder()
                .addHealthChecks(HealthCheck.newBuilder().setProtocol(HealthCheck.Protocol.COMMAND)
                        .setCommand("test -e /tmp/trapped").setIntervalMs(100)
                        .setTimeoutMs(10_000).setGracePeriodMs(60_000))
                .build();
        master.standby(trapped, List.of(first), List.of());
        master.await(first, Condition.PAUSED);
        int heard = master.heard(first);
        restart();
        Await.until("it is found frozen", () -> master.heard(first) > heard
                && master.last(first).getCondition() == Condition.PAUSED);
        assertThat(master.statuses.get(first)).extracting(InstanceStatus::getCondition)
                .doesNotContain(Condition.RUNNING);
        master.kill(first, 30_000);
        assertThat(master.await(first, Condition.KILLED).getExitCode()).isEqualTo(5);
    }

    @Test
    void aPodOfContainersIsFrozenAsAWhole() {
        TaskSpec one = spec("while true; do echo x; sleep 0.05; done");
        TaskSpec pod = spec("").toBuilder().setDigest("pod")
                .addContainers(PodContainer.newBuilder().setName("a").setSpec(one))
                .addContainers(PodContainer.newBuilder().setName("b").setSpec(one)).build();
        master.standby(pod, List.of(first), List.of());
        assertThat(master.await(first, Condition.PAUSED).getContainersList()).hasSize(2)
                .allMatch(container -> container.getCondition() == Condition.PAUSED);
        assertThat(eyes.containers(DockerEyes.owner(data))).hasSize(2)
                .allMatch(container -> "paused".equals(container.getState()));
        master.thaw(List.of(first));
        master.await(first, Condition.RUNNING);
    }
}
