package io.springtide.cloud.command;

import io.springtide.cloud.spi.Node;
import io.springtide.cloud.spi.NodeProvider;
import io.springtide.cloud.spi.NodeProviderFactory;
import io.springtide.cloud.spi.NodesResult;
import io.springtide.cloud.spi.ProvisionRequest;
import io.springtide.cloud.spi.ProvisionResult;
import io.springtide.cloud.spi.ReleaseResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Goal: whatever a program does, there is a result in time. Method: small programs of the shell. */
class CommandNodeProviderTest {

    private static final ProvisionRequest REQUEST = new ProvisionRequest("web-1", "c1", "tmpl",
            new ProvisionRequest.Size(2_500, 4_096, 0, 0), "site-a", "r1",
            Map.of("machine", "web-1"), Map.of("owner", "it's \"quoted\""));

    @TempDir
    Path folder;

    private final List<NodeProvider> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(NodeProvider::close);
    }

    private Path program(String script) {
        try {
            Path file = folder.resolve("program");
            Files.writeString(file, "#!/bin/sh\n" + script + "\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
            return file;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private NodeProvider provider(String script, int seconds) {
        NodeProviderFactory factory = ServiceLoader.load(NodeProviderFactory.class).stream()
                .map(ServiceLoader.Provider::get).filter(one -> one.name().equals("command"))
                .findAny().orElseThrow();
        NodeProvider provider = factory.open(Map.of("program", program(script).toString(),
                "time-limit-seconds", Integer.toString(seconds)));
        opened.add(provider);
        return provider;
    }

    private NodeProvider provider(String script) {
        return provider(script, 60);
    }

    private static <T> T got(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String refused(ProvisionResult result) {
        assertThat(result).isInstanceOf(ProvisionResult.Refused.class);
        return ((ProvisionResult.Refused) result).reason();
    }

    @Test
    void aProgramGetsTheRequestAndItsAnswerIsTheMachine() throws IOException {
        ProvisionResult result = got(provider("echo \"$@\" > verb; cat > request; env > env"
                + "; echo 'one line' >&2; echo '{\"id\": \"i-1\", \"address\": \"10.0.0.7\"}'")
                .provision(REQUEST));
        assertThat(result).isEqualTo(
                new ProvisionResult.Granted(new Node("i-1", "web-1", "10.0.0.7")));
        assertThat(folder.resolve("verb")).hasContent("provision");
        assertThat(Files.readString(folder.resolve("request"))).isEqualTo("{\"token\":\"web-1\","
                + "\"cluster\":\"c1\",\"template\":\"tmpl\",\"cpus\":2.5,\"memMib\":4096,"
                + "\"diskMib\":0,\"gpus\":0,\"site\":\"site-a\",\"rack\":\"r1\","
                + "\"attributes\":{\"machine\":\"web-1\"},"
                + "\"labels\":{\"owner\":\"it's \\\"quoted\\\"\"}}\n");
        assertThat(Files.readAllLines(folder.resolve("env"))).filteredOn(
                line -> !line.matches("(PATH|LANG|HOME|PWD|_|SHLVL|OLDPWD)=.*")).isEmpty();
    }

    @Test
    void machinesAreListedAndReleased() {
        NodeProvider provider = provider("[ \"$1\" = nodes ] && echo '{\"nodes\": ["
                + "{\"id\": \"i-1\", \"token\": \"web-1\"},"
                + "{\"id\": \"i-2\", \"token\": \"web-2\", \"address\": \"h\"}]}'; cat > seen");
        assertThat(got(provider.nodes("c1"))).isEqualTo(new NodesResult.Listed(
                List.of(new Node("i-1", "web-1", ""), new Node("i-2", "web-2", "h"))));
        assertThat(folder.resolve("seen")).hasContent("{\"cluster\":\"c1\"}");
        assertThat(got(provider.release("i-1"))).isEqualTo(new ReleaseResult.Released());
        assertThat(folder.resolve("seen")).hasContent("{\"id\":\"i-1\"}");
    }

    @Test
    void garbageIsRefusedWithASentence() {
        assertThat(refused(got(provider("echo hello").provision(REQUEST))))
                .contains("provision").contains("is no JSON: 'hello'");
        assertThat(refused(got(provider("echo '[1]'").provision(REQUEST))))
                .contains("no JSON object");
        assertThat(refused(got(provider("echo '{}'").provision(REQUEST)))).contains("\"id\"");
        assertThat(refused(got(provider("echo '{\"id\": \"a\\nb\"}'").provision(REQUEST))))
                .contains("\"id\"").doesNotContain("\n");
        assertThat(refused(got(provider("echo '{\"id\": \"a\"} {}'").provision(REQUEST))))
                .contains("no JSON");
        assertThat(refused(got(provider("true").provision(REQUEST)))).contains("no JSON");
        assertThat(got(provider("echo '{\"nodes\": [{\"id\": \"a\", \"token\": \"t\"},"
                + "{\"id\": \"b\", \"token\": \"t\"}]}'").nodes("c")))
                .isInstanceOfSatisfying(NodesResult.Refused.class,
                        refused -> assertThat(refused.reason()).contains("twice"));
        assertThat(got(provider("echo '{\"nodes\": [{\"id\": \"a\"}]}'").nodes("c")))
                .isInstanceOf(NodesResult.Refused.class);
    }

    @Test
    void tooMuchOutputEndsIt() {
        assertThat(refused(got(provider("yes").provision(REQUEST)))).contains("more than 1048576");
    }

    @Test
    void muchOnTheStandardErrorIsCutOffAndDoesNoHarm() {
        ProvisionResult result = got(provider("i=0; while [ $i -lt 3000 ]; do echo line $i >&2;"
                + " i=$((i+1)); done; echo '{\"id\": \"i-1\"}'").provision(REQUEST));
        assertThat(result).isInstanceOf(ProvisionResult.Granted.class);
    }

    @Test
    void aHangingProgramIsKilledWithItsChildren() throws IOException {
        NodeProvider provider = provider("sleep 600 & echo $! > child; echo $$ > self; wait", 1);
        assertThat(refused(got(provider.provision(REQUEST)))).contains("within 1 s");
        assertThat(gone("self")).isTrue();
        assertThat(gone("child")).isTrue();
    }

    @Test
    void closingEndsWhatIsUnderWay() throws Exception {
        NodeProvider provider = provider("echo $$ > self.part; mv self.part self; sleep 600");
        CompletionStage<ProvisionResult> stage = provider.provision(REQUEST);
        for (int i = 0; i < 6_000 && !Files.exists(folder.resolve("self")); i++) {
            Thread.sleep(10);
        }
        provider.close();
        assertThat(got(stage)).isInstanceOf(ProvisionResult.Throttled.class);
        assertThat(gone("self")).isTrue();
        assertThat(got(provider.nodes("c"))).isInstanceOf(NodesResult.Throttled.class);
    }

    @Test
    void whatItLeavesRunningInTheBackgroundDoesNotHoldItUp() throws IOException {
        NodeProvider provider = provider("sleep 600 & echo $! > child; echo '{\"id\": \"i\"}'");
        assertThat(got(provider.provision(REQUEST)))
                .isInstanceOf(ProvisionResult.Granted.class);
        Optional<ProcessHandle> child = handle("child");
        assertThat(child).isPresent();
        child.get().destroyForcibly();
    }

    @Test
    void aProgramThatDoesNotReadIsNoTrouble() {
        assertThat(got(provider("exec <&-; echo '{\"id\": \"i\"}'").provision(REQUEST)))
                .isInstanceOf(ProvisionResult.Granted.class);
    }

    @Test
    void code75MeansLater() {
        assertThat(got(provider("exit 75").provision(REQUEST)))
                .isEqualTo(new ProvisionResult.Throttled(Duration.ofSeconds(30)));
        assertThat(got(provider("echo '{\"afterSeconds\": 90}'; exit 75").release("i")))
                .isEqualTo(new ReleaseResult.Throttled(Duration.ofSeconds(90)));
        assertThat(got(provider("exit 75").nodes("c"))).isInstanceOf(NodesResult.Throttled.class);
    }

    @Test
    void otherCodesRefuseWithTheLastLine() {
        assertThat(refused(got(provider("echo first >&2; echo 'quota of 5 is used up' >&2;"
                + " echo >&2; exit 1").provision(REQUEST)))).isEqualTo("quota of 5 is used up");
        assertThat(refused(got(provider("exit 3").provision(REQUEST)))).contains("ended with 3");
        assertThat(got(provider("printf 'no end' >&2; exit 1").release("i")))
                .isEqualTo(new ReleaseResult.Refused("no end"));
    }

    @Test
    void moreThanAFewAtOnceWaitForTheirTurnOrArePutOff() throws IOException {
        NodeProvider provider = provider("echo x >> runs; while [ ! -e go ]; do sleep 0.05; done;"
                + " echo '{\"nodes\": []}'");
        List<CompletionStage<NodesResult>> stages = new ArrayList<>();
        int most = CommandNodeProvider.RUNS_AT_ONCE + CommandNodeProvider.WAITING_MAX;
        for (int i = 0; i <= most; i++) {
            stages.add(provider.nodes("c"));
        }
        assertThat(got(stages.getLast())).isInstanceOf(NodesResult.Throttled.class);
        assertThat(stages.getFirst().toCompletableFuture()).isNotDone();
        Files.createFile(folder.resolve("go"));
        stages.subList(0, most).forEach(
                stage -> assertThat(got(stage)).isEqualTo(new NodesResult.Listed(List.of())));
        assertThat(Files.readAllLines(folder.resolve("runs"))).hasSize(most);
    }

    @Test
    void aProgramThatVanishesIsToldOf() throws IOException {
        NodeProvider provider = provider("true");
        Files.delete(folder.resolve("program"));
        assertThat(refused(got(provider.provision(REQUEST)))).contains("cannot be run")
                .doesNotContain("\n");
    }

    @Test
    void wrongSettingsAreRefusedInOneLine() throws IOException {
        CommandNodeProviderFactory factory = new CommandNodeProviderFactory();
        assertThatThrownBy(() -> factory.open(Map.of()))
                .hasMessage("command: program is missing");
        assertThatThrownBy(() -> factory.open(Map.of("program", "bin/x")))
                .hasMessageContaining("absolute path");
        assertThatThrownBy(() -> factory.open(Map.of("program", "/no/such/program")))
                .hasMessage("command: there is no program /no/such/program");
        Path plain = Files.writeString(folder.resolve("plain"), "x");
        assertThatThrownBy(() -> factory.open(Map.of("program", plain.toString())))
                .hasMessageContaining("not executable");
        assertThatThrownBy(
                () -> factory.open(Map.of("program", program("true").toString(), "evn", "X")))
                .hasMessageContaining("there is no setting 'evn'");
        assertThatThrownBy(() -> factory.open(
                Map.of("program", program("true").toString(), "time-limit-seconds", "0")))
                .hasMessageContaining("from 1 to 3600");
    }

    private Optional<ProcessHandle> handle(String file) throws IOException {
        return ProcessHandle.of(Long.parseLong(Files.readString(folder.resolve(file)).strip()))
                .filter(ProcessHandle::isAlive);
    }

    /** Waits a little: a killed process is there until somebody has asked how it ended. */
    private boolean gone(String file) throws IOException {
        for (int i = 0; i < 1_000; i++) {
            Optional<ProcessHandle> handle = handle(file);
            if (handle.isEmpty() || handle.get().info().command().isEmpty()) {
                return true;
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        return false;
    }
}
