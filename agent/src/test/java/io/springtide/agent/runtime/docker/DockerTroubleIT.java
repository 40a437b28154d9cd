package io.springtide.agent.runtime.docker;

import io.springtide.agent.runtime.Ending;
import io.springtide.agent.runtime.Task;
import io.springtide.api.agent.Artifact;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A daemon that goes away and comes back, and more than a few containers. */
@Tag("docker")
@ExtendWith(DockerAvailable.class)
class DockerTroubleIT {

    private DockerFixture docker;
    private SocketProxy proxy;
    private DockerSettings settings;

    @BeforeEach
    void begin(@TempDir Path folder) throws IOException {
        docker = new DockerFixture(folder);
        proxy = new SocketProxy(folder.resolve("proxy.sock"),
                Path.of(DockerSettings.fromEnvironment(System.getenv()).host().getPath()));
        settings = DockerSettings.at(URI.create("unix://" + proxy.socket()));
    }

    @AfterEach
    void end() throws IOException {
        proxy.close();
        docker.close();
    }

    /**
     * Goal: an end that fell into a time without a connection is not missed, nor is the output.
     * Method: cut all connections, let one container end and another go on, heal.
     */
    @Test
    void catchesUpAfterTheConnectionWasCut() throws IOException {
        try (DockerRuntime runtime = docker.runtime(settings)) {
            Heard ending = new Heard();
            Heard staying = new Heard();
            String command = "until [ -e /mnt/mesos/sandbox/stop ]; do sleep 0.1; done; echo stopped; exit 4";
            Task ends = docker.task(DockerFixture.spec(command));
            Task stays = docker.task(DockerFixture.spec(command));
            runtime.launch(ends, ending);
            runtime.launch(stays, staying);
            ending.awaitRunning();
            staying.awaitRunning();

            proxy.cut();
            Files.createFile(ends.sandbox().resolve("stop"));
            Heard.until(() -> "it has ended",
                    () -> "exited".equals(docker.inspect(ends).getState().getStatus()));
            Heard.until(() -> "the loss is seen", () -> runtime.unavailable().isPresent());
            assertThat(ending.ending()).isEmpty();
            proxy.heal();

            assertThat(ending.awaitEnd()).isEqualTo(new Ending.Exited(4, ""));
            assertThat(ending.steps()).endsWith("overlooked", "ended");
            DockerFixture.awaitOutput(ends, "stdout", "stopped\n");
            Heard.until(() -> "all is well", () -> runtime.unavailable().isEmpty());
            assertThat(staying.ending()).isEmpty();
            Files.createFile(stays.sandbox().resolve("stop"));
            assertThat(staying.awaitEnd()).isEqualTo(new Ending.Exited(4, ""));
            DockerFixture.awaitOutput(stays, "stdout", "stopped\n");
        }
    }

    /** The daemon may close a stream without the lines that came while it was being opened. */
    @Test
    void theOutputOfATaskThatEndsAtOnceIsRead() throws IOException {
        CompletableFuture<Void> release = proxy.holdFirstLogs();
        try (DockerRuntime runtime = docker.runtime(settings)) {
            Heard heard = new Heard();
            Task task = docker.task(DockerFixture.spec("echo quick"));
            runtime.launch(task, heard);
            assertThat(heard.awaitEnd()).isEqualTo(new Ending.Exited(0, ""));
            runtime.forget(task.instanceId());
            release.complete(null);
            Heard.until(() -> "it is removed", () -> !docker.exists(task));
            assertThat(DockerFixture.output(task, "stdout")).isEqualTo("quick\n");
        } finally {
            release.complete(null);
        }
    }

    @Test
    void aKillDuringACutIsCarriedOutLater() throws IOException {
        try (DockerRuntime runtime = docker.runtime(settings)) {
            Heard heard = new Heard();
            Task task = docker.task(DockerFixture.spec("sleep 600"));
            runtime.launch(task, heard);
            heard.awaitRunning();
            proxy.cut();
            runtime.kill(task.instanceId(), Duration.ZERO);
            Heard.until(() -> "the loss is seen", () -> runtime.unavailable().isPresent());
            assertThat(docker.inspect(task).getState().getRunning()).isTrue();
            proxy.heal();
            assertThat(heard.awaitEnd()).isInstanceOf(Ending.Exited.class);
        }
    }

    @Test
    void adoptionWaitsForTheDaemon() throws IOException {
        Task task = docker.task(DockerFixture.spec("sleep 600"));
        try (DockerRuntime runtime = docker.runtime(settings)) {
            Heard heard = new Heard();
            runtime.launch(task, heard);
            heard.awaitRunning();
        }
        proxy.cut();
        try (DockerRuntime runtime = docker.runtime(settings)) {
            Heard heard = new Heard();
            runtime.adopt(task, heard);
            assertThat(runtime.unavailable()).isPresent();
            assertThat(heard.steps()).isEmpty();
            proxy.heal();
            heard.awaitRunning();
        }
    }

    /** A container that was made but not started, as after kill -9 of the agent in between. */
    @Test
    void adoptionStartsWhatWasOnlyMade() throws IOException {
        Task task = docker.task(DockerFixture.spec("exit 6"));
        try (var create = docker.eyes().createContainerCmd(DockerFixture.IMAGE)) {
            ContainerRequest.write(task, new Mark(docker.cluster(), "it"), create);
            create.exec();
        }
        try (DockerRuntime runtime = docker.runtime(settings)) {
            Heard heard = new Heard();
            runtime.adopt(task, heard);
            assertThat(heard.awaitEnd()).isEqualTo(new Ending.Exited(6, ""));
        }
    }

    @Test
    void manyContainersShareAFewThreads() throws IOException {
        int count = 24;
        List<Task> tasks = new ArrayList<>();
        List<Heard> first = new ArrayList<>();
        try (DockerRuntime runtime = docker.runtime(settings)) {
            for (int i = 0; i < count; i++) {
                Task task = docker
                        .task(DockerFixture.spec("echo number " + i + "; exec sleep 600"));
                Heard heard = new Heard();
                runtime.launch(task, heard);
                tasks.add(task);
                first.add(heard);
            }
            first.forEach(Heard::awaitRunning);
            for (int i = 0; i < count; i++) {
                DockerFixture.awaitOutput(tasks.get(i), "stdout", "number " + i + "\n");
            }
            assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
                    .filteredOn(name -> name.startsWith("docker-")).hasSizeLessThan(16);
        }
        try (DockerRuntime runtime = docker.runtime(settings)) {
            List<Heard> second = new ArrayList<>();
            for (Task task : tasks) {
                Heard heard = new Heard();
                runtime.adopt(task, heard);
                second.add(heard);
            }
            second.forEach(Heard::awaitRunning);
            for (Task task : tasks) {
                runtime.kill(task.instanceId(), Duration.ZERO);
            }
            second.forEach(Heard::awaitEnd);
            for (Task task : tasks) {
                runtime.forget(task.instanceId());
            }
            Heard.until(() -> "all are removed", () -> tasks.stream().noneMatch(docker::exists));
        }
        for (int i = 0; i < count; i++) {
            assertThat(DockerFixture.output(tasks.get(i), "stdout"))
                    .isEqualTo("number " + i + "\n");
        }
    }

    @Test
    void rotatesOutput() throws IOException {
        Path sandbox;
        try (DockerRuntime runtime = docker.runtime(settings.withLogs(4096, 2))) {
            Heard heard = new Heard();
            Task task = docker.task(DockerFixture.spec("seq 1 6000; sleep 1; echo end"));
            sandbox = task.sandbox();
            runtime.launch(task, heard);
            heard.awaitEnd();
            DockerFixture.awaitOutput(task, "stdout", "end\n");
        }
        assertThat(sandbox.resolve("stdout")).exists();
        for (String file : List.of("stdout", "stdout.1", "stdout.2")) {
            assertThat(Files.size(sandbox.resolve(file))).isBetween(1L, 4096L);
        }
        assertThat(sandbox.resolve("stdout.3")).doesNotExist();
    }

    @Test
    void artifactsAreThereBeforeTheContainerIs() throws IOException {
        var spec = DockerFixture.spec("cat $MESOS_SANDBOX/config")
                .addArtifacts(Artifact.newBuilder().setUri("file:///some/config"));
        SandboxPreparation fetch = (task, cancelled) -> {
            try {
                Files.writeString(task.sandbox().resolve("config"),
                        "fetched " + task.spec().getArtifacts(0).getUri());
                return Optional.empty();
            } catch (IOException e) {
                return Optional.of(e.toString());
            }
        };
        try (DockerRuntime runtime = docker.runtime(settings, fetch)) {
            Heard heard = new Heard();
            Task task = docker.task(spec);
            runtime.launch(task, heard);
            assertThat(heard.awaitEnd()).isEqualTo(new Ending.Exited(0, ""));
            DockerFixture.awaitOutput(task, "stdout", "fetched file:///some/config");
        }
        try (DockerRuntime runtime = docker.runtime(settings)) {
            Heard heard = new Heard();
            runtime.launch(docker.task(spec), heard);
            assertThat(heard.awaitEnd()).isInstanceOf(Ending.NotStarted.class);
        }
    }

    /** The sandbox belongs to the container: what it lays there must not lead the agent elsewhere. */
    @Test
    void outputNeverFollowsALink(@TempDir Path elsewhere) throws IOException {
        Path victim = Files.writeString(elsewhere.resolve("victim"), "untouched");
        try (DockerRuntime runtime = docker.runtime(settings)) {
            Heard heard = new Heard();
            Task task = docker.task(DockerFixture.spec("echo overwritten"));
            Files.createDirectories(task.sandbox());
            Files.createSymbolicLink(task.sandbox().resolve("stdout"), victim);
            runtime.launch(task, heard);
            assertThat(heard.awaitEnd()).isEqualTo(new Ending.Exited(0, ""));
            runtime.forget(task.instanceId());
            Heard.until(() -> "it is removed", () -> !docker.exists(task));
        }
        assertThat(victim).hasContent("untouched");
    }
}
