package io.springtide.agent.runtime.docker;

import io.springtide.agent.runtime.CommandEnd;
import io.springtide.agent.runtime.Ending;
import io.springtide.agent.runtime.Task;
import io.springtide.api.agent.Container;
import io.springtide.api.agent.TaskSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Commands of health checks inside containers, against a real Docker daemon. */
@Tag("docker")
@ExtendWith(DockerAvailable.class)
class ContainerCommandIT {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final Heard heard = new Heard();
    private DockerFixture docker;
    private DockerRuntime runtime;

    @BeforeEach
    void begin(@TempDir Path folder) {
        docker = new DockerFixture(folder);
        runtime = docker.runtime();
    }

    @AfterEach
    void end() throws IOException {
        runtime.close();
        docker.close();
    }

    private Task running(TaskSpec.Builder spec) {
        Task task = docker.task(spec);
        runtime.launch(task, heard);
        heard.awaitRunning();
        return task;
    }

    @Test
    void commandsSeeTheContainersFilesAndEnvironment() throws InterruptedException {
        Task task = running(DockerFixture.spec("echo inside > /tmp/here; exec sleep 600"));
        Heard.until(() -> "the file is there", () -> {
            try {
                return runtime.command(task, "grep -q inside /tmp/here && test $GREETING = hello",
                        LONG).equals(new CommandEnd.Exited(0, ""));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(runtime.command(task, "(echo no; echo 'such   thing') >&2; exit 4", LONG))
                .isEqualTo(new CommandEnd.Exited(4, "no such thing"));
    }

    @Test
    void outputIsBounded() throws InterruptedException {
        Task task = running(DockerFixture.spec("exec sleep 600"));
        CommandEnd end = runtime.command(task, "yes | head -c 3000000; exit 1", LONG);
        assertThat(end).isInstanceOfSatisfying(CommandEnd.Exited.class, exited -> {
            assertThat(exited.code()).isEqualTo(1);
            assertThat(exited.output()).startsWith("y y").hasSizeLessThan(300);
        });
    }

    @Test
    void whatTakesTooLongIsEndedInTheContainerToo() throws InterruptedException {
        Task task = running(DockerFixture.spec("exec sleep 600"));
        long begunNs = System.nanoTime();
        assertThat(runtime.command(task, "sleep 987 & sleep 986", Duration.ofSeconds(1)))
                .isEqualTo(new CommandEnd.TimedOut());
        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begunNs)).isLessThan(20);
        Heard.until(() -> "neither it nor its child is left", () -> {
            try {
                return runtime.command(task, "! ps | grep -q '[s]leep 98'", LONG)
                        .equals(new CommandEnd.Exited(0, ""));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void whereNothingRunsTheReasonIsTold() throws InterruptedException {
        Task task = running(DockerFixture.spec("exit 0"));
        assertThat(heard.awaitEnd()).isEqualTo(new Ending.Exited(0, ""));
        assertThat(runtime.command(task, "true", LONG))
                .isInstanceOfSatisfying(CommandEnd.NotRun.class,
                        not -> assertThat(not.reason()).contains("is not running"));
        assertThat(runtime.command(docker.task(DockerFixture.spec("x")), "true", LONG))
                .isEqualTo(new CommandEnd.NotRun("the container is not there any more"));
    }

    @Test
    void theDefaultBridgeHasNoIpv6AndTheMachineHas() {
        Task bridged = running(DockerFixture.spec("exec sleep 600").setContainer(
                Container.newBuilder().setImage(DockerFixture.IMAGE)
                        .setNetwork(Container.Network.BRIDGE)));
        assertThat(runtime.ipv6Address(bridged)).isEmpty();
        assertThat(runtime.ipv6Address(docker.task(DockerFixture.spec("x")))).contains("::1");
    }
}
