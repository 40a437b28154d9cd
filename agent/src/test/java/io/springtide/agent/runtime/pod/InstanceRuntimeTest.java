package io.springtide.agent.runtime.pod;

import io.springtide.agent.Await;
import io.springtide.agent.runtime.Ending;
import io.springtide.agent.runtime.Task;
import io.springtide.agent.runtime.TaskUsage;
import io.springtide.api.agent.ContainerStatus;
import io.springtide.api.agent.PodContainer;
import io.springtide.api.agent.PortSpec;
import io.springtide.api.agent.TaskSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class InstanceRuntimeTest {

    private static final TaskSpec POD = TaskSpec.newBuilder()
            .addContainers(PodContainer.newBuilder().setName("a"))
            .addContainers(PodContainer.newBuilder().setName("b")).build();

    private final FakeTasks tasks = new FakeTasks();
    private final InstanceRuntime runtime = new InstanceRuntime(tasks);

    @AfterEach
    void close() {
        runtime.close();
    }

    private static final class Deaf implements InstanceListener {
        @Override
        public void starting(long instanceId) {}

        @Override
        public void running(long instanceId, String ipAddress) {}

        @Override
        public void ended(long instanceId, Ending ending) {}

        @Override
        public void containers(long instanceId, List<ContainerStatus> containers) {}
    }

    private static Task task(long id, Path sandbox) {
        return new Task(id, "t" + id, TaskSpec.getDefaultInstance(), List.of(), Map.of(), sandbox);
    }

    @Test
    void anAppIsItsOneTask(@TempDir Path sandbox) {
        Task task = task(5, sandbox);
        runtime.launch(new Instance(task, List.of()), new Deaf());
        assertThat(tasks.launched).containsExactly(task);
        runtime.forget(5, TaskSpec.getDefaultInstance());
        assertThat(tasks.told()).containsExactly("launch 0", "forget 0 of 5");
    }

    @Test
    void aPodIsLaunchedOnce(@TempDir Path sandbox) {
        ContainerTask a = new ContainerTask("a", TaskSpec.getDefaultInstance(), List.of(),
                task(5, sandbox));
        Instance pod = new Instance(task(5, sandbox), List.of(a));
        runtime.launch(pod, new Deaf());
        runtime.launch(pod, new Deaf());
        // Of a pod that is not known; comes after the two on the same thread.
        runtime.forget(6, POD);
        Await.until("all is done", () -> tasks.told.size() >= 3);
        assertThat(tasks.told()).containsExactly("launch 0", "forget 1 of 6", "forget 0 of 6");
    }

    @Test
    void usageOfAPodIsTheSumOfItsContainers() {
        tasks.usage = List.of(new TaskUsage(5, 100, 1000), new TaskUsage(6, 7, 70),
                new TaskUsage(ContainerIds.of(5, 1), 20, 300));
        assertThat(runtime.usage()).containsExactly(new TaskUsage(5, 120, 1300),
                new TaskUsage(6, 7, 70));
    }

    @Test
    void refusesPodsThatCannotBe() {
        assertThat(PodCheck.problem(POD)).isEmpty();
        assertThat(PodCheck.problem(TaskSpec.getDefaultInstance())).isEmpty();
        assertThat(PodCheck.problem(POD.toBuilder()
                .addContainers(PodContainer.newBuilder().setName("a")).build()).orElseThrow())
                .contains("\"a\"", "unique");
        assertThat(PodCheck.problem(POD.toBuilder()
                .addContainers(PodContainer.newBuilder().setName("../x")).build()).orElseThrow())
                .contains("\"../x\"");
        assertThat(PodCheck.problem(POD.toBuilder()
                .addPorts(PortSpec.newBuilder().setHostPort(true)).build()).orElseThrow())
                .contains("ports are not those of its containers");
        TaskSpec.Builder many = TaskSpec.newBuilder();
        for (int i = 0; i <= ContainerIds.CONTAINERS_MAX; i++) {
            many.addContainers(PodContainer.newBuilder().setName("c" + i));
        }
        assertThat(PodCheck.problem(many.build()).orElseThrow()).contains("65 containers");
        assertThat(ContainerIds.fit(1L << 56, 2)).isFalse();
        assertThat(ContainerIds.fit((1L << 56) - 1, 2)).isTrue();
    }
}
