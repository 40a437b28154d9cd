package io.springtide.agent.runtime.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What is written to the freezer of version 2, without a kernel behind it. */
class CgroupsTest {

    @TempDir
    Path group = Path.of("");

    private boolean become(boolean frozen, String wantedBefore, String seen) throws IOException {
        Files.writeString(group.resolve("cgroup.freeze"), wantedBefore + "\n");
        Files.writeString(group.resolve("cgroup.events"), "populated 1\nfrozen " + seen + "\n");
        return new Cgroups.Freezing.Unified(group).become(frozen);
    }

    private String wanted() throws IOException {
        return Files.readString(group.resolve("cgroup.freeze")).strip();
    }

    @Test
    void aFreezeThatIsUnderWayIsUndone() throws IOException {
        assertThat(become(false, "1", "0")).isTrue();
        assertThat(wanted()).isEqualTo("0");
    }

    @Test
    void whatGoesOnIsFrozenOnceTheKernelSaysSo() throws IOException {
        assertThat(become(true, "0", "0")).isFalse();
        assertThat(wanted()).isEqualTo("1");
        assertThat(become(true, "1", "1")).isTrue();
    }

    @Test
    void anEndOfTheFreezeThatIsUnderWayIsUndone() throws IOException {
        assertThat(become(true, "0", "1")).isTrue();
        assertThat(wanted()).isEqualTo("1");
    }
}
