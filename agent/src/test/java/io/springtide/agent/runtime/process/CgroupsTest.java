package io.springtide.agent.runtime.process;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What is looked at and written in groups, without a kernel behind it. */
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

    /** Left by another user's agent, say: a task's attempt to join it would fail without a word. */
    @Test
    void aGroupThatMayNotBeJoinedIsNone() throws IOException {
        assertThatThrownBy(() -> Cgroups.made(group.resolve("left")))
                .isInstanceOf(AccessDeniedException.class).hasMessageContaining("left");
        Files.writeString(group.resolve("cgroup.procs"), "");
        assertThat(Cgroups.made(group)).isEqualTo(group);
    }
}
