package io.springtide.agent.sandbox;

import io.springtide.api.agent.FileChunk;
import io.springtide.api.agent.ReadFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class SandboxesTest {

    @TempDir
    Path folder = Path.of("");

    private Sandboxes sandboxes = new Sandboxes(Path.of("target"), Set.of(), 1);

    @BeforeEach
    void begin() {
        sandboxes = new Sandboxes(folder, Set.of(), 1);
    }

    private FileChunk read(String file) {
        return sandboxes.read(
                ReadFile.newBuilder().setInstanceId(1).setFile(file).setSize(100).build());
    }

    @Test
    void theLogsOfAPodAreThoseOfItsFirstContainerAndOfEachByItsName() throws IOException {
        Path pod = sandboxes.of(1, "pod");
        PodFolder.makeContainer(pod, "web", true);
        PodFolder.makeContainer(pod, "db", false);
        Files.writeString(PodFolder.container(pod, "web").resolve("stdout"), "of web");
        Files.writeString(PodFolder.container(pod, "db").resolve("stdout"), "of db");
        Files.writeString(PodFolder.container(pod, "db").resolve("stderr"), "oops");
        Files.writeString(pod.resolve("secret"), "no");
        assertThat(read("stdout").getData().toStringUtf8()).isEqualTo("of web");
        assertThat(read("containers/web/stdout").getData().toStringUtf8()).isEqualTo("of web");
        assertThat(read("containers/db/stdout").getData().toStringUtf8()).isEqualTo("of db");
        assertThat(read("containers/db/stderr").getData().toStringUtf8()).isEqualTo("oops");
        for (String wrong : List.of("secret", "containers/../secret", "containers/.first/stdout",
                "containers/web/secret", "containers/web/../../secret", "")) {
            assertThat(read(wrong).getError()).as(wrong)
                    .contains("only stdout and stderr can be read");
        }
        assertThat(read("containers/nobody/stdout").getError()).contains("not on the agent");
    }

    @Test
    void theLogsOfAnAppAreItsOwn() throws IOException {
        Path app = Files.createDirectories(sandboxes.of(1, "app"));
        Files.writeString(app.resolve("stdout"), "of the app");
        assertThat(read("stdout").getData().toStringUtf8()).isEqualTo("of the app");
    }
}
