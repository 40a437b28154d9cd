package io.springtide.api.agent;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TaskIdsTest {

    private static final String PREFIX = TaskIds.prefix("/shop/cart", "5f0c9e1ad2b34c77");
    private static final String INSTANCE = "shop_cart.instance-5f0c9e1a-d2b3-4c77-0000-00000000002a";

    @Test
    void namesInstancesTasksAndContainers() {
        assertThat(TaskIds.instanceId(PREFIX, 42)).isEqualTo(INSTANCE);
        assertThat(TaskIds.taskId(PREFIX, 42)).isEqualTo(INSTANCE + "._app.1");
        assertThat(TaskIds.taskId(PREFIX, 42, "web")).isEqualTo(INSTANCE + ".web.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "._app.1", ".web", ".web.1", ".1", ".side-car-2.1"})
    void findsTheNumberOfAnInstance(String rest) {
        assertThat(TaskIds.instanceNumber(INSTANCE + rest)).isEqualTo(OptionalLong.of(42));
    }

    @Test
    void findsTheContainerOfATask() {
        assertThat(TaskIds.container(INSTANCE + ".web.1")).contains("web");
        assertThat(TaskIds.container(INSTANCE + ".1")).contains("1");
        assertThat(TaskIds.container(INSTANCE)).isEmpty();
        assertThat(TaskIds.container(INSTANCE + "._app.1")).isEmpty();
        assertThat(TaskIds.container("web.1")).isEmpty();
    }

    @Test
    void findsTheCluster() {
        assertThat(TaskIds.clusterId(TaskIds.taskId(PREFIX, 42))).isPresent()
                .isEqualTo(TaskIds.clusterId(INSTANCE + ".web.1"));
        assertThat(TaskIds.prefix("/a", TaskIds.clusterId(INSTANCE).orElseThrow()).substring(1))
                .isEqualTo(PREFIX.substring(PREFIX.indexOf(".instance-")));
        assertThat(TaskIds.clusterId("web.1")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "._app.2", "web", ".web.2", ".Web.1", "..1", ".a.b"})
    void passesOverWhatIsNoIdOfOurs(String rest) {
        assertThat(TaskIds.instanceNumber(INSTANCE + rest)).isEmpty();
    }
}
