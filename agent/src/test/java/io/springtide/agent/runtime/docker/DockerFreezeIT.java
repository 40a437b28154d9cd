package io.springtide.agent.runtime.docker;

import io.springtide.agent.runtime.Ending;
import io.springtide.agent.runtime.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Freezing real containers. */
@Tag("docker")
@ExtendWith(DockerAvailable.class)
class DockerFreezeIT {

    private static final String COUNT = "i=0; while true; do i=$((i+1)); echo $i; sleep 0.02; done";

    @TempDir
    Path folder = Path.of("");

    private DockerFixture fixture;
    private DockerRuntime runtime;

    @BeforeEach
    void start() {
        fixture = new DockerFixture(folder);
        runtime = fixture.runtime();
    }

    @AfterEach
    void stop() throws IOException {
        runtime.close();
        fixture.close();
    }

    private static Heard launch(DockerRuntime runtime, Task task) {
        Heard heard = new Heard();
        runtime.launch(task, heard);
        heard.awaitRunning();
        return heard;
    }

    private static void await(Heard heard, String step, int times) {
        Heard.until(() -> times + " times " + step + "; heard " + heard.steps(),
                () -> heard.steps().stream().filter(step::equals).count() >= times);
    }

    private static void counts(Task task) {
        int before = DockerFixture.output(task, "stdout").length();
        Heard.until(() -> "it counts",
                () -> DockerFixture.output(task, "stdout").length() > before);
    }

    private static void standsStill(Task task) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
        String before = DockerFixture.output(task, "stdout");
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(400));
        assertThat(DockerFixture.output(task, "stdout")).isEqualTo(before);
    }

    private boolean paused(Task task) {
        return Boolean.TRUE.equals(fixture.inspect(task).getState().getPaused());
    }

    @Test
    void theCounterStandsStillUntilItGoesOn() {
        Task task = fixture.task(DockerFixture.spec(COUNT));
        Heard heard = launch(runtime, task);
        counts(task);
        runtime.pause(task.instanceId());
        await(heard, "paused", 1);
        assertThat(paused(task)).isTrue();
        standsStill(task);
        runtime.pause(task.instanceId());
        await(heard, "paused", 2);
        runtime.resume(task.instanceId());
        await(heard, "resumed", 1);
        counts(task);
        runtime.resume(task.instanceId());
        await(heard, "resumed", 2);
        assertThat(paused(task)).isFalse();
    }

    @Test
    void ofSeveralWishesTheLastOneCounts() {
        Task task = fixture.task(DockerFixture.spec(COUNT));
        Heard heard = launch(runtime, task);
        for (int i = 0; i < 5; i++) {
            runtime.pause(task.instanceId());
            runtime.resume(task.instanceId());
        }
        await(heard, "resumed", 1);
        counts(task);
        assertThat(paused(task)).isFalse();
    }

    @Test
    void anotherAgentFindsItFrozen() {
        Task task = fixture.task(DockerFixture.spec(COUNT));
        await(pausedNow(task), "paused", 1);
        runtime.close();
        runtime = fixture.runtime();
        Heard heard = new Heard();
        runtime.adopt(task, heard);
        heard.awaitRunning();
        assertThat(paused(task)).isTrue();
        runtime.pause(task.instanceId());
        await(heard, "paused", 1);
        runtime.resume(task.instanceId());
        await(heard, "resumed", 1);
        counts(task);
        assertThat(heard.steps()).doesNotContain("overlooked", "ended");
    }

    private Heard pausedNow(Task task) {
        Heard heard = launch(runtime, task);
        runtime.pause(task.instanceId());
        await(heard, "paused", 1);
        return heard;
    }

    @Test
    void aKillOfAFrozenOneLetsItEndByItself() {
        Task task = fixture.task(
                DockerFixture.spec("trap 'exit 5' TERM; " + COUNT));
        Heard heard = pausedNow(task);
        runtime.kill(task.instanceId(), Duration.ofSeconds(30));
        assertThat(heard.awaitEnd()).isInstanceOfSatisfying(Ending.Exited.class,
                ending -> assertThat(ending.code()).isEqualTo(5));
    }

    @Test
    void aKillAfterARestartOfTheAgentDoesSo() {
        Task task = fixture.task(
                DockerFixture.spec("trap 'exit 5' TERM; " + COUNT));
        await(pausedNow(task), "paused", 1);
        runtime.close();
        runtime = fixture.runtime();
        Heard heard = new Heard();
        runtime.adopt(task, heard);
        runtime.kill(task.instanceId(), Duration.ofSeconds(30));
        assertThat(heard.awaitEnd()).isInstanceOfSatisfying(Ending.Exited.class,
                ending -> assertThat(ending.code()).isEqualTo(5));
    }

    @Test
    void aFrozenOneThatDoesNotListenIsKilledAfterItsGrace() {
        Task task = fixture.task(DockerFixture.spec("trap '' TERM; " + COUNT));
        Heard heard = pausedNow(task);
        runtime.kill(task.instanceId(), Duration.ofMillis(500));
        assertThat(heard.awaitEnd()).isInstanceOfSatisfying(Ending.Exited.class,
                ending -> assertThat(ending.code()).isEqualTo(137));
    }

    @Test
    void oneThatIsRemovedWhileFrozenIsSeen() {
        Task task = fixture.task(DockerFixture.spec(COUNT));
        Heard heard = pausedNow(task);
        fixture.eyes().removeContainerCmd(task.taskId()).withForce(true).exec();
        heard.awaitEnd();
    }

    @Test
    void anImageThatIsThereIsNotFetchedAgain() throws InterruptedException {
        assertThat(runtime.fetchImage(DockerFixture.IMAGE, (done, total) -> {}, () -> false))
                .isEmpty();
        assertThat(runtime.fetchImage("127.0.0.1:1/nobody/nothing:1", (done, total) -> {},
                () -> false)).get().asString().contains("could not be fetched");
    }
}
