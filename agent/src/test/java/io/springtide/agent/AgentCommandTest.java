package io.springtide.agent;

import io.springtide.agent.runtime.process.ProcessOptions.Groups;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What options of {@code tide agent} become. */
class AgentCommandTest {

    private static AgentConfig config(String... further) {
        List<String> options = new ArrayList<>(List.of("--master", "127.0.0.1:1", "--data", "x",
                "--cpus", "4", "--mem", "2048", "--disk", "10"));
        options.addAll(List.of(further));
        AgentCommand command = new AgentCommand();
        new CommandLine(command).parseArgs(options.toArray(String[]::new));
        return command.config();
    }

    @Test
    void controlGroupsAreSharedUnlessSomethingElseIsSaid() {
        assertThat(config().process().cgroups()).isEqualTo(Groups.SHARED);
        assertThat(config("--cgroups", "--id", "a").process().cgroups())
                .isEqualTo(Groups.LIMITS);
        assertThat(config("--cgroups=limits").process().cgroups()).isEqualTo(Groups.LIMITS);
        assertThat(config("--cgroups", "off").process().cgroups()).isEqualTo(Groups.OFF);
        assertThatThrownBy(() -> config("--cgroups=on")).isInstanceOf(ConfigException.class)
                .hasMessage("--cgroups on must be shared, limits or off");
    }
}
