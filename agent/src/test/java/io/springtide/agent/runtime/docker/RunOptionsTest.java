package io.springtide.agent.runtime.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.core.command.CreateContainerCmdImpl;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RunOptionsTest {

    private final CreateContainerCmd create = new CreateContainerCmdImpl(command -> {
        throw new AssertionError("nothing is sent here");
    }, null, "image");
    private final HostConfig host = new HostConfig();
    private final RunOptions options = new RunOptions(create, host);

    @Test
    void namesWhatIsSupportedWhereAnOptionIsNot() {
        assertThatThrownBy(() -> options.take("volumes-from", "other"))
                .isInstanceOf(CannotStartException.class).hasMessageContaining("'volumes-from'")
                .hasMessageContaining("add-host, cap-add").hasMessageContaining("workdir");
    }

    @Test
    void saysWhatToUseInstead() {
        assertThatThrownBy(() -> options.take("restart", "always"))
                .hasMessageContaining("backoffSeconds");
        assertThatThrownBy(() -> options.take("net", "host")).hasMessageContaining("networks");
    }

    @ParameterizedTest
    @CsvSource({"ulimit,nofile", "ulimit,nofile=x", "cap-add,FLY", "init,perhaps", "shm-size,big",
            "shm-size,-1", "shm-size,99999999999g", "env,NAMEONLY", "pids-limit,many"})
    void saysWhichValueCannotBeRead(String key, String value) {
        assertThatThrownBy(() -> options.take(key, value)).isInstanceOf(CannotStartException.class)
                .hasMessageContaining("'" + key + "'").hasMessageContaining("'" + value + "'");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "512,512", "512b,512", "64k,65536", "64K,65536", "64m,67108864",
            "64mb,67108864",
            "1g,1073741824"})
    void readsAmountsOfMemory(String text, long bytes) {
        assertThat(RunOptions.bytes(text)).isEqualTo(bytes);
    }

    @Test
    void mergesLogOptionsWithOursUnlessTheDriverIsAnother() {
        LogConfig ours = new LogConfig(LogConfig.LoggingType.JSON_FILE, Map.of("max-size", "10m"));
        options.take("log-opt", "max-file=9");
        options.finish(ours);
        assertThat(host.getLogConfig().getConfig()).containsOnly(Map.entry("max-size", "10m"),
                Map.entry("max-file", "9"));
        options.take("log-driver", "journald");
        options.finish(ours);
        assertThat(host.getLogConfig().getType()).isEqualTo(LogConfig.LoggingType.JOURNALD);
        assertThat(host.getLogConfig().getConfig()).containsOnly(Map.entry("max-file", "9"));
    }

    @Test
    void repeatedOptionsAddUp() {
        options.take("cap-add", "NET_ADMIN");
        options.take("--cap-add", "cap_sys_time");
        options.take("env", "A=1");
        options.take("env", "B=x=y");
        options.finish(new LogConfig(LogConfig.LoggingType.JSON_FILE, Map.of()));
        assertThat(host.getCapAdd()).containsExactly(Capability.NET_ADMIN, Capability.SYS_TIME);
        assertThat(create.getEnv()).containsExactly("A=1", "B=x=y");
    }
}
