package io.springtide.agent;

import io.springtide.agent.runtime.CommandEnd;
import io.springtide.agent.runtime.Inside;
import io.springtide.agent.runtime.Task;
import io.springtide.agent.runtime.pod.InstanceRuntime;
import io.springtide.api.agent.Runtime;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Looks into a task by the runtime that runs it. */
record InsideAny(Map<Runtime, InstanceRuntime> runtimes) implements Inside {

    @Override
    public CommandEnd command(Task task, String command, Duration timeout)
            throws InterruptedException {
        Optional<Inside> inside = of(task);
        return inside.isPresent()
                ? inside.get().command(task, command, timeout)
                : new CommandEnd.NotRun(
                        "this agent has no runtime " + task.spec().getRuntime() + " any more");
    }

    @Override
    public Optional<String> ipv6Address(Task task) {
        return of(task).flatMap(inside -> inside.ipv6Address(task));
    }

    private Optional<Inside> of(Task task) {
        return Optional.ofNullable(runtimes.get(task.spec().getRuntime()))
                .map(InstanceRuntime::inside);
    }
}
