package io.springtide.master.nodes;

import io.springtide.core.model.PortRange;
import io.springtide.core.model.Resources;
import io.springtide.core.model.RuntimeKind;
import io.springtide.master.config.NodesSetting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What an operator may say about pools, and what he is told if it is wrong. */
class PoolSettingsTest {

    @TempDir
    Path folder;

    private static PoolSettings pool(String... further) {
        Map<String, String> all = new HashMap<>(Map.of("max", "5", "cpus", "2.5", "mem", "4096"));
        for (int i = 0; i < further.length; i += 2) {
            all.put(further[i], further[i + 1]);
        }
        return PoolSettings.of(new NodesSetting("web", "web=/etc/web.properties", all));
    }

    private String file(String... lines) throws IOException {
        return Files.writeString(folder.resolve("pool.properties"), String.join("\n", lines))
                .toString();
    }

    @Test
    void whatIsNotSaidIsAsTheManualSays() {
        PoolSettings pool = pool();
        assertThat(pool.adapter()).isEqualTo("command");
        assertThat(pool.min()).isZero();
        assertThat(pool.max()).isEqualTo(5);
        assertThat(pool.idleMs()).isEqualTo(600_000);
        assertThat(pool.waitMs()).isEqualTo(2_000);
        assertThat(pool.comingMs()).isEqualTo(600_000);
        assertThat(pool.machine().resources()).isEqualTo(new Resources(2_500, 4_096, 0, 0));
        assertThat(pool.machine().site()).isEqualTo("default");
        assertThat(pool.machine().ports()).containsExactly(new PortRange(31_000, 32_000));
        assertThat(pool.machine().runtimesMask())
                .isEqualTo(RuntimeKind.PROCESS.bit() | RuntimeKind.DOCKER.bit());
        assertThat(pool.own()).isEmpty();
    }

    @Test
    void attributesAndLabelsGoToTheMachineAndTheRestToTheAdapter() {
        PoolSettings pool = pool("attribute.ssd", "true", "label.owner", "shop", "program", "/x",
                "ports", "1000-1999,3000-3000", "runtimes", "docker", "site", "cloud");
        assertThat(pool.own()).containsOnly(Map.entry("program", "/x"));
        assertThat(pool.machine().field("ssd")).contains("true");
        assertThat(pool.request("web-7", "c1")).satisfies(request -> {
            assertThat(request.token()).isEqualTo("web-7");
            assertThat(request.site()).isEqualTo("cloud");
            assertThat(request.attributes())
                    .containsOnly(Map.entry("machine", "web-7"), Map.entry("ssd", "true"));
            assertThat(request.labels()).containsOnly(Map.entry("owner", "shop"),
                    Map.entry("springtide-cluster", "c1"),
                    Map.entry("springtide-machine", "web-7"));
        });
    }

    @Test
    void itsOwnMachinesAreKnownByTheirTokens() {
        PoolSettings pool = pool();
        assertThat(pool.owns("web-1")).isTrue();
        assertThat(List.of("web-", "web-0", "web-1-1", "web", "webs-1", "web-x", "db-1"))
                .noneMatch(pool::owns);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "max|0|from 1 to 1000", "max||max is missing", "min|6|from 0 to 5",
            "cpus|none|a number above zero", "cpus|0|a number above zero", "mem|0|from 1 to",
            "ports|5|FIRST-LAST", "ports|9-5|is no range", "runtimes|vm|process, docker",
            "idle|1h|from 1 to", "attribute.machine|x|for the machine's own name"})
    void whatIsWrongIsToldWithTheOption(String name, String value, String told) {
        assertThatThrownBy(() -> pool(name, value == null ? "" : value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("--nodes web=/etc/web.properties: ")
                .hasMessageContaining(told);
    }

    @Test
    void poolsAreReadFromTheirFiles() throws IOException {
        String file = file("max = 3", "cpus = 1", "mem = 512 ", "program=/bin/true");
        List<NodesSetting> pools = NodesSetting.parse(List.of("web=" + file, "db-2=" + file));
        assertThat(pools).extracting(NodesSetting::name).containsExactly("web", "db-2");
        assertThat(pools.getFirst().settings()).containsEntry("mem", "512");
        Adapters.check(pools);
        assertThat(NodesSetting.parse(List.of())).isEmpty();
    }

    @Test
    void wrongOptionsAreRefusedInOneLine() throws IOException {
        String file = file("max=3", "cpus=1", "mem=512", "program=/no/such/program");
        assertThatThrownBy(() -> NodesSetting.parse(List.of("web")))
                .hasMessageContaining("--nodes web: write POOL=FILE");
        assertThatThrownBy(() -> NodesSetting.parse(List.of("Web=" + file)))
                .hasMessageContaining("small letters");
        assertThatThrownBy(() -> NodesSetting.parse(List.of("web=" + file, "web=" + file)))
                .hasMessage("--nodes web is given twice");
        assertThatThrownBy(() -> NodesSetting.parse(List.of("web=/no/such/file")))
                .hasMessageContaining("/no/such/file cannot be read");
        assertThatThrownBy(() -> Adapters.check(NodesSetting.parse(List.of("web=" + file))))
                .hasMessage("--nodes web=" + file
                        + ": command: there is no program /no/such/program");
        String other = file("max=3", "cpus=1", "mem=512", "adapter=clouds");
        assertThatThrownBy(() -> Adapters.check(NodesSetting.parse(List.of("web=" + other))))
                .hasMessageContaining("there is no adapter 'clouds'; there are command");
    }
}
