package io.springtide.agent;

import io.springtide.api.agent.Resources;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ReservationsTest {

    private static final Resources MACHINE = Resources.newBuilder().setCpusMilli(8_000)
            .setMemMib(4_096).setDiskMib(100).setGpus(2).build();

    @Test
    void readsEachRolesPart() {
        assertThat(Reservations.parse(
                List.of("db:cpus=2.5,mem=1024,disk=0,gpus=1", "web: mem=3072"), MACHINE))
                .isEqualTo(Map.of("db",
                        Resources.newBuilder().setCpusMilli(2_500).setMemMib(1_024).setGpus(1)
                                .build(),
                        "web", Resources.newBuilder().setMemMib(3_072).build()));
        assertThat(Reservations.parse(List.of(), MACHINE)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"db|is not ROLE:cpus=2", ":cpus=1|is not ROLE",
            "*:cpus=1|reserved for nobody", "a b:cpus=1|names no role", "..:cpus=1|names no role",
            "db:|is not ROLE:cpus=2", "db:cpus|is not ROLE:cpus=2", "db:ports=3|names 'ports'",
            "db:cpus=1,cpus=2|names cpus twice", "db:cpus=-1|needs a number for cpus",
            "db:cpus=NaN|needs a number for cpus", "db:mem=1e400|needs a number for mem",
            "db:cpus=0.0001|in thousandths", "db:mem=1.5|in whole numbers",
            "db:mem=9999999999999|absurd amount of mem", "db:cpus=9|and this agent has 8000",
            "db:gpus=4000000000|and this agent has 2"})
    void saysWhatMakesNoSense(String text, String why) {
        assertThatThrownBy(() -> Reservations.parse(List.of(text), MACHINE))
                .isInstanceOf(ConfigException.class).hasMessageContaining("--reserve")
                .hasMessageContaining(why);
    }

    @Test
    void takesARoleOnceAndNoMoreThanThereIs() {
        assertThatThrownBy(
                () -> Reservations.parse(List.of("db:cpus=1", "db:cpus=1"), MACHINE))
                .hasMessageContaining("names role db again");
        assertThatThrownBy(
                () -> Reservations.parse(List.of("a:mem=4000", "b:mem=97"), MACHINE))
                .hasMessageContaining("together 4097 MiB of mem");
    }

    @Test
    void theCommandLineHandsOnReservationsAndAttributes() {
        AgentCommand command = new AgentCommand();
        new CommandLine(command).parseArgs("--master", "127.0.0.1:1", "--data",
                Path.of("x").toString(), "--cpus", "4", "--mem", "2048", "--disk", "10",
                "--reserve", "db:cpus=1", "--reserve", "web:mem=5", "--attributes", "a:1;b:2",
                "--attribute", "b=3", "--attribute", "url=http://x/?a=b");
        AgentConfig config = command.config();
        assertThat(config.reservations()).containsOnlyKeys("db", "web");
        assertThat(config.place().attributes())
                .isEqualTo(Map.of("a", "1", "b", "3", "url", "http://x/?a=b"));
        AgentCommand wrong = new AgentCommand();
        new CommandLine(wrong).parseArgs("--master", "127.0.0.1:1", "--data", "x", "--attribute",
                "a");
        assertThatThrownBy(wrong::config).hasMessageContaining("--attribute a is not KEY=VALUE");
    }
}
