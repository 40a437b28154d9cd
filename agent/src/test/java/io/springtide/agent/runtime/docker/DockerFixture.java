package io.springtide.agent.runtime.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import io.springtide.agent.runtime.Task;
import io.springtide.api.agent.Container;
import io.springtide.api.agent.Resources;
import io.springtide.api.agent.Runtime;
import io.springtide.api.agent.TaskIds;
import io.springtide.api.agent.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** A cluster tag of its own, tasks for it, and a second pair of eyes on the daemon. */
final class DockerFixture implements AutoCloseable {

    static final String IMAGE = "springtide/busybox:test";

    private final String cluster = String.format("%016x", ThreadLocalRandom.current().nextLong());
    private final AtomicLong instances = new AtomicLong(
            ThreadLocalRandom.current().nextLong(1 << 20));
    private final Path folder;
    private final DockerEyes eyes = new DockerEyes();

    DockerFixture(Path folder) {
        this.folder = folder;
    }

    DockerRuntime runtime() {
        return new DockerRuntime(folder, cluster, "it");
    }

    DockerRuntime runtime(DockerSettings settings) {
        return new DockerRuntime(folder, cluster, "it", settings);
    }

    DockerRuntime runtime(DockerSettings settings, SandboxPreparation preparation) {
        return new DockerRuntime(folder, cluster, "it", settings, preparation);
    }

    String cluster() {
        return cluster;
    }

    DockerClient eyes() {
        return eyes.client();
    }

    InspectContainerResponse inspect(Task task) {
        return eyes().inspectContainerCmd(task.taskId()).exec();
    }

    boolean runs(Task task) {
        return !eyes().listContainersCmd().withNameFilter(List.of("^/" + task.taskId() + "$"))
                .exec().isEmpty();
    }

    boolean exists(Task task) {
        return !eyes().listContainersCmd().withShowAll(true)
                .withNameFilter(List.of("^/" + task.taskId() + "$"))
                .exec().isEmpty();
    }

    /** A spec on the host network: a start without a network of its own is quicker. */
    static TaskSpec.Builder spec(String command) {
        return TaskSpec.newBuilder().setAppId("/it/docker").setRuntime(Runtime.DOCKER)
                .setCommand(command)
                .setResources(Resources.newBuilder().setCpusMilli(100).setMemMib(32))
                .setContainer(Container.newBuilder().setImage(IMAGE));
    }

    Task task(TaskSpec.Builder spec, Integer... hostPorts) {
        return task(spec, Map.of("GREETING", "hello"), hostPorts);
    }

    Task task(TaskSpec.Builder spec, Map<String, String> environment, Integer... hostPorts) {
        long instance = instances.incrementAndGet();
        String taskId = TaskIds.taskId(TaskIds.prefix("/it/docker", cluster), instance);
        Path sandbox = folder.resolve("sandboxes").resolve(taskId);
        return new Task(instance, taskId, spec.build(), List.of(hostPorts), environment,
                sandbox);
    }

    /** Waits until the file of a task's output contains something. */
    static String awaitOutput(Task task, String file, String wanted) {
        Heard.until(() -> file + " contains '" + wanted + "' but has: " + output(task, file),
                () -> output(task, file).contains(wanted));
        return output(task, file);
    }

    static String output(Task task, String file) {
        try {
            Path path = task.sandbox().resolve(file);
            return Files.exists(path) ? Files.readString(path) : "";
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        eyes.removeAll(cluster);
        eyes.close();
    }
}
