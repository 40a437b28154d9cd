package io.springtide.agent;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Container;
import io.springtide.agent.runtime.docker.DockerAvailable;
import io.springtide.agent.runtime.docker.DockerEyes;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.Container.Network;
import io.springtide.api.agent.ContainerStatus;
import io.springtide.api.agent.HealthCheck;
import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.PodContainer;
import io.springtide.api.agent.PortSpec;
import io.springtide.api.agent.ReadFile;
import io.springtide.api.agent.Resources;
import io.springtide.api.agent.Runtime;
import io.springtide.api.agent.TaskIds;
import io.springtide.api.agent.TaskSpec;
import io.springtide.api.agent.Volume;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

import static org.assertj.core.api.Assertions.assertThat;

/** Pods of real containers, with a whole agent. */
@Tag("docker")
@ExtendWith(DockerAvailable.class)
class PodDockerIT {

    private static final String IMAGE = "springtide/busybox:test";
    private static final String FOREVER = "exec sleep 600";
    private static final String SERVE = "mkdir -p /tmp/w; echo served by $MARATHON_CONTAINER_ID"
            + " > /tmp/w/index.html; exec httpd -f -p $ENDPOINT_WEB -h /tmp/w";

    @TempDir
    Path data = Path.of("");

    /** Another each time: containers are named after it, and other runs may have left some. */
    private final long id = ThreadLocalRandom.current().nextLong(1L << 50);
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

    private List<Container> ours() {
        return eyes.containers(DockerEyes.owner(data));
    }

    private void restart() {
        agent.ifPresent(Agent::close);
        Await.until("the master notices", () -> !master.connected());
        start();
    }

    private static PodContainer.Builder container(String name, String command, Network network) {
        PodContainer.Builder container = PodContainer.newBuilder().setName(name);
        container.getSpecBuilder().setCommand(command)
                .setResources(Resources.newBuilder().setCpusMilli(100).setMemMib(32))
                .setKillGraceMs(1000)
                .setContainer(io.springtide.api.agent.Container.newBuilder().setImage(IMAGE)
                        .setNetwork(network));
        return container;
    }

    private static TaskSpec pod(PodContainer.Builder... containers) {
        TaskSpec.Builder spec = TaskSpec.newBuilder().setAppId("/it/pod")
                .setRuntime(Runtime.DOCKER)
                .setTaskIdPrefix(TaskIds.prefix("/it/pod", FakeMaster.CLUSTER));
        for (PodContainer.Builder container : containers) {
            spec.addContainers(container).addAllPorts(container.getSpec().getPortsList());
        }
        return spec.setDigest("d" + spec.build().hashCode()).build();
    }

    private static PortSpec.Builder web() {
        return PortSpec.newBuilder().setName("web").setContainerPort(8080).setHostPort(true)
                .setTcp(true);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static List<Condition> conditions(InstanceStatus status) {
        return status.getContainersList().stream().map(ContainerStatus::getCondition).toList();
    }

    private String read(String file) {
        int before = master.chunks.size();
        master.read(ReadFile.newBuilder().setRequestId(before).setInstanceId(id).setFile(file)
                .setSize(1000).build());
        Await.until("the log is answered", () -> master.chunks.size() > before);
        return master.chunks.get(before).getData().toStringUtf8();
    }

    @Test
    void containersTalkOverLocalhostAndThePodsPortIsOpenOutside() throws Exception {
        // The port is that of the second container; the network is that of the first.
        PodContainer.Builder client = container("client",
                "until wget -q -O - http://127.0.0.1:$ENDPOINT_WEB/; do sleep 0.1; done; "
                        + "cat /shared/note; " + FOREVER,
                Network.BRIDGE);
        client.getSpecBuilder().getContainerBuilder().addVolumes(Volume.newBuilder()
                .setContainerPath("/shared").setPodVolume("scratch").setReadOnly(true));
        PodContainer.Builder server = container("server", "echo noted > /var/own/note; " + SERVE,
                Network.BRIDGE);
        server.getSpecBuilder().addPorts(web()).getContainerBuilder().addVolumes(Volume
                .newBuilder().setContainerPath("/var/own").setPodVolume("scratch"));
        int port = freePort();
        master.launchOn(pod(client, server), id, port);
        InstanceStatus running = master.await(id, Condition.RUNNING);
        assertThat(running.getIpAddress()).isNotEmpty();
        assertThat(conditions(running)).containsExactly(Condition.RUNNING, Condition.RUNNING);
        Await.until("the client has read", () -> read("stdout")
                .equals("served by server\nnoted\n"));
        HttpResponse<String> outside = HttpClient.newHttpClient().send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(outside.body()).isEqualTo("served by server\n");
        master.kill(id, 1000);
        assertThat(conditions(master.await(id, Condition.KILLED)))
                .containsExactly(Condition.KILLED, Condition.KILLED);
        Await.until("both containers are removed", () -> ours().isEmpty());
    }

    @Test
    void oneDiesAndTheOtherIsEndedAlsoIfTheAgentIsAway() throws IOException {
        master.launch(pod(container("a", FOREVER, Network.BRIDGE),
                container("b",
                        "while [ ! -e $MESOS_SANDBOX/go ]; do sleep 0.1; done; exit 5",
                        Network.BRIDGE)),
                id);
        master.await(id, Condition.RUNNING);
        agent.ifPresent(Agent::close);
        Files.writeString(data.resolve("sandboxes")
                .resolve(TaskIds.taskId(TaskIds.prefix("/it/pod", FakeMaster.CLUSTER), id))
                .resolve("containers/b/go"), "");
        Await.until("b has ended",
                () -> ours().stream().filter(one -> "running".equals(one.getState())).count() == 1);
        start();
        InstanceStatus failed = master.await(id, Condition.FAILED);
        assertThat(failed.getMessage()).isEqualTo("container b ended with exit code 5");
        assertThat(conditions(failed)).containsExactly(Condition.KILLED, Condition.FAILED);
        Await.until("both containers are removed", () -> ours().isEmpty());
    }

    @Test
    void aRestartedAgentTakesUpAPodAndWatchesOn() {
        PodContainer.Builder server = container("server", SERVE, Network.BRIDGE);
        server.getSpecBuilder().addPorts(web().setHostPort(false));
        PodContainer.Builder checked = container("checked", FOREVER, Network.BRIDGE);
        // A command in this container reaches the other over their common network.
        checked.getSpecBuilder().addHealthChecks(HealthCheck.newBuilder()
                .setProtocol(HealthCheck.Protocol.COMMAND).setIntervalMs(300).setTimeoutMs(9000)
                .setCommand("wget -q -O /dev/null http://127.0.0.1:$ENDPOINT_WEB/")
                .setConsecutiveFailuresMax(3));
        server.getSpecBuilder().addHealthChecks(HealthCheck.newBuilder()
                .setProtocol(HealthCheck.Protocol.HTTP).setPath("/").setIntervalMs(300)
                .setTimeoutMs(9000).setConsecutiveFailuresMax(3));
        master.launch(pod(server, checked), id);
        Await.until("all checks are alive", () -> master.last(id).getHealth().getAlive());
        assertThat(master.last(id).getContainersList())
                .allSatisfy(one -> assertThat(one.getHealth().getAlive()).isTrue());
        int seen = master.heard(id);
        restart();
        Await.until("it is found again, and alive",
                () -> master.heard(id) > seen && master.last(id).getHealth().getAlive());
        ours().stream().filter(one -> one.getNames()[0].contains(".server."))
                .forEach(one -> eyes.client().killContainerCmd(one.getId()).exec());
        assertThat(master.await(id, Condition.FAILED).getMessage())
                .startsWith("container server ended with exit code 137");
    }

    @Test
    void onTheMachinesNetworkNothingIsJoined() throws IOException {
        int port = freePort();
        PodContainer.Builder server = container("server", SERVE, Network.HOST);
        server.getSpecBuilder().addPorts(web().setContainerPort(0));
        PodContainer.Builder client = container("client",
                "until wget -q -O - http://127.0.0.1:$EP_HOST_WEB/; do sleep 0.1; done",
                Network.HOST);
        master.launchOn(pod(server, client), id, port);
        assertThat(master.await(id, Condition.FINISHED).getMessage())
                .isEqualTo("container client ended with exit code 0");
        assertThat(read("containers/client/stdout")).isEqualTo("served by server\n");
    }

    @Test
    void ipv6ChecksKnockAtThePodsIpv6Address() {
        String name = "springtide-it-" + Long.toHexString(ThreadLocalRandom.current().nextLong());
        String subnet = String.format("fd%02x:%04x:%04x::/64",
                ThreadLocalRandom.current().nextInt(1 << 8),
                ThreadLocalRandom.current().nextInt(1 << 16),
                ThreadLocalRandom.current().nextInt(1 << 16));
        String network;
        try {
            network = eyes.client().createNetworkCmd().withName(name).withEnableIpv6(true)
                    .withIpam(new com.github.dockerjava.api.model.Network.Ipam().withConfig(
                            new com.github.dockerjava.api.model.Network.Ipam.Config()
                                    .withSubnet(subnet)))
                    .exec().getId();
        } catch (DockerException e) {
            throw new TestAbortedException("this machine's Docker has no IPv6: " + e.getMessage());
        }
        try {
            PodContainer.Builder first = container("first", FOREVER, Network.NAMED);
            first.getSpecBuilder().getContainerBuilder().setNetworkName(name);
            PodContainer.Builder server = container("server",
                    "exec httpd -f -p [::]:$ENDPOINT_WEB -h /www", Network.NAMED);
            server.getSpecBuilder().addPorts(web().setHostPort(false)).addHealthChecks(
                    HealthCheck.newBuilder().setProtocol(HealthCheck.Protocol.HTTP).setPath("/")
                            .setIpv6(true).setIntervalMs(300).setTimeoutMs(9000)
                            .setConsecutiveFailuresMax(100));
            server.getSpecBuilder().getContainerBuilder().setNetworkName(name);
            master.launch(pod(first, server), id);
            Await.until("it is alive over IPv6", () -> master.last(id).getHealth().getAlive());
            master.kill(id, 100);
            master.await(id, Condition.KILLED);
            Await.until("both containers are removed", () -> ours().isEmpty());
        } finally {
            eyes.client().removeNetworkCmd(network).exec();
        }
    }

    @Test
    void ipv6ChecksWithoutSuchAnAddressSayWhatToDo() {
        PodContainer.Builder server = container("server", SERVE, Network.BRIDGE);
        server.getSpecBuilder().addPorts(web().setHostPort(false)).addHealthChecks(
                HealthCheck.newBuilder().setProtocol(HealthCheck.Protocol.TCP).setIpv6(true)
                        .setIntervalMs(300).setTimeoutMs(9000).setConsecutiveFailuresMax(1));
        master.launch(pod(server), id);
        Await.until("the check has failed", () -> master.last(id).getHealth().getExhausted());
        assertThat(master.last(id).getHealth().getLastFailure())
                .startsWith("the container has no IPv6 address");
    }

    @Test
    void anImageThatIsMissingNamesTheContainer() {
        PodContainer.Builder broken = container("broken", FOREVER, Network.BRIDGE);
        broken.getSpecBuilder().getContainerBuilder().setImage("");
        master.launch(pod(container("fine", FOREVER, Network.BRIDGE), broken), id);
        InstanceStatus error = master.await(id, Condition.ERROR);
        assertThat(error.getMessage()).startsWith("container broken: ").contains("no image");
        assertThat(conditions(error)).containsExactly(Condition.KILLED, Condition.ERROR);
    }
}
