package io.springtide.agent.runtime.docker;

import com.github.dockerjava.api.model.HostConfig;
import io.springtide.agent.runtime.Ending;
import io.springtide.agent.runtime.Task;
import io.springtide.agent.runtime.TaskListener;
import io.springtide.api.agent.Container;
import io.springtide.api.agent.Parameter;
import io.springtide.api.agent.PortSpec;
import io.springtide.api.agent.Resources;
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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What a container is given and how it ends, against a real Docker daemon. */
@Tag("docker")
@ExtendWith(DockerAvailable.class)
class DockerRuntimeIT {

    private static final Duration LONG = Duration.ofMinutes(5);

    private final Heard heard = new Heard();
    private Path folder;
    private DockerFixture docker;
    private DockerRuntime runtime;

    @BeforeEach
    void begin(@TempDir Path folder) {
        this.folder = folder;
        docker = new DockerFixture(folder);
        runtime = docker.runtime();
    }

    @AfterEach
    void end() throws IOException {
        runtime.close();
        docker.close();
    }

    private Task launched(TaskSpec.Builder spec, Integer... hostPorts) {
        Task task = docker.task(spec, hostPorts);
        runtime.launch(task, heard);
        return task;
    }

    @Test
    void tellsStartRunAndExitCodeInOrder() {
        assertThat(runtime.unavailable()).isEmpty();
        launched(DockerFixture.spec("exit 7"));
        assertThat(heard.awaitEnd()).isEqualTo(new Ending.Exited(7, ""));
        assertThat(heard.steps()).containsExactly("starting", "running", "ended");
    }

    @Test
    void launchingTwiceStartsOnceAndForgettingRemovesTheContainer() {
        Task task = launched(DockerFixture.spec("echo once"));
        Heard second = new Heard();
        runtime.launch(task, second);
        assertThat(heard.awaitEnd()).isEqualTo(new Ending.Exited(0, ""));
        DockerFixture.awaitOutput(task, "stdout", "once");
        assertThat(second.steps()).isEmpty();
        runtime.forget(task.instanceId());
        Heard.until(() -> "the container is gone", () -> !docker.exists(task));
        assertThat(DockerFixture.output(task, "stdout")).isEqualTo("once\n");
    }

    @Test
    void setsLimits() {
        Task task = launched(
                DockerFixture.spec("sleep 600").setCpusLimitMilli(500).setMemLimitMib(64));
        heard.awaitRunning();
        HostConfig host = docker.inspect(task).getHostConfig();
        assertThat(host.getCpuShares()).isEqualTo(102);
        assertThat(host.getCpuQuota()).isEqualTo(50_000);
        assertThat(host.getCpuPeriod()).isEqualTo(100_000);
        assertThat(host.getMemory()).isEqualTo(64L << 20);
        assertThat(host.getMemoryReservation()).isEqualTo(32L << 20);
        assertThat(host.getLogConfig().getConfig()).containsEntry("max-file", "2")
                .containsKey("max-size");
    }

    @Test
    void withoutLimitsMemoryIsWhatWasAskedForAndProcessorsAreShared() {
        Task task = launched(DockerFixture.spec("sleep 600"));
        heard.awaitRunning();
        HostConfig host = docker.inspect(task).getHostConfig();
        assertThat(host.getMemory()).isEqualTo(32L << 20);
        assertThat(host.getCpuQuota()).isEqualTo(0);
    }

    @Test
    void passesEnvironmentLabelsAndSandbox() {
        Task task = launched(DockerFixture
                .spec("echo $GREETING $MESOS_SANDBOX; echo kept > $MESOS_SANDBOX/made; echo oops >&2")
                .putLabels("team", "payments")
                .putLabels(Mark.LABEL_INSTANCE, "forged"));
        assertThat(heard.awaitEnd()).isEqualTo(new Ending.Exited(0, ""));
        DockerFixture.awaitOutput(task, "stdout", "hello /mnt/mesos/sandbox\n");
        DockerFixture.awaitOutput(task, "stderr", "oops\n");
        assertThat(task.sandbox().resolve("made")).hasContent("kept");
        assertThat(docker.inspect(task).getConfig().getLabels()).containsEntry("team", "payments")
                .containsEntry("MESOS_TASK_ID", task.taskId())
                .containsEntry(Mark.LABEL_OWNER, docker.cluster())
                .containsEntry(Mark.LABEL_INSTANCE,
                        Long.toHexString(task.instanceId()));
    }

    @Test
    void runsArgumentsWithoutAShell() {
        Task task = launched(DockerFixture.spec("").addArgs("echo").addArgs("$GREETING"));
        assertThat(heard.awaitEnd()).isEqualTo(new Ending.Exited(0, ""));
        DockerFixture.awaitOutput(task, "stdout", "$GREETING\n");
    }

    @Test
    void runsTheImagesOwnCommandWhereNoneIsGiven() {
        launched(DockerFixture.spec(""));
        // A shell without input ends at once.
        assertThat(heard.awaitEnd()).isEqualTo(new Ending.Exited(0, ""));
    }

    @Test
    void runsAsTheUserWhoMayWriteIntoTheSandbox() {
        Task task = launched(
                DockerFixture.spec("id -u; echo mine > /mnt/mesos/sandbox/mine").setUser("nobody"));
        assertThat(heard.awaitEnd()).isEqualTo(new Ending.Exited(0, ""));
        DockerFixture.awaitOutput(task, "stdout", "65534\n");
        assertThat(task.sandbox().resolve("mine")).hasContent("mine");
    }

    @Test
    void mapsPortsOnTheBridge() throws Exception {
        int port = freePort();
        TaskSpec.Builder spec = DockerFixture.spec("httpd -f -p 8080 -h /www").addPorts(
                PortSpec.newBuilder().setContainerPort(9).setTcp(true)).addPorts(
                        PortSpec.newBuilder().setContainerPort(8080).setHostPort(true).setTcp(true)
                                .setUdp(true));
        spec.getContainerBuilder().setNetwork(Container.Network.BRIDGE);
        Task task = launched(spec, port);
        String address = heard.awaitRunning();
        assertThat(address).matches("\\d+\\.\\d+\\.\\d+\\.\\d+");
        assertThat(answer("http://127.0.0.1:" + port + "/")).contains("hello from springtide");
        assertThat(answer("http://" + address + ":8080/")).contains("hello from springtide");
        assertThat(docker.inspect(task).getHostConfig().getPortBindings().getBindings().keySet())
                .extracting(Object::toString).containsExactlyInAnyOrder("8080/tcp", "8080/udp");
    }

    @Test
    void containerPortZeroIsTheHostPort() throws Exception {
        int port = freePort();
        TaskSpec.Builder spec = DockerFixture.spec("httpd -f -p $PORT0 -h /www")
                .addPorts(PortSpec.newBuilder().setHostPort(true).setTcp(true));
        spec.getContainerBuilder().setNetwork(Container.Network.BRIDGE);
        Task task = docker.task(spec, Map.of("PORT0", "" + port), port);
        runtime.launch(task, heard);
        heard.awaitRunning();
        assertThat(answer("http://127.0.0.1:" + port + "/")).contains("hello from springtide");
    }

    @Test
    void sharesTheMachinesNetwork() throws Exception {
        int port = freePort();
        launched(DockerFixture.spec("httpd -f -p 127.0.0.1:" + port + " -h /www"));
        assertThat(heard.awaitRunning()).isEmpty();
        assertThat(answer("http://127.0.0.1:" + port + "/")).contains("hello from springtide");
    }

    @Test
    void joinsANamedNetworkAndSaysWhenItIsMissing() {
        String network = "springtide-it-" + docker.cluster();
        TaskSpec.Builder spec = DockerFixture.spec("sleep 600");
        spec.getContainerBuilder().setNetwork(Container.Network.NAMED).setNetworkName(network);
        launched(spec);
        assertThat(heard.awaitEnd()).isInstanceOfSatisfying(Ending.NotStarted.class,
                ending -> assertThat(ending.message()).contains(network)
                        .contains("docker network create"));
        String networkId = docker.eyes().createNetworkCmd().withName(network).exec().getId();
        try {
            Heard second = new Heard();
            Task task = docker.task(spec);
            runtime.launch(task, second);
            assertThat(second.awaitRunning()).isNotEmpty();
            runtime.kill(task.instanceId(), Duration.ZERO);
            second.awaitEnd();
        } finally {
            docker.eyes().removeNetworkCmd(networkId).exec();
        }
    }

    @Test
    void mountsVolumes() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(data.resolve("given"), "given");
        TaskSpec.Builder spec = DockerFixture
                .spec("cat /ro/given; echo x > /ro/x; echo y > /rw/y; echo z > /rel/z");
        spec.getContainerBuilder()
                .addVolumes(Volume.newBuilder().setContainerPath("/ro").setHostPath(data.toString())
                        .setReadOnly(true))
                .addVolumes(
                        Volume.newBuilder().setContainerPath("/rw").setHostPath(data.toString()))
                .addVolumes(Volume.newBuilder().setContainerPath("/rel").setHostPath("state/deep"));
        Task task = launched(spec);
        assertThat(heard.awaitEnd()).isEqualTo(new Ending.Exited(0, ""));
        DockerFixture.awaitOutput(task, "stdout", "given");
        DockerFixture.awaitOutput(task, "stderr", "Read-only file system");
        assertThat(data.resolve("x")).doesNotExist();
        assertThat(data.resolve("y")).hasContent("y");
        assertThat(task.sandbox().resolve("state/deep/z")).hasContent("z");
    }

    @Test
    void refusesAVolumeThatLeavesTheSandbox() {
        TaskSpec.Builder spec = DockerFixture.spec("true");
        spec.getContainerBuilder()
                .addVolumes(Volume.newBuilder().setContainerPath("/out").setHostPath("../../out"));
        launched(spec);
        assertThat(heard.awaitEnd()).isInstanceOfSatisfying(Ending.NotStarted.class,
                ending -> assertThat(ending.message()).contains("../../out").contains("sandbox"));
    }

    @Test
    void takesDockerRunOptions() {
        TaskSpec.Builder spec = DockerFixture.spec("hostname; ulimit -n; cat /etc/hosts; pwd");
        Map<String, String> options = Map.of("hostname", "till", "ulimit", "nofile=100:200",
                "add-host",
                "ledger:10.1.2.3", "workdir", "/www", "cap-drop", "net_raw", "shm-size", "8m",
                "init", "true",
                "tmpfs", "/scratch:size=1m");
        options.forEach((key, value) -> spec.getContainerBuilder()
                .addParameters(Parameter.newBuilder().setKey(key).setValue(value)));
        spec.getContainerBuilder().setNetwork(Container.Network.BRIDGE);
        Task task = launched(spec);
        assertThat(heard.awaitEnd()).isEqualTo(new Ending.Exited(0, ""));
        assertThat(DockerFixture.awaitOutput(task, "stdout", "/www\n")).startsWith("till\n100\n")
                .contains("10.1.2.3\tledger");
        HostConfig host = docker.inspect(task).getHostConfig();
        assertThat(host.getShmSize()).isEqualTo(8L << 20);
        assertThat(host.getInit()).isTrue();
    }

    @Test
    void saysWhenTheImageIsMissing() {
        TaskSpec.Builder spec = DockerFixture.spec("true");
        spec.getContainerBuilder().setImage("127.0.0.1:1/no/such:image");
        Task task = launched(spec);
        assertThat(heard.awaitEnd()).isInstanceOfSatisfying(Ending.NotStarted.class,
                ending -> assertThat(
                        ending.message())
                        .contains("the image 127.0.0.1:1/no/such:image could not be fetched")
                        .contains("registry"));
        assertThat(docker.exists(task)).isFalse();
        assertThat(heard.steps()).containsExactly("ended");
    }

    @Test
    void forcedPullFailsThoughTheImageIsHere() {
        String image = "127.0.0.1:1/springtide/busybox:test";
        docker.eyes().tagImageCmd(DockerFixture.IMAGE, "127.0.0.1:1/springtide/busybox", "test")
                .exec();
        try {
            TaskSpec.Builder spec = DockerFixture.spec("true");
            spec.getContainerBuilder().setImage(image);
            launched(spec);
            assertThat(heard.awaitEnd()).isEqualTo(new Ending.Exited(0, ""));
            spec.getContainerBuilder().setForcePull(true);
            Heard forced = new Heard();
            runtime.launch(docker.task(spec), forced);
            assertThat(forced.awaitEnd()).isInstanceOfSatisfying(Ending.NotStarted.class,
                    ending -> assertThat(ending.message()).contains(image)
                            .contains("could not be fetched"));
        } finally {
            docker.eyes().removeImageCmd(image).withForce(true).exec();
        }
    }

    @Test
    void saysWhenTheCommandIsNotInTheImage() {
        Task task = launched(DockerFixture.spec("").addArgs("no-such-program"));
        assertThat(heard.awaitEnd()).isInstanceOfSatisfying(Ending.NotStarted.class,
                ending -> assertThat(ending.message()).contains("no-such-program")
                        .contains("check cmd"));
        Heard.until(() -> "nothing is left", () -> !docker.exists(task));
    }

    @Test
    void saysWhenAPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            TaskSpec.Builder spec = DockerFixture.spec("sleep 600").addPorts(
                    PortSpec.newBuilder().setContainerPort(80).setHostPort(true).setTcp(true));
            spec.getContainerBuilder().setNetwork(Container.Network.BRIDGE);
            Task task = launched(spec, taken.getLocalPort());
            assertThat(heard.awaitEnd()).isInstanceOfSatisfying(Ending.NotStarted.class,
                    ending -> assertThat(ending.message()).contains("host port").contains("taken"));
            Heard.until(() -> "nothing is left", () -> !docker.exists(task));
        }
    }

    @Test
    void aForeignContainerOfTheSameNameIsLeftAlone() {
        Task task = docker.task(DockerFixture.spec("true"));
        String foreign = docker.eyes().createContainerCmd(DockerFixture.IMAGE)
                .withName(task.taskId()).exec().getId();
        try {
            runtime.launch(task, heard);
            assertThat(heard.awaitEnd()).isInstanceOfSatisfying(Ending.NotStarted.class,
                    ending -> assertThat(ending.message()).contains("not this cluster's"));
            assertThat(docker.inspect(task).getId()).isEqualTo(foreign);
        } finally {
            docker.eyes().removeContainerCmd(foreign).withForce(true).exec();
        }
    }

    @Test
    void killGivesTimeToEnd() {
        Task task = launched(DockerFixture
                .spec("trap 'echo bye; exit 3' TERM; echo up; while :; do sleep 0.1; done"));
        heard.awaitRunning();
        DockerFixture.awaitOutput(task, "stdout", "up");
        runtime.kill(task.instanceId(), LONG);
        assertThat(heard.awaitEnd()).isEqualTo(new Ending.Exited(3, ""));
        DockerFixture.awaitOutput(task, "stdout", "up\nbye\n");
    }

    @Test
    void killForcesTheEndWhenTheGraceIsOver() {
        Task task = launched(
                DockerFixture.spec("trap '' TERM; echo up; while :; do sleep 0.1; done"));
        heard.awaitRunning();
        DockerFixture.awaitOutput(task, "stdout", "up");
        // Repeating it shortens the grace.
        runtime.kill(task.instanceId(), LONG);
        runtime.kill(task.instanceId(), Duration.ofMillis(300));
        assertThat(heard.awaitEnd())
                .isEqualTo(new Ending.Exited(137, "ended by signal 9 (SIGKILL)"));
    }

    @Test
    void aKillDuringTheLaunchEndsIt() {
        Task task = launched(DockerFixture.spec("sleep 600"));
        runtime.kill(task.instanceId(), Duration.ZERO);
        assertThat(heard.awaitEnd()).isInstanceOf(Ending.Exited.class);
        Heard.until(() -> "nothing runs", () -> !docker.runs(task));
    }

    @Test
    void saysThatMemoryRanOut() {
        launched(DockerFixture.spec("tail /dev/zero")
                .setResources(Resources.newBuilder().setMemMib(16)));
        assertThat(heard.awaitEnd())
                .isEqualTo(new Ending.Exited(137, "memory limit of 16 MiB exceeded"));
    }

    @Test
    void reportsUsage() {
        Task task = launched(DockerFixture.spec("while :; do :; done"));
        heard.awaitRunning();
        Heard.until(() -> "usage is seen: " + runtime.usage(),
                () -> runtime.usage().stream().anyMatch(
                        use -> use.instanceId() == task.instanceId() && use.cpusMilli() > 0
                                && use.memBytes() > 0));
    }

    @Test
    void saysWhereADaemonIsMissing() {
        DockerSettings nowhere = DockerSettings
                .at(URI.create("unix://" + folder.resolve("no.sock")));
        try (DockerRuntime lonely = docker.runtime(nowhere)) {
            assertThat(lonely.unavailable()).hasValueSatisfying(
                    why -> assertThat(why).contains("no.sock").contains("start Docker"));
            lonely.launch(docker.task(DockerFixture.spec("true")), heard);
            assertThat(heard.awaitEnd()).isInstanceOfSatisfying(Ending.NotStarted.class,
                    ending -> assertThat(ending.message()).contains("no.sock")
                            .contains("start Docker"));
        }
    }

    // ------------------------------------------------------------ another life of the agent

    private Optional<Ending> adopt(Task task, TaskListener listener) {
        runtime = docker.runtime();
        runtime.adopt(task, listener);
        return heard.ending();
    }

    @Test
    void adoptsWhatRunsAndGoesOnWithItsOutput() throws IOException {
        Task task = launched(DockerFixture
                .spec("i=0; while [ ! -e /mnt/mesos/sandbox/stop ]; do echo line $i; "
                        + "i=$((i+1)); sleep 0.02; done; exit 5"));
        heard.awaitRunning();
        DockerFixture.awaitOutput(task, "stdout", "line 20\n");
        runtime.close();
        String before = DockerFixture.output(task, "stdout");
        Heard again = new Heard();
        assertThat(adopt(task, again)).isEmpty();
        again.awaitRunning();
        Heard.until(() -> "more output comes",
                () -> DockerFixture.output(task, "stdout").length() > before.length() + 200);
        Files.createFile(task.sandbox().resolve("stop"));
        assertThat(again.awaitEnd()).isEqualTo(new Ending.Exited(5, ""));
        List<String> lines = DockerFixture.output(task, "stdout").lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i)).isEqualTo("line " + i);
        }
    }

    @Test
    void adoptsWhatEndedMeanwhileWithItsCodeAndOutput() throws IOException {
        Task task = launched(
                DockerFixture.spec(
                        "until [ -e /mnt/mesos/sandbox/stop ]; do sleep 0.1; done; echo late; exit 9"));
        heard.awaitRunning();
        runtime.close();
        Files.createFile(task.sandbox().resolve("stop"));
        Heard.until(() -> "it has ended",
                () -> "exited".equals(docker.inspect(task).getState().getStatus()));
        Heard again = new Heard();
        adopt(task, again);
        assertThat(again.awaitEnd()).isEqualTo(new Ending.Exited(9, ""));
        assertThat(heard.ending()).isEmpty();
        DockerFixture.awaitOutput(task, "stdout", "late\n");
    }

    @Test
    void whatHasNoTraceIsGone() {
        Task task = docker.task(DockerFixture.spec("true"));
        runtime.adopt(task, heard);
        assertThat(heard.awaitEnd()).isInstanceOf(Ending.Gone.class);
    }

    @Test
    void aRemovedContainerIsNoticed() {
        Task task = launched(DockerFixture.spec("sleep 600"));
        heard.awaitRunning();
        docker.eyes().removeContainerCmd(task.taskId()).withForce(true).exec();
        assertThat(heard.awaitEnd()).isInstanceOfAny(Ending.Gone.class, Ending.Exited.class);
    }

    @Test
    void launchingAgainInAnotherLifeTakesUpTheSameContainer() {
        Task task = launched(DockerFixture.spec("sleep 600"));
        heard.awaitRunning();
        String container = docker.inspect(task).getId();
        runtime.close();
        runtime = docker.runtime();
        Heard again = new Heard();
        runtime.launch(task, again);
        again.awaitRunning();
        assertThat(docker.inspect(task).getId()).isEqualTo(container);
    }

    // ------------------------------------------------------------ tools

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static String answer(String uri) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(uri)).timeout(Duration.ofSeconds(5))
                .build();
        for (int attempt = 0;; attempt++) {
            try (HttpClient client = HttpClient.newHttpClient()) {
                return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
            } catch (IOException e) {
                if (attempt == 100) {
                    throw new AssertionError(uri + " never answered", e);
                }
                java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
            }
        }
    }
}
