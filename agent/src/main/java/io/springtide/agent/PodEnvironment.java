package io.springtide.agent;

import io.springtide.agent.runtime.pod.PodNetwork;
import io.springtide.api.agent.PodContainer;
import io.springtide.api.agent.PortSpec;
import io.springtide.api.agent.TaskSpec;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the containers of a pod find in their environment. Source: Marathon, pods; what the author wrote
 * wins over all of it. The endpoints of all containers are told to each.
 */
final class PodEnvironment {

    private static final String INSTANCE = ".instance-";

    private PodEnvironment() {}

    /**
     * Composes the environment of one container.
     *
     * @param pod the spec of the whole pod
     * @param container the spec of the container, the pod's labels included
     * @param instanceId of the pod's instance, as in its task ids
     * @param hostPorts one for each port of the pod that wants a host port
     * @param gpus which of the machine's GPUs it gets, one bit each
     */
    static Map<String, String> compose(TaskSpec pod, String name, TaskSpec container,
            String instanceId, String taskId, List<Integer> hostPorts, int gpus, String hostname,
            Path sandbox) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("MESOS_TASK_ID", taskId);
        all.put("MESOS_EXECUTOR_ID", executorId(instanceId));
        all.put("MESOS_SANDBOX", sandbox.toString());
        all.put("MESOS_DIRECTORY", sandbox.toString());
        all.put("MARATHON_APP_ID", pod.getAppId());
        all.put("MARATHON_APP_VERSION", pod.getAppVersion());
        all.put("MARATHON_CONTAINER_ID", name);
        TaskEnvironment.resources("MARATHON_CONTAINER_RESOURCE_", container.getResources(), all);
        TaskEnvironment.labels(container, all);
        all.put("HOST", hostname);
        endpoints(pod, hostPorts, all);
        TaskEnvironment.gpus(gpus, all);
        all.putAll(container.getEnvMap());
        return all;
    }

    /** {@code shop.instance-X} becomes {@code instance-shop.X}. Source: Marathon, Instance.Id. */
    private static String executorId(String instanceId) {
        int at = instanceId.lastIndexOf(INSTANCE);
        return at < 0
                ? instanceId
                : "instance-" + instanceId.substring(0, at) + "."
                        + instanceId.substring(at + INSTANCE.length());
    }

    private static void endpoints(TaskSpec pod, List<Integer> hostPorts,
            Map<String, String> all) {
        boolean ownNetwork = PodNetwork.own(pod.getRuntime(),
                pod.getContainers(0).getSpec().getContainer());
        int taken = 0;
        for (PodContainer container : pod.getContainersList()) {
            for (PortSpec port : container.getSpec().getPortsList()) {
                int hostPort = port.getHostPort() && taken < hostPorts.size()
                        ? hostPorts.get(taken++)
                        : 0;
                endpoint(port, hostPort, ownNetwork, all);
            }
        }
    }

    /** Without a network of its own, a container has to listen on the very port that is the machine's. */
    private static void endpoint(PortSpec port, int hostPort, boolean ownNetwork,
            Map<String, String> all) {
        if (port.getName().isEmpty()) {
            return;
        }
        String name = port.getName().toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9_]+", "_");
        int inside = port.getContainerPort() > 0 && (ownNetwork || hostPort == 0)
                ? port.getContainerPort()
                : hostPort;
        if (inside > 0) {
            all.put("ENDPOINT_" + name, Integer.toString(inside));
        }
        if (hostPort > 0) {
            all.put("EP_HOST_" + name, Integer.toString(hostPort));
        }
        if (inside > 0 && (ownNetwork || port.getContainerPort() > 0)) {
            all.put("EP_CONTAINER_" + name, Integer.toString(inside));
        }
    }
}
