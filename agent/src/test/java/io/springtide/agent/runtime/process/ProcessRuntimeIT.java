package io.springtide.agent.runtime.process;

import io.springtide.agent.Await;
import io.springtide.agent.fetch.Fetcher;
import io.springtide.agent.runtime.Ending;
import io.springtide.agent.runtime.Task;
import io.springtide.api.agent.Artifact;
import io.springtide.api.agent.Runtime;
import io.springtide.api.agent.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The process runtime with real processes. */
class ProcessRuntimeIT {

    private static final ProcessOptions QUICK = new ProcessOptions(2000, 2,
            ProcessOptions.Groups.SHARED, 100);

    @TempDir
    Path data = Path.of("");

    private final RecordingListener heard = new RecordingListener();
    private ProcessRuntime runtime;

    @BeforeEach
    void start() {
        runtime = new ProcessRuntime(data, QUICK, Fetcher.standard());
    }

    @AfterEach
    void stop() {
        for (long id = 1; id < 100; id++) {
            runtime.kill(id, Duration.ZERO);
        }
        Await.until("all tasks end", () -> heard.ended.keySet().containsAll(heard.running));
        runtime.close();
    }

    private RecordingListener restart() {
        runtime.close();
        RecordingListener next = new RecordingListener();
        runtime = new ProcessRuntime(data, QUICK, Fetcher.standard());
        return next;
    }

    private Task task(long id, TaskSpec.Builder spec, Map<String, String> environment) {
        return new Task(id, "app." + id, spec.setRuntime(Runtime.PROCESS).build(), List.of(),
                environment,
                data.resolve("sandboxes").resolve("app." + id));
    }

    private Task task(long id, String command) {
        return task(id, TaskSpec.newBuilder().setCommand(command), Map.of());
    }

    private String log(long id, String stream) throws IOException {
        return Files.readString(data.resolve("sandboxes").resolve("app." + id).resolve(stream));
    }

    @Test
    void tellsTheExitCodeAndKeepsTheLogs() throws IOException {
        runtime.launch(task(1, "echo out; echo err >&2; pwd; exit 7"), heard);
        assertThat(heard.awaitExit(1)).isEqualTo(7);
        assertThat(heard.started).contains(1L);
        assertThat(heard.running).contains(1L);
        assertThat(log(1, "stdout")).startsWith("out\n").contains("sandboxes/app.1");
        assertThat(log(1, "stderr")).isEqualTo("err\n");
    }

    /** Where they are its equals, a flood of them keeps the agent silent until it counts as lost. */
    @Test
    void allTasksShareAGroupAndTheAgentIsNotInIt() throws IOException {
        ControlGroups.need("ProcessRuntimeIT with control groups", "cpu");
        runtime.launch(task(1, "cat /proc/self/cgroup"), heard);
        runtime.launch(task(2, "cat /proc/self/cgroup"), heard);
        heard.awaitExit(1);
        heard.awaitExit(2);
        assertThat(log(1, "stdout")).containsPattern("(?m):/springtide/shared$")
                .isEqualTo(log(2, "stdout"));
        assertThat(Files.readString(Path.of("/proc/self/cgroup")))
                .doesNotContain("springtide/shared");
    }

    @Test
    void handsOverAnyEnvironment() throws IOException {
        Map<String, String> environment = Map.of("QUOTE", "it's \"$HOME\" `x`\n\\ end",
                "PORT_HTTP-API", "80", "IFS", "o", "OPTIND", "x");
        runtime.launch(task(1, TaskSpec.newBuilder().addArgs("env").addArgs("-0"), environment),
                heard);
        assertThat(heard.awaitExit(1)).isZero();
        List<String> seen = List.of(log(1, "stdout").split("\0", -1));
        assertThat(seen).contains("QUOTE=it's \"$HOME\" `x`\n\\ end", "PORT_HTTP-API=80", "IFS=o",
                "OPTIND=x");
    }

    @Test
    void launchingTwiceStartsOnce() throws IOException {
        Task task = task(1, "echo once; sleep 1000");
        runtime.launch(task, heard);
        runtime.launch(task, heard);
        heard.awaitRunning(1);
        runtime.launch(task, heard);
        Path log = data.resolve("sandboxes/app.1/stdout");
        Await.until("it has spoken", () -> log.toFile().length() > 0);
        runtime.kill(1, Duration.ofSeconds(20));
        assertThat(heard.awaitExit(1)).isEqualTo(143);
        assertThat(log(1, "stdout")).isEqualTo("once\n");
    }

    @Test
    void killsTheWholeGroupAndWhatLeftItWhenTheGraceIsOver() throws IOException {
        runtime.launch(task(1,
                "trap '' TERM; sleep 1001 & perl -e 'setpgrp(0, 0); exec \"sleep\", 1002' & echo $! > child; "
                        + "while true; do sleep 1003; done"),
                heard);
        heard.awaitRunning(1);
        Path child = data.resolve("sandboxes/app.1/child");
        Await.until("the child is there", () -> Files.exists(child));
        runtime.kill(1, Duration.ofMillis(300));
        assertThat(heard.awaitExit(1)).isEqualTo(137);
        long pid = Long.parseLong(Files.readString(child).trim());
        Await.until("the child ends, too",
                () -> ProcessStat.of(pid).filter(stat -> stat.state() != 'Z').isEmpty());
    }

    @Test
    void politeTasksMayFinishWithinTheGrace() {
        runtime.launch(
                task(1, "trap 'exit 5' TERM; echo ready > ready; while true; do sleep 0.1; done"),
                heard);
        heard.awaitRunning(1);
        Await.until("the trap is set", () -> Files.exists(data.resolve("sandboxes/app.1/ready")));
        runtime.kill(1, Duration.ofSeconds(30));
        assertThat(heard.awaitExit(1)).isEqualTo(5);
    }

    @Test
    void aShorterGraceReplacesALongerOne() {
        runtime.launch(task(1, "trap '' TERM; echo ready > ready; while true; do sleep 0.1; done"),
                heard);
        Await.until("the trap is set", () -> Files.exists(data.resolve("sandboxes/app.1/ready")));
        runtime.kill(1, Duration.ofHours(1));
        runtime.kill(1, Duration.ofHours(2));
        runtime.kill(1, Duration.ofMillis(10));
        assertThat(heard.awaitExit(1)).isEqualTo(137);
    }

    @Test
    void killBeforeTheStartWorks() {
        runtime.launch(task(1, "sleep 1000"), heard);
        runtime.kill(1, Duration.ofSeconds(5));
        Ending ending = heard.awaitEnded(1);
        assertThat(ending).isIn(new Ending.NotStarted("killed before it was started"),
                new Ending.Exited(143, "ended by signal 15"));
    }

    @Test
    void adoptsWhatRunsAndWhatEndedMeanwhile() {
        Task runs = task(1, "while [ ! -e go ]; do sleep 0.05; done; exit 9");
        Task ends = task(2, "sleep 0.3; exit 3");
        runtime.launch(runs, heard);
        runtime.launch(ends, heard);
        heard.awaitRunning(1);
        heard.awaitRunning(2);
        runtime.close();
        Await.until("the second ends while nobody watches",
                () -> Files.exists(data.resolve("process/0000000000000002.exit")));
        RecordingListener next = restart();
        runtime.adopt(runs, next);
        runtime.adopt(ends, next);
        runtime.adopt(task(3, "true"), next);
        assertThat(next.awaitExit(2)).isEqualTo(3);
        next.awaitRunning(1);
        assertThat(next.awaitEnded(3)).isInstanceOf(Ending.Gone.class);
        go(1);
        assertThat(next.awaitExit(1)).isEqualTo(9);
        heard.running.clear();
    }

    private void go(long id) {
        try {
            Files.writeString(data.resolve("sandboxes/app." + id + "/go"), "");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void adoptedTasksCanBeKilled() {
        Task task = task(1, "sleep 1000");
        runtime.launch(task, heard);
        heard.awaitRunning(1);
        RecordingListener next = restart();
        runtime.adopt(task, next);
        runtime.kill(1, Duration.ofSeconds(20));
        assertThat(next.awaitExit(1)).isEqualTo(143);
        heard.running.clear();
    }

    @Test
    void saysThatTheExitCodeIsUnknownWhenTheWatcherWasKilled() {
        Task task = task(1, "sleep 1000");
        runtime.launch(task, heard);
        heard.awaitRunning(1);
        Path folder = data.resolve("process");
        ProcessStat watcher = ProcessStat.read(folder.resolve("0000000000000001.shim"))
                .orElseThrow();
        ProcessStat process = ProcessStat.read(folder.resolve("0000000000000001.pid"))
                .orElseThrow();
        ProcessHandle.of(watcher.pid()).orElseThrow().destroyForcibly();
        ProcessHandle.of(process.pid()).orElseThrow().destroyForcibly();
        assertThat(heard.awaitExit(1)).isEqualTo(-1);
    }

    @Test
    void rotatesLogsWithoutTheTaskNoticing() throws IOException {
        runtime.launch(task(1, "while [ ! -e go ]; do seq 1 200; sleep 0.05; done; echo last"),
                heard);
        Path sandbox = data.resolve("sandboxes/app.1");
        Await.until("two old logs are there", () -> Files.exists(sandbox.resolve("stdout.2")));
        go(1);
        assertThat(heard.awaitExit(1)).isZero();
        assertThat(log(1, "stdout")).endsWith("last\n").doesNotContain("\0");
        assertThat(sandbox.resolve("stdout.3")).doesNotExist();
    }

    @Test
    void fetchesAndUnpacksArtifacts() throws Exception {
        Path source = Files.createDirectories(data.resolve("source"));
        Files.writeString(source.resolve("run.sh"), "echo fetched\n");
        new ProcessBuilder("tar", "-czf", data.resolve("a.tgz").toString(), "-C", source.toString(),
                "run.sh").start()
                .waitFor();
        TaskSpec.Builder spec = TaskSpec.newBuilder().setCommand("sh run.sh").addArtifacts(
                Artifact.newBuilder().setUri(data.resolve("a.tgz").toUri().toString())
                        .setExtract(true));
        runtime.launch(task(1, spec, Map.of()), heard);
        assertThat(heard.awaitExit(1)).isZero();
        assertThat(log(1, "stdout")).isEqualTo("fetched\n");
        TaskSpec.Builder missing = TaskSpec.newBuilder().setCommand("true")
                .addArtifacts(Artifact.newBuilder().setUri("file:///nowhere/x.tgz"));
        runtime.launch(task(2, missing, Map.of()), heard);
        assertThat(heard.awaitEnded(2)).isInstanceOf(Ending.NotStarted.class);
    }

    @Test
    void refusesWhatItCannotRun() {
        runtime.launch(
                task(1, TaskSpec.newBuilder().setCommand("true").setUser("no-such-user"), Map.of()),
                heard);
        runtime.launch(task(2, TaskSpec.newBuilder(), Map.of()), heard);
        assertThat(heard.awaitEnded(1)).isInstanceOf(Ending.NotStarted.class);
        assertThat(heard.awaitEnded(2)).isInstanceOf(Ending.NotStarted.class);
        runtime.launch(task(3, "no-such-program x"), heard);
        assertThat(heard.awaitExit(3)).isEqualTo(127);
    }

    @Test
    void measuresWhatTasksUse() {
        runtime.launch(task(1, "while true; do :; done"), heard);
        heard.awaitRunning(1);
        Await.until("it is seen to use the processor", () -> runtime.usage().stream()
                .anyMatch(usage -> usage.cpusMilli() > 100 && usage.memBytes() > 0));
    }

    @Test
    void forgettingLeavesOnlyTheLogs() {
        runtime.launch(task(1, "echo bye"), heard);
        heard.awaitExit(1);
        runtime.forget(1);
        Await.until("the process files are gone",
                () -> !Files.exists(data.resolve("process/0000000000000001.run"))
                        && !Files.exists(data.resolve("process/0000000000000001.exit")));
        assertThat(data.resolve("sandboxes/app.1/stdout")).exists();
    }
}
