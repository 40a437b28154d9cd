package io.springtide.agent;

import io.springtide.api.agent.Condition;
import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.PodContainer;
import io.springtide.api.agent.Runtime;
import io.springtide.api.agent.TaskIds;
import io.springtide.api.agent.TaskSpec;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** An agent as a process of its own, killed with -9: its instances run on and are adopted. */
class AgentKillIT {

    @TempDir
    Path data = Path.of("");

    private final FakeMaster master = new FakeMaster(1, 0);
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void stop() {
        for (Process process : processes) {
            process.destroy(); // SIGTERM: the last one ends its tasks
            Await.until("the agent ends", () -> !process.isAlive());
        }
        master.close();
    }

    private Process start(String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
                System.getProperty("java.class.path"), AgentMain.class.getName(), "--master",
                "127.0.0.1:" + master.port(), "--data", data.resolve("agent").toString()));
        command.addAll(List.of(more));
        File log = data.resolve("log").toFile();
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log)).start();
        processes.add(process);
        return process;
    }

    private static TaskSpec spec(String command) {
        return TaskSpec.newBuilder().setDigest("digest of " + command).setAppId("/app")
                .setCommand(command)
                .setRuntime(Runtime.PROCESS)
                .setTaskIdPrefix(TaskIds.prefix("/app", FakeMaster.CLUSTER)).build();
    }

    @Test
    void instancesOutliveTheirAgentExitCodesIncluded() throws Exception {
        Process first = start();
        Await.until("the agent registers", master::connected);
        Path go = data.resolve("go");
        master.launch(spec("while [ ! -e " + go + " ]; do sleep 0.05; done; exit 11"), 1L);
        master.launch(spec("sleep 1; exit 12"), 2L);
        master.launch(spec("echo $$ >> " + data.resolve("pids") + "; exec sleep 1000"), 3L);
        for (long id = 1; id <= 3; id++) {
            master.await(id, Condition.RUNNING);
        }
        assertThat(first.destroyForcibly().waitFor(20, TimeUnit.SECONDS)).isTrue();
        Await.until("the master notices", () -> !master.connected());
        Await.until("the second ends while there is no agent",
                () -> Files.exists(data.resolve("agent/process/0000000000000002.exit")));
        start("--stop-tasks-on-exit");
        assertThat(master.await(2, Condition.FAILED).getExitCode()).isEqualTo(12);
        assertThat(master.registers.get(1).getHeldList()).contains(1L, 2L, 3L);
        Files.writeString(go, "");
        assertThat(master.await(1, Condition.FAILED).getExitCode()).isEqualTo(11);
        assertThat(Files.readAllLines(data.resolve("pids"))).hasSize(1);
        long pid = Long.parseLong(Files.readAllLines(data.resolve("pids")).get(0));
        processes.get(1).destroy();
        Await.until("the throw-away agent ends, and its task with it",
                () -> !processes.get(1).isAlive() && !alive(pid));
    }

    @Test
    void podsOutliveTheirAgentWithAllTheirContainers() throws Exception {
        Process first = start();
        Await.until("the agent registers", master::connected);
        Path go = data.resolve("go");
        TaskSpec pod = spec("").toBuilder().setDigest("pod")
                .addContainers(PodContainer.newBuilder().setName("a")
                        .setSpec(spec("while [ ! -e " + go + " ]; do sleep 0.05; done; exit 9")))
                .addContainers(PodContainer.newBuilder().setName("b").setSpec(
                        spec("echo $$ > " + data.resolve("pid") + "; mv " + data.resolve("pid")
                                + " "
                                + data.resolve("pids") + "; exec sleep 1000")))
                .build();
        master.launch(pod, 1L);
        master.await(1, Condition.RUNNING);
        Await.until("b has said who it is", () -> Files.exists(data.resolve("pids")));
        assertThat(first.destroyForcibly().waitFor(20, TimeUnit.SECONDS)).isTrue();
        Await.until("the master notices", () -> !master.connected());
        int seen = master.heard(1);
        start("--stop-tasks-on-exit");
        Await.until("it is found again", () -> master.heard(1) > seen
                && master.last(1).getCondition() == Condition.RUNNING);
        assertThat(master.last(1).getContainersCount()).isEqualTo(2);
        long pid = Long.parseLong(Files.readString(data.resolve("pids")).strip());
        assertThat(alive(pid)).isTrue();
        Files.writeString(go, "");
        assertThat(master.await(1, Condition.FAILED).getMessage())
                .isEqualTo("container a ended with exit code 9");
        assertThat(alive(pid)).isFalse();
    }

    @Test
    void aStandbyStaysFrozenWhileItsAgentIsDead() throws Exception {
        Process first = start();
        Await.until("the agent registers", master::connected);
        Path count = data.resolve("count");
        master.standby(spec("while true; do echo x >> " + count + "; sleep 0.02; done"),
                List.of(1L), List.of());
        master.await(1, Condition.PAUSED);
        assertThat(first.destroyForcibly().waitFor(20, TimeUnit.SECONDS)).isTrue();
        Await.until("the master notices", () -> !master.connected());
        long bytes = count.toFile().length();
        int seen = master.heard(1);
        start("--stop-tasks-on-exit");
        Await.until("it is found again", () -> master.heard(1) > seen
                && master.last(1).getCondition() == Condition.PAUSED);
        assertThat(count.toFile().length()).isEqualTo(bytes);
        assertThat(master.statuses.get(1L)).extracting(InstanceStatus::getCondition)
                .doesNotContain(Condition.RUNNING);
        master.thaw(List.of(1L));
        master.await(1, Condition.RUNNING);
        Await.until("it goes on", () -> count.toFile().length() > bytes);
    }

    private static boolean alive(long pid) {
        try {
            return !Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void nonsenseIsRefusedWithASentence() throws Exception {
        assertThat(start("--ports", "9-1").waitFor()).isEqualTo(AgentCommand.EXIT_CONFIG);
        assertThat(start("--master", "192.0.2.1:1").waitFor()).isEqualTo(AgentCommand.EXIT_CONFIG);
        assertThat(start("--no-such-option").waitFor()).isEqualTo(AgentCommand.EXIT_CONFIG);
        assertThat(Files.readString(data.resolve("log"))).contains("not a range of ports",
                "--insecure-connect",
                "--no-such-option");
    }

    @Test
    void theSecondAgentOnAFolderIsRefused() throws Exception {
        start();
        Await.until("the agent registers", master::connected);
        assertThat(start().waitFor()).isEqualTo(AgentCommand.EXIT_CONFIG);
        assertThat(Files.readString(data.resolve("log"))).contains("another agent is running");
    }
}
