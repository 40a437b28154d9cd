package io.springtide.agent.runtime.process;

import io.springtide.agent.Await;
import io.springtide.agent.runtime.CommandEnd;
import io.springtide.agent.runtime.Task;
import io.springtide.api.agent.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class TaskCommandTest {

    @TempDir
    Path sandbox = Path.of("");

    private CommandEnd run(String command, Duration timeout) throws InterruptedException {
        Task task = new Task(1, "t", TaskSpec.getDefaultInstance(), List.of(), Map.of("A", "b"),
                sandbox);
        return TaskCommand.run(task, command, timeout);
    }

    private CommandEnd run(String command) throws InterruptedException {
        return run(command, Duration.ofSeconds(20));
    }

    @Test
    void commandsSeeTheTasksEnvironmentAndFilesAndNothingElse() throws Exception {
        Files.writeString(sandbox.resolve("mine"), "");
        assertThat(run("test \"$A\" = b && test -e mine && test -z \"$HOME\""))
                .isEqualTo(new CommandEnd.Exited(0, ""));
        assertThat(run("exit 4")).isEqualTo(new CommandEnd.Exited(4, ""));
    }

    @Test
    void whatTakesTooLongIsEndedWithItsChildren() throws Exception {
        assertThat(run("sleep 600 & echo $! > child; wait", Duration.ofSeconds(1)))
                .isEqualTo(new CommandEnd.TimedOut());
        long child = Long.parseLong(Files.readString(sandbox.resolve("child")).strip());
        Await.until("the child is gone", () -> {
            try {
                return Files.readString(Path.of("/proc", Long.toString(child), "stat"))
                        .contains(") Z ");
            } catch (IOException e) {
                return true;
            }
        });
    }

    @Test
    void withoutASandboxNothingIsRun() throws Exception {
        Files.delete(sandbox);
        assertThat(run("true")).isInstanceOfSatisfying(CommandEnd.NotRun.class,
                not -> assertThat(not.reason()).contains("could not be started"));
        Files.createDirectory(sandbox);
    }
}
