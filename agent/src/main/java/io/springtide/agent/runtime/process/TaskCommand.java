package io.springtide.agent.runtime.process;

import io.springtide.agent.runtime.CommandEnd;
import io.springtide.agent.runtime.Task;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A command beside a task: in its sandbox, with its environment, as the agent's user. */
final class TaskCommand {

    private TaskCommand() {}

    static CommandEnd run(Task task, String command, Duration timeout)
            throws InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command);
        String path = builder.environment().getOrDefault("PATH", "/usr/bin:/bin");
        builder.environment().clear();
        builder.environment().put("PATH", path);
        builder.environment().putAll(task.environment());
        builder.directory(task.sandbox().toFile()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        Process process;
        try {
            process = builder.start();
        } catch (IOException | IllegalArgumentException e) {
            return new CommandEnd.NotRun("the command could not be started: " + e.getMessage());
        }
        try {
            return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    ? new CommandEnd.Exited(process.exitValue(), "")
                    : new CommandEnd.TimedOut();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
