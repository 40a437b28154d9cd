package io.springtide.agent.runtime.pod;

import io.springtide.agent.runtime.CommandEnd;
import io.springtide.agent.runtime.Task;
import io.springtide.agent.runtime.TaskListener;
import io.springtide.agent.runtime.TaskRuntime;
import io.springtide.agent.runtime.TaskUsage;
import io.springtide.api.agent.Runtime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A runtime that does nothing but write down what it is told. */
final class FakeTasks implements TaskRuntime {

    final List<String> told = new ArrayList<>();
    final List<Task> launched = new ArrayList<>();
    List<TaskUsage> usage = List.of();

    /** What was told since the last call. */
    List<String> told() {
        List<String> taken = List.copyOf(told);
        told.clear();
        return taken;
    }

    @Override
    public Runtime kind() {
        return Runtime.PROCESS;
    }

    @Override
    public Optional<String> unavailable() {
        return Optional.empty();
    }

    @Override
    public void launch(Task task, TaskListener listener) {
        launched.add(task);
        told.add("launch " + ContainerIds.index(task.instanceId()));
    }

    @Override
    public void adopt(Task task, TaskListener listener) {
        told.add("adopt " + ContainerIds.index(task.instanceId()));
    }

    @Override
    public void kill(long instanceId, Duration grace) {
        told.add("kill " + ContainerIds.index(instanceId) + " in " + grace.toMillis());
    }

    @Override
    public void pause(long instanceId) {
        told.add("pause " + ContainerIds.index(instanceId));
    }

    @Override
    public void resume(long instanceId) {
        told.add("resume " + ContainerIds.index(instanceId));
    }

    @Override
    public void forget(long instanceId) {
        told.add("forget " + ContainerIds.index(instanceId) + " of "
                + ContainerIds.instance(instanceId));
    }

    @Override
    public List<TaskUsage> usage() {
        return usage;
    }

    @Override
    public CommandEnd command(Task task, String command, Duration timeout) {
        return new CommandEnd.NotRun("a fake");
    }

    @Override
    public Optional<String> ipv6Address(Task task) {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
