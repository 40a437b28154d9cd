package io.springtide.agent.runtime.process;

import io.springtide.agent.Await;
import io.springtide.agent.fetch.Fetcher;
import io.springtide.agent.runtime.Task;
import io.springtide.api.agent.Resources;
import io.springtide.api.agent.Runtime;
import io.springtide.api.agent.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Freezing real processes, by signals and by the freezer. */
class FreezeIT {

    private static final String COUNT = "i=0; while true; do i=$((i+1)); echo $i; sleep 0.02; done";

    @TempDir
    Path data = Path.of("");

    private RecordingListener heard = new RecordingListener();
    private Optional<ProcessRuntime> started = Optional.empty();

    private void start(boolean cgroups) {
        if (cgroups) {
            ControlGroups.need("FreezeIT with control groups", "freezer");
        }
        started = Optional.of(new ProcessRuntime(data,
                new ProcessOptions(1 << 20, 2,
                        cgroups ? ProcessOptions.Groups.LIMITS : ProcessOptions.Groups.OFF, 100),
                Fetcher.standard()));
    }

    private ProcessRuntime runtime() {
        return started.orElseThrow();
    }

    @AfterEach
    void stop() {
        if (started.isEmpty()) {
            return;
        }
        for (long id = 1; id < 60; id++) {
            runtime().kill(id, Duration.ZERO);
        }
        Await.until("all tasks end", () -> heard.ended.keySet().containsAll(heard.running));
        for (long id = 1; id < 60; id++) {
            runtime().forget(id);
        }
        runtime().close();
    }

    private Task task(long id, String command) {
        return new Task(id, "app." + id, TaskSpec.newBuilder().setCommand(command)
                .setResources(Resources.newBuilder().setCpusMilli(100).setMemMib(64))
                .setRuntime(Runtime.PROCESS).build(), List.of(), Map.of(),
                data.resolve("sandboxes").resolve("app." + id));
    }

    private long bytes(long id) {
        try {
            return Files.size(data.resolve("sandboxes").resolve("app." + id).resolve("stdout"));
        } catch (IOException e) {
            return 0;
        }
    }

    private void counts(long id) {
        long before = bytes(id);
        Await.until("it counts", () -> bytes(id) > before);
    }

    private void standsStill(long id) {
        long before = bytes(id);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
        assertThat(bytes(id)).as("it stands still").isEqualTo(before);
    }

    private void pause(long id) {
        heard.paused.remove(id);
        runtime().pause(id);
        Await.until("it is frozen", () -> heard.paused.contains(id));
    }

    private void resume(long id) {
        heard.resumed.remove(id);
        runtime().resume(id);
        Await.until("it goes on", () -> heard.resumed.contains(id));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsFrozenDoesNothingUntilItGoesOn(boolean cgroups) {
        start(cgroups);
        runtime().launch(task(1, COUNT), heard);
        heard.awaitRunning(1);
        counts(1);
        pause(1);
        standsStill(1);
        pause(1);
        resume(1);
        counts(1);
        resume(1);
        counts(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aProcessThatHasLeftItsGroupIsFrozenWithIt(boolean cgroups) {
        start(cgroups);
        // With job control a shell puts each job into a group of its own.
        runtime().launch(task(1, "set -m; (" + COUNT + ") & wait"), heard);
        heard.awaitRunning(1);
        counts(1);
        pause(1);
        standsStill(1);
        resume(1);
        counts(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aKillOfAFrozenOneLetsItEndByItself(boolean cgroups) {
        start(cgroups);
        runtime().launch(task(1, "trap 'echo bye; exit 5' TERM; " + COUNT), heard);
        heard.awaitRunning(1);
        counts(1);
        pause(1);
        runtime().kill(1, Duration.ofSeconds(20));
        assertThat(heard.awaitExit(1)).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFrozenOneThatDoesNotListenIsKilledAfterItsGrace(boolean cgroups) {
        start(cgroups);
        runtime().launch(task(1, "trap '' TERM; " + COUNT), heard);
        heard.awaitRunning(1);
        counts(1);
        pause(1);
        runtime().kill(1, Duration.ofMillis(300));
        assertThat(heard.awaitExit(1)).isEqualTo(137);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anotherAgentFindsItFrozen(boolean cgroups) {
        start(cgroups);
        runtime().launch(task(1, COUNT), heard);
        heard.awaitRunning(1);
        counts(1);
        pause(1);
        runtime().close();
        heard = new RecordingListener();
        start(cgroups);
        standsStill(1);
        runtime().adopt(task(1, COUNT), heard);
        heard.awaitRunning(1);
        standsStill(1);
        pause(1);
        standsStill(1);
        resume(1);
        counts(1);
    }

    @Test
    void ofSeveralWishesTheLastOneCounts() {
        start(false);
        runtime().launch(task(1, COUNT), heard);
        heard.awaitRunning(1);
        for (int i = 0; i < 20; i++) {
            runtime().pause(1);
            runtime().resume(1);
        }
        Await.until("it goes on", () -> heard.resumed.contains(1L));
        counts(1);
        runtime().resume(1);
        runtime().pause(1);
        Await.until("it is frozen", () -> heard.paused.contains(1L));
        standsStill(1);
        resume(1);
    }

    @Test
    void oneThatDiesFrozenIsSeen() {
        start(false);
        runtime().launch(task(1, COUNT), heard);
        heard.awaitRunning(1);
        pause(1);
        long pid = ProcessStat.read(data.resolve("process/0000000000000001.pid")).orElseThrow()
                .pid();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        assertThat(heard.awaitExit(1)).isEqualTo(137);
    }

    @Test
    void fiftyGoOnTogether() {
        start(false);
        for (long id = 1; id <= 50; id++) {
            runtime().launch(task(id, "exec sleep 1000"), heard);
        }
        for (long id = 1; id <= 50; id++) {
            heard.awaitRunning(id);
            runtime().pause(id);
        }
        Await.until("all are frozen", () -> heard.paused.size() == 50);
        long begunNs = System.nanoTime();
        for (long id = 1; id <= 50; id++) {
            runtime().resume(id);
        }
        Await.until("all go on", () -> heard.resumed.size() == 50);
        System.out.println("fifty processes go on after "
                + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNs) + " ms");
    }
}
