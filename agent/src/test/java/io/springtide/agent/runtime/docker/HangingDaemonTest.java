package io.springtide.agent.runtime.docker;

import io.springtide.agent.runtime.Ending;
import io.springtide.agent.runtime.Task;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A daemon that takes connections and says nothing. */
class HangingDaemonTest {

    @Test
    void isToldAndHoldsNobodyUp(@TempDir Path folder) throws IOException {
        try (SocketProxy proxy = new SocketProxy(folder.resolve("proxy.sock"),
                folder.resolve("none"))) {
            proxy.hang();
            DockerSettings settings = DockerSettings.at(URI.create("unix://" + proxy.socket()))
                    .withCallTimeout(Duration.ofSeconds(1));
            try (DockerRuntime runtime = new DockerRuntime(folder, "hanging", "it", settings)) {
                assertThat(runtime.unavailable())
                        .hasValueSatisfying(
                                why -> assertThat(why).contains("has not answered for 3 s"));
                Heard launched = new Heard();
                runtime.launch(
                        new Task(1, "it.hanging.1", DockerFixture.spec("true").build(), List.of(),
                                Map.of(), folder),
                        launched);
                Heard adopted = new Heard();
                runtime.adopt(
                        new Task(2, "it.hanging.2", DockerFixture.spec("true").build(), List.of(),
                                Map.of(), folder),
                        adopted);
                runtime.kill(2, Duration.ZERO);
                assertThat(runtime.usage()).isEmpty();
                assertThat(launched.awaitEnd()).isInstanceOfSatisfying(Ending.NotStarted.class,
                        ending -> assertThat(ending.message())
                                .contains("has not answered for 1 s"));
                // Nobody knows how it stands, so nobody says that it is gone.
                assertThat(adopted.steps()).isEmpty();
            }
        }
    }
}
