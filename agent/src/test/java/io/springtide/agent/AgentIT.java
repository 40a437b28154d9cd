package io.springtide.agent;

import io.springtide.agent.engine.StartLimits;
import io.springtide.agent.link.MasterAddress;
import io.springtide.agent.runtime.process.ProcessOptions;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.HealthCheck;
import io.springtide.api.agent.ReadFile;
import io.springtide.api.agent.Resources;
import io.springtide.api.agent.Runtime;
import io.springtide.api.agent.TaskIds;
import io.springtide.api.agent.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A whole agent with real processes, against a master that only this test commands. */
class AgentIT {

    @TempDir
    Path data = Path.of("");

    private FakeMaster master = new FakeMaster(5, 0);
    private Optional<Agent> agent = Optional.empty();

    @BeforeEach
    void start() {
        agent = Optional.of(Agent.start(config()));
        Await.until("the agent registers", () -> master.connected());
    }

    @AfterEach
    void stop() {
        agent.ifPresent(running -> {
            running.stopTasks(100);
            running.close();
        });
        master.close();
    }

    private AgentConfig config() {
        return new AgentConfig(List.of(new MasterAddress("127.0.0.1", master.port())), data,
                "agent-a", "127.0.0.1",
                new AgentConfig.Placement("r", "s", "", Map.of()),
                Resources.newBuilder().setCpusMilli(4000).setMemMib(1024).build(), Map.of(),
                List.of(),
                List.of(Runtime.PROCESS),
                new ProcessOptions(1 << 20, 1, ProcessOptions.Groups.SHARED, 100), 2,
                StartLimits.of(2));
    }

    private static TaskSpec spec(String command) {
        return TaskSpec.newBuilder().setDigest("digest of " + command).setAppId("/app")
                .setCommand(command)
                .setRuntime(Runtime.PROCESS)
                .setTaskIdPrefix(TaskIds.prefix("/app", FakeMaster.CLUSTER)).build();
    }

    private Path sandbox(long id) {
        return data.resolve("sandboxes")
                .resolve(TaskIds.taskId(TaskIds.prefix("/app", FakeMaster.CLUSTER), id));
    }

    private void restartAgent() {
        agent.ifPresent(Agent::close);
        Await.until("the master notices", () -> !master.connected());
        agent = Optional.of(Agent.start(config()));
        Await.until("the agent registers again", () -> master.connected());
    }

    @Test
    void runsKillsAndReports() {
        master.launch(spec("sleep 1000"), 1L, 2L);
        master.launch(spec("exit 3"), 3L);
        master.launch(spec("true"), 4L);
        master.await(1, Condition.RUNNING);
        master.await(2, Condition.RUNNING);
        assertThat(master.await(3, Condition.FAILED).getExitCode()).isEqualTo(3);
        master.await(4, Condition.FINISHED);
        master.kill(1, 5000);
        assertThat(master.await(1, Condition.KILLED).getExitCode()).isEqualTo(143);
        master.kill(77, 1);
        master.await(77, Condition.GONE);
        Await.until("it sends heartbeats", () -> master.heartbeats.get() > 2);
    }

    @Test
    void asksACheckInTheSandboxAndTellsWhatChanges() throws IOException {
        TaskSpec checked = spec("sleep 1000").toBuilder().setDigest("checked")
                .setCheck(HealthCheck.newBuilder().setProtocol(HealthCheck.Protocol.COMMAND)
                        .setCommand("test -f up").setIntervalMs(100).setTimeoutMs(20_000))
                .build();
        master.launch(checked, 1L);
        Await.until("it is not up", () -> master.last(1).getCheck().getExitCode() == 1);
        Files.createFile(sandbox(1).resolve("up"));
        Await.until("it is up", () -> master.last(1).getCheck().hasExitCode()
                && master.last(1).getCheck().getExitCode() == 0);
        assertThat(master.last(1).getCondition()).isEqualTo(Condition.RUNNING);
        assertThat(master.last(1).hasHealth()).isFalse();
        restartAgent();
        Files.delete(sandbox(1).resolve("up"));
        Await.until("it is asked again after a restart",
                () -> master.last(1).getCheck().getExitCode() == 1);
        master.kill(1, 5000);
        assertThat(master.await(1, Condition.KILLED).getAppId()).isEqualTo("/app");
    }

    @Test
    void adoptsAfterARestartAndTellsWhatItMissed() throws IOException {
        master.launch(spec("while [ ! -e go ]; do sleep 0.05; done; exit 6"), 1L);
        master.launch(spec("sleep 0.5; exit 4"), 2L);
        master.await(1, Condition.RUNNING);
        master.await(2, Condition.RUNNING);
        agent.ifPresent(Agent::close);
        Await.until("the second ends unseen",
                () -> Files.exists(data.resolve("process/0000000000000002.exit")));
        restartAgent();
        assertThat(master.registers).last().satisfies(register -> {
            assertThat(register.getHeldList()).contains(1L, 2L);
            assertThat(register.getIncarnation())
                    .isEqualTo(master.registers.get(0).getIncarnation());
            assertThat(register.getEpochHighest()).isEqualTo(5);
            assertThat(register.getClusterId()).isEqualTo(FakeMaster.CLUSTER);
        });
        assertThat(master.await(2, Condition.FAILED).getExitCode()).isEqualTo(4);
        Files.writeString(sandbox(1).resolve("go"), "");
        assertThat(master.await(1, Condition.FAILED).getExitCode()).isEqualTo(6);
    }

    @Test
    void keepsRunningWithoutAMasterAndRepeatsWhatWasNotAcknowledged() {
        master.acknowledging = false;
        master.launch(spec("sleep 1000"), 1L);
        master.launch(spec("exit 2"), 2L);
        master.await(1, Condition.RUNNING);
        master.await(2, Condition.FAILED);
        int port = master.port();
        master.close();
        master = new FakeMaster(6, port);
        assertThat(master.await(2, Condition.FAILED).getExitCode()).isEqualTo(2);
        master.await(1, Condition.RUNNING);
        Await.until("nothing but the running one is held", () -> {
            agent.ifPresent(Agent::close);
            agent = Optional.of(Agent.start(config()));
            Await.until("it registers", () -> master.connected());
            return master.registers.get(master.registers.size() - 1).getHeldList()
                    .equals(List.of(1L));
        });
    }

    @Test
    void obeysNoDeposedLeader() {
        int port = master.port();
        master.close();
        master = new FakeMaster(4, port);
        Await.until("the agent tried more than once", () -> master.registers.size() > 2);
        assertThat(master.heartbeats).hasValue(0);
    }

    @Test
    void showsLogsOfRunningAndEndedInstances() {
        master.launch(spec("echo hello; exit 0"), 1L);
        master.await(1, Condition.FINISHED);
        master.read(ReadFile.newBuilder().setRequestId(1).setInstanceId(1).setFile("stdout")
                .setOffset(-3)
                .setSize(100).build());
        master.read(ReadFile.newBuilder().setRequestId(2).setInstanceId(1).setFile("../x")
                .setSize(1).build());
        Await.until("both are answered", () -> master.chunks.size() == 2);
        assertThat(master.chunks.get(0).getData().toStringUtf8()).isEqualTo("lo\n");
        assertThat(master.chunks.get(0).getSize()).isEqualTo(6);
        assertThat(master.chunks.get(1).getError()).contains("only stdout and stderr");
    }

    @Test
    void checksHealth() {
        TaskSpec spec = spec("sleep 1000").toBuilder()
                .addHealthChecks(HealthCheck.newBuilder().setProtocol(HealthCheck.Protocol.COMMAND)
                        .setCommand("test ! -e sick").setIntervalMs(100).setTimeoutMs(5000)
                        .setConsecutiveFailuresMax(2))
                .build();
        master.launch(spec, 1L);
        Await.until("it is alive", () -> master.statuses.getOrDefault(1L, List.of()).stream()
                .anyMatch(status -> status.getHealth().getAlive()));
        try {
            Files.writeString(sandbox(1).resolve("sick"), "");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        Await.until("its checks are exhausted",
                () -> master.statuses.getOrDefault(1L, List.of()).stream()
                        .anyMatch(status -> status.getHealth().getExhausted()));
    }

    @Test
    void keepsOnlyTheNewestSandboxes() {
        for (long id = 1; id <= 4; id++) {
            master.launch(spec("true"), id);
            master.await(id, Condition.FINISHED);
        }
        Await.until("the oldest is deleted", () -> !Files.exists(sandbox(1)));
        assertThat(sandbox(4)).exists();
    }
}
