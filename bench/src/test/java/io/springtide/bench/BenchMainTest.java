package io.springtide.bench;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BenchMainTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void withoutAnyArgumentItShowsWhatThereIs() {
        assertThat(run()).isZero();
        assertThat(out.toString()).contains("placement", "api", "journal", "scale-out",
                "master-restart", "jmh", "tide bench placement --quick");
        assertThat(run("--help")).isZero();
    }

    @Test
    void anUnknownBenchmarkIsRefusedInASentence() {
        assertThat(run("plcement")).isEqualTo(2);
        assertThat(err.toString()).contains("plcement", "tide bench --help");
    }

    @Test
    void theOptionsOfABenchmarkReachIt() {
        assertThat(run("placement", "--list")).isZero();
        assertThat(out.toString()).contains("mixed-5k");
        assertThat(run("placement", "--runs", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("--runs must be between");
    }

    @Test
    void wrongOptionsOfTheApiBenchmarkAreRefusedBeforeAnythingStarts() {
        assertThat(run("api", "--runs", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("--runs must be between 1 and 100");
        assertThat(run("api", "--only", "raed")).isEqualTo(2);
        assertThat(err.toString()).contains("--only takes read, small, scale and plan");
    }

    @Test
    void wrongOptionsOfChaosAreRefusedBeforeAnythingStarts() {
        assertThat(run("chaos", "--rounds", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("--rounds must be between 1 and 1000");
        assertThat(run("chaos", "--only", "kill-leeder")).isEqualTo(2);
        assertThat(err.toString()).contains("--only takes rolling, kill-leader");
        assertThat(run("chaos", "--store", "mysql")).isEqualTo(2);
        assertThat(err.toString()).contains("--store is zookeeper or etcd, not 'mysql'");
    }

    @Test
    void wrongUseAndFailuresAreToldUnderTheNameThatUsersKnow() {
        assertThat(run("flash-sale", "--rate", "0")).isEqualTo(2);
        assertThat(err.toString()).startsWith("tide demo flash-sale: the rate must be above 0")
                .contains("tide demo flash-sale --help");
        err.getBuffer().setLength(0);
        assertThat(run("store", "--store", "mysql://nowhere")).isNotZero();
        assertThat(err.toString()).startsWith("tide bench store: ").doesNotContain("\tat ");
    }

    private int run(String... arguments) {
        return BenchMain.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(arguments);
    }
}
