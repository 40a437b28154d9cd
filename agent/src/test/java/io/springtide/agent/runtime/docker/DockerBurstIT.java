package io.springtide.agent.runtime.docker;

import io.springtide.agent.runtime.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goal: what containers write in a burst of starts is copied, all of it and once. Method: more containers than are
 * started at once, of which every other ends as soon as it has written. When it is copied is for
 * {@link OutputQueueTest}.
 */
@Tag("docker")
@ExtendWith(DockerAvailable.class)
class DockerBurstIT {

    private static final int CONTAINERS = 24;

    @Test
    void theOutputOfABurstIsCopiedOnce(@TempDir Path folder) throws IOException {
        try (DockerFixture docker = new DockerFixture(folder);
                DockerRuntime runtime = docker.runtime()) {
            List<Task> tasks = new ArrayList<>();
            for (int i = 0; i < CONTAINERS; i++) {
                tasks.add(docker.task(DockerFixture
                        .spec("echo out-" + i + (i % 2 == 0 ? "" : "; exec sleep 600"))));
            }
            tasks.forEach(task -> runtime.launch(task, new Heard()));
            for (int i = 0; i < CONTAINERS; i++) {
                DockerFixture.awaitOutput(tasks.get(i), "stdout", "out-" + i + "\n");
            }
            for (int i = 0; i < CONTAINERS; i++) {
                assertThat(DockerFixture.output(tasks.get(i), "stdout"))
                        .isEqualTo("out-" + i + "\n");
            }
        }
    }
}
