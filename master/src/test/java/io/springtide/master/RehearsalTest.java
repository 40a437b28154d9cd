package io.springtide.master;

import io.springtide.master.config.HostPort;
import io.springtide.master.config.MasterConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RehearsalTest {

    @Test
    void aStandbyLeadsAClusterOfNobodyAndLeavesNothingBehind() throws IOException {
        List<Path> before = folders();
        MasterConfig config = new MasterConfig(new HostPort("127.0.0.1", 1),
                new HostPort("127.0.0.1", 2), "zk://127.0.0.1:3/nowhere", false,
                Duration.ofSeconds(5), Duration.ofMinutes(5));
        AtomicBoolean ownState = new AtomicBoolean();
        assertThat(Rehearsal.run(config, () -> ownState.set(true))).isTrue();
        assertThat(ownState).isTrue();
        assertThat(folders()).containsExactlyInAnyOrderElementsOf(before);
    }

    private static List<Path> folders() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(
                    file -> file.getFileName().toString().startsWith("springtide-rehearsal"))
                    .toList();
        }
    }
}
