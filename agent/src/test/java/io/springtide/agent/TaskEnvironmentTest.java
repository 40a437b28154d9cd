package io.springtide.agent;

import io.springtide.api.agent.Container;
import io.springtide.api.agent.PortSpec;
import io.springtide.api.agent.Resources;
import io.springtide.api.agent.TaskSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TaskEnvironmentTest {

    @Test
    void hasWhatMarathonGivesItsTasks() {
        TaskSpec spec = TaskSpec.newBuilder().setAppId("/shop/cart")
                .setAppVersion("2026-01-01T00:00:00.000Z")
                .setContainer(Container.newBuilder().setImage("busybox"))
                .setResources(Resources.newBuilder().setCpusMilli(100).setMemMib(128))
                .putLabels("tier-1", "x")
                .putLabels("a", "y").putEnv("HOST", "mine").putEnv("OWN", "1")
                .addPorts(PortSpec.newBuilder().setName("http-api").setRequested(8080)
                        .setHostPort(true))
                .addPorts(PortSpec.newBuilder().setContainerPort(9090).setRequested(9090))
                .addPorts(PortSpec.newBuilder().setHostPort(true)).build();
        Map<String, String> all = TaskEnvironment.compose(spec, "task", List.of(31005, 31006), 0,
                "h",
                Path.of("/s"));
        assertThat(all).containsEntry("MESOS_TASK_ID", "task").containsEntry("MESOS_SANDBOX", "/s")
                .containsEntry("MARATHON_APP_ID", "/shop/cart")
                .containsEntry("MARATHON_APP_DOCKER_IMAGE", "busybox")
                .containsEntry("MARATHON_APP_RESOURCE_CPUS", "0.1")
                .containsEntry("MARATHON_APP_RESOURCE_MEM", "128.0")
                .containsEntry("MARATHON_APP_RESOURCE_DISK", "0.0")
                .containsEntry("MARATHON_APP_RESOURCE_GPUS", "0")
                .containsEntry("MARATHON_APP_LABELS", "A TIER_1")
                .containsEntry("MARATHON_APP_LABEL_TIER_1", "x")
                .containsEntry("HOST", "mine").containsEntry("OWN", "1")
                .containsEntry("PORT", "31005")
                .containsEntry("PORT0", "31005").containsEntry("PORT1", "9090")
                .containsEntry("PORT2", "31006")
                .containsEntry("PORTS", "31005,9090,31006").containsEntry("PORT_8080", "31005")
                .containsEntry("PORT_9090", "9090").containsEntry("PORT_31006", "31006")
                .containsEntry("PORT_HTTP-API", "31005")
                .doesNotContainKey("NVIDIA_VISIBLE_DEVICES");
    }

    @Test
    void namesTheGpusThatATaskGetsUnlessTheAppSaysItself() {
        TaskSpec spec = TaskSpec.newBuilder().setAppId("/train").build();
        assertThat(TaskEnvironment.compose(spec, "task", List.of(), 0b1000_0000_0000_0101, "h",
                Path.of("/s"))).containsEntry("NVIDIA_VISIBLE_DEVICES", "0,2,15");
        TaskSpec own = spec.toBuilder().putEnv("NVIDIA_VISIBLE_DEVICES", "all").build();
        assertThat(TaskEnvironment.compose(own, "task", List.of(), 1, "h", Path.of("/s")))
                .containsEntry("NVIDIA_VISIBLE_DEVICES", "all");
    }
}
