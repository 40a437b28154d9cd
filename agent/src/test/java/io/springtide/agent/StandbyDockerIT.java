package io.springtide.agent;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.springtide.agent.engine.StartLimits;
import io.springtide.agent.link.MasterAddress;
import io.springtide.agent.runtime.docker.DockerAvailable;
import io.springtide.agent.runtime.docker.DockerSettings;
import io.springtide.agent.runtime.process.ProcessOptions;
import io.springtide.api.agent.Condition;
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
import java.util.Map;
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
    /** What is promised is a second for fifty, on a machine that does nothing else. */
    private static final long MANY_MS_MAX = 8_000;

    @TempDir
    Path data = Path.of("");

    private final long first = ThreadLocalRandom.current().nextLong(1L << 50);
    private final FakeMaster master = new FakeMaster(5, 0);
    private final DockerClient docker = client();
    private Optional<Agent> agent = Optional.empty();

    private static DockerClient client() {
        var config = DefaultDockerClientConfig.createDefaultConfigBuilder().withDockerHost(
                DockerSettings.fromEnvironment(System.getenv()).host().toString()).build();
        return DockerClientImpl.getInstance(config,
                new ZerodepDockerHttpClient.Builder().dockerHost(config.getDockerHost()).build());
    }

    @BeforeEach
    void start() {
        agent = Optional.of(Agent.start(new AgentConfig(
                List.of(new MasterAddress("127.0.0.1", master.port())), data, "agent-a",
                "127.0.0.1", new AgentConfig.Placement("r", "s", "", Map.of()),
                Resources.newBuilder().setCpusMilli(4000).setMemMib(1024).build(), Map.of(),
                List.of(), List.of(Runtime.DOCKER), new ProcessOptions(1 << 20, 1, false, 100),
                100, StartLimits.of(2))));
        Await.until("the agent registers", () -> master.connected());
    }

    @AfterEach
    void stop() throws IOException {
        agent.ifPresent(Agent::close);
        master.close();
        docker.listContainersCmd().withShowAll(true).withLabelFilter(Map.of("io.springtide.owner",
                "agent-a@" + data.toAbsolutePath().normalize())).exec().forEach(this::remove);
        docker.close();
    }

    private void remove(Container left) {
        try {
            docker.removeContainerCmd(left.getId()).withForce(true).exec();
        } catch (ConflictException | NotFoundException e) {
            // The agent was about to do the same.
            assertThat(e).isNotNull();
        }
    }

    private static TaskSpec spec(String command) {
        return TaskSpec.newBuilder().setAppId("/it/standby").setCommand(command)
                .setRuntime(Runtime.DOCKER)
                .setTaskIdPrefix(TaskIds.prefix("/it/standby", FakeMaster.CLUSTER))
                .setResources(Resources.newBuilder().setCpusMilli(100).setMemMib(32))
                .setDigest("d" + command.hashCode())
                .setContainer(io.springtide.api.agent.Container.newBuilder()
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
        assertThat(readyMs).isLessThan(MANY_MS_MAX);
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
        assertThat(docker.listContainersCmd().withStatusFilter(List.of("paused"))
                .withLabelFilter(Map.of("io.springtide.owner",
                        "agent-a@" + data.toAbsolutePath().normalize()))
                .exec()).hasSize(2);
        master.thaw(List.of(first));
        master.await(first, Condition.RUNNING);
    }
}
