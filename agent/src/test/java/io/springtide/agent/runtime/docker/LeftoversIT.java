package io.springtide.agent.runtime.docker;

import io.springtide.agent.runtime.Ending;
import io.springtide.agent.runtime.Leftover;
import io.springtide.agent.runtime.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Containers that an agent finds after it has lost its notes, and those that are not its own. */
@Tag("docker")
@ExtendWith(DockerAvailable.class)
class LeftoversIT {

    private static final String FOREVER = "trap 'exit 0' TERM; while true; do sleep 0.1; done";

    private DockerFixture docker;
    private Path folder;
    private Task task;

    @BeforeEach
    void begin(@TempDir Path temporary) throws IOException {
        folder = temporary;
        docker = new DockerFixture(folder);
        task = docker.task(DockerFixture.spec(FOREVER));
        try (DockerRuntime before = docker.runtime()) {
            Heard heard = new Heard();
            before.launch(task, heard);
            heard.awaitRunning();
            assertThat(before.leftovers()).isEmpty();
        }
    }

    @AfterEach
    void end() throws IOException {
        docker.close();
    }

    private Leftover leftover() {
        return new Leftover(docker.cluster(), task.instanceId());
    }

    @Test
    void everyContainerNamesItsClusterAgentAndInstance() {
        assertThat(docker.inspect(task).getConfig().getLabels())
                .containsEntry(Mark.LABEL_CLUSTER, docker.cluster())
                .containsEntry(Mark.LABEL_AGENT, "it")
                .containsEntry(Mark.LABEL_INSTANCE, Long.toHexString(task.instanceId()))
                .containsEntry(Mark.LABEL_TASK, task.taskId());
    }

    @Test
    void whatIsFoundIsTakenUpWithoutARestart() {
        String id = docker.inspect(task).getId();
        try (DockerRuntime wiped = docker.runtime()) {
            assertThat(wiped.leftovers()).containsExactly(leftover());
            Heard heard = new Heard();
            wiped.adopt(task, heard);
            heard.awaitRunning();
            wiped.endLeftover(leftover());
            wiped.kill(task.instanceId(), java.time.Duration.ofSeconds(5));
            assertThat(heard.awaitEnd()).isEqualTo(new Ending.Exited(0, ""));
            assertThat(docker.inspect(task).getId()).isEqualTo(id);
        }
    }

    @Test
    void whatNobodyWantsIsEndedAndRemoved() {
        try (DockerRuntime wiped = docker.runtime()) {
            wiped.endLeftover(new Leftover("0123456789abcdef", task.instanceId()));
            wiped.endLeftover(new Leftover(docker.cluster(), task.instanceId() + 1));
            wiped.endLeftover(leftover());
            Heard.until(() -> "it is removed", () -> !docker.exists(task));
        }
    }

    @Test
    void ofOtherAgentsNothingIsTouched() {
        try (DockerRuntime renamed = new DockerRuntime(folder, docker.cluster(), "another");
                DockerRuntime elsewhere = new DockerRuntime(folder, docker.cluster() + "-elsewhere",
                        "it")) {
            for (DockerRuntime stranger : List.of(renamed, elsewhere)) {
                assertThat(stranger.leftovers()).isEmpty();
                stranger.endLeftover(leftover());
                // Behind the order to end, on the same threads: what it did is done.
                Task last = docker.task(DockerFixture.spec("exit 0"));
                Heard heard = new Heard();
                stranger.launch(last, heard);
                heard.awaitEnd();
                stranger.forget(last.instanceId());
                Heard.until(() -> "it is removed", () -> !docker.exists(last));
            }
        }
        assertThat(docker.runs(task)).isTrue();
    }
}
