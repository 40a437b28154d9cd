package io.springtide.agent;

import io.springtide.agent.health.HealthTarget;
import io.springtide.agent.runtime.pod.ContainerTask;
import io.springtide.agent.runtime.pod.Instance;
import io.springtide.api.agent.Container;
import io.springtide.api.agent.PodContainer;
import io.springtide.api.agent.PortSpec;
import io.springtide.api.agent.Resources;
import io.springtide.api.agent.Runtime;
import io.springtide.api.agent.TaskIds;
import io.springtide.api.agent.TaskSpec;
import io.springtide.api.agent.Volume;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class InstanceTasksTest {

    private static final String CLUSTER = "5f0c9e1ad2b34c77";
    private static final String UUID = "5f0c9e1a-d2b3-4c77-0000-000000000001";
    private static final Path SANDBOX = Path.of("/data/sandboxes/x");

    private static PortSpec.Builder port(String name, int containerPort, boolean host) {
        return PortSpec.newBuilder().setName(name).setContainerPort(containerPort)
                .setRequested(containerPort).setHostPort(host).setTcp(true);
    }

    private static TaskSpec pod(Runtime runtime, Container.Network network) {
        Container.Builder image = Container.newBuilder().setImage("i").setNetwork(network);
        TaskSpec web = TaskSpec.newBuilder().setCommand("web").putEnv("OWN", "1")
                .putLabels("tier", "front").addPorts(port("http-api", 8080, true))
                .addPorts(port("plain", 9000, false))
                .setResources(Resources.newBuilder().setCpusMilli(250).setMemMib(32).setGpus(1))
                .setContainer(image.clone().addVolumes(Volume.newBuilder().setContainerPath("/x")
                        .setPodVolume("shared").setReadOnly(true)))
                .build();
        TaskSpec db = TaskSpec.newBuilder().setCommand("db").putEnv("HOST", "mine")
                .addPorts(port("sql", 0, true))
                .setResources(Resources.newBuilder().setGpus(2)).setContainer(image).build();
        return TaskSpec.newBuilder().setDigest("d").setAppId("/shop/pod").setAppVersion("v")
                .setRuntime(runtime).putLabels("team", "a").putLabels("tier", "any")
                .setTaskIdPrefix(TaskIds.prefix("/shop/pod", CLUSTER))
                .addContainers(PodContainer.newBuilder().setName("web").setSpec(web))
                .addContainers(PodContainer.newBuilder().setName("db").setSpec(db))
                .addAllPorts(web.getPortsList()).addAllPorts(db.getPortsList()).build();
    }

    private static Instance compose(Runtime runtime, Container.Network network) {
        return new InstanceTasks("h").compose(1, pod(runtime, network), List.of(31001, 31002),
                0b1_0110, SANDBOX);
    }

    @Test
    void containersHaveTheEnvironmentThatMarathonGivesThem() {
        Instance pod = compose(Runtime.DOCKER, Container.Network.BRIDGE);
        Map<String, String> web = pod.containers().get(0).task().environment();
        assertThat(web).containsEntry("MESOS_TASK_ID", "shop_pod.instance-" + UUID + ".web.1")
                .containsEntry("MESOS_EXECUTOR_ID", "instance-shop_pod." + UUID)
                .containsEntry("MARATHON_APP_ID", "/shop/pod")
                .containsEntry("MARATHON_APP_VERSION", "v")
                .containsEntry("MARATHON_CONTAINER_ID", "web")
                .containsEntry("MARATHON_CONTAINER_RESOURCE_CPUS", "0.25")
                .containsEntry("MARATHON_CONTAINER_RESOURCE_MEM", "32.0")
                .containsEntry("MARATHON_CONTAINER_RESOURCE_DISK", "0.0")
                .containsEntry("MARATHON_CONTAINER_RESOURCE_GPUS", "1")
                .containsEntry("MARATHON_APP_LABELS", "TEAM TIER")
                .containsEntry("MARATHON_APP_LABEL_TIER", "front")
                .containsEntry("HOST", "h").containsEntry("OWN", "1")
                .containsEntry("NVIDIA_VISIBLE_DEVICES", "1")
                .doesNotContainKeys("PORT0", "PORTS", "MARATHON_APP_RESOURCE_CPUS");
        Map<String, String> db = pod.containers().get(1).task().environment();
        assertThat(db).containsEntry("HOST", "mine").containsEntry("MARATHON_APP_LABEL_TIER", "any")
                .containsEntry("NVIDIA_VISIBLE_DEVICES", "2,4");
        for (Map<String, String> each : List.of(web, db)) {
            assertThat(each).containsEntry("ENDPOINT_HTTP_API", "8080")
                    .containsEntry("EP_HOST_HTTP_API", "31001")
                    .containsEntry("EP_CONTAINER_HTTP_API", "8080")
                    .containsEntry("ENDPOINT_PLAIN", "9000")
                    .containsEntry("EP_CONTAINER_PLAIN", "9000")
                    .doesNotContainKey("EP_HOST_PLAIN")
                    .containsEntry("ENDPOINT_SQL", "31002").containsEntry("EP_HOST_SQL", "31002")
                    .containsEntry("EP_CONTAINER_SQL", "31002");
        }
    }

    @Test
    void processesListenOnTheHostPortsThemselves() {
        Map<String, String> web = compose(Runtime.PROCESS, Container.Network.HOST).containers()
                .get(0).task().environment();
        assertThat(web).containsEntry("ENDPOINT_HTTP_API", "31001")
                .containsEntry("EP_CONTAINER_HTTP_API", "31001")
                .containsEntry("ENDPOINT_SQL", "31002").doesNotContainKey("EP_CONTAINER_SQL");
    }

    @Test
    void theFirstContainerHoldsTheNetworkAndThePortsOfAll() {
        Instance pod = compose(Runtime.DOCKER, Container.Network.BRIDGE);
        ContainerTask web = pod.containers().get(0);
        ContainerTask db = pod.containers().get(1);
        assertThat(web.task().spec().getPortsList())
                .isEqualTo(pod.task().spec().getPortsList());
        assertThat(web.task().hostPorts()).containsExactly(31001, 31002);
        assertThat(db.task().spec().getPortsCount()).isZero();
        assertThat(db.task().spec().getContainer().getNetworkName())
                .isEqualTo("container:shop_pod.instance-" + UUID + ".web.1");
        assertThat(web.hostPorts()).containsExactly(31001);
        assertThat(db.hostPorts()).containsExactly(31002);
        assertThat(db.spec().getPortsList()).extracting(PortSpec::getName).containsExactly("sql");
        assertThat(List.of(web.task().instanceId(), db.task().instanceId()))
                .containsExactly(1L, 1L + (1L << 56));
    }

    @Test
    void onTheMachinesNetworkNobodyJoinsAnybody() {
        Instance pod = compose(Runtime.DOCKER, Container.Network.HOST);
        assertThat(pod.containers()).allSatisfy(one -> assertThat(
                one.task().spec().getContainer().getNetworkName()).isEmpty());
    }

    @Test
    void sharedVolumesAreFoldersOfTheInstance() {
        ContainerTask web = compose(Runtime.DOCKER, Container.Network.BRIDGE).containers().get(0);
        assertThat(web.task().spec().getContainer().getVolumesList()).containsExactly(
                Volume.newBuilder().setContainerPath("/x").setReadOnly(true)
                        .setHostPath(SANDBOX + "/volumes/shared").build());
        assertThat(web.task().sandbox()).isEqualTo(SANDBOX.resolve("containers/web"));
    }

    @Test
    void checksKnockAtThePodsAddressAndAtTheContainersOwnPorts() {
        Instance pod = compose(Runtime.DOCKER, Container.Network.BRIDGE);
        List<HealthTarget> targets = InstanceTasks.healthTargets(pod, "172.17.0.2");
        assertThat(targets).extracting(HealthTarget::container).containsExactly("web", "db");
        assertThat(targets).allSatisfy(target -> {
            assertThat(target.instanceId()).isEqualTo(1);
            assertThat(target.ipAddress()).isEqualTo("172.17.0.2");
            assertThat(target.network()).isEqualTo(pod.containers().get(0).task());
        });
        assertThat(targets.get(1).hostPorts()).containsExactly(31002);
        assertThat(targets.get(1).task()).isEqualTo(pod.containers().get(1).task());
    }

    @Test
    void anAppIsOneTaskAsEver() {
        TaskSpec app = TaskSpec.newBuilder().setAppId("/a").setCommand("x")
                .setTaskIdPrefix(TaskIds.prefix("/a", CLUSTER)).build();
        Instance instance = new InstanceTasks("h").compose(1, app, List.of(), 0, SANDBOX);
        assertThat(instance.containers()).isEmpty();
        assertThat(instance.task().spec()).isEqualTo(app);
        assertThat(InstanceTasks.healthTargets(instance, ""))
                .containsExactly(HealthTarget.of(instance.task(), ""));
    }
}
