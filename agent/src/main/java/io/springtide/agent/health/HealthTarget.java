package io.springtide.agent.health;

import io.springtide.agent.runtime.Task;
import io.springtide.api.agent.TaskSpec;
import java.util.List;

/**
 * What is asked how it is: the task of an app, or one container of a pod.
 *
 * @param container its name; empty for an app
 * @param spec whose checks and ports count; {@code task} may be told the ports of a whole pod
 * @param hostPorts one for each port of {@code spec} that wants a host port
 * @param ipAddress the container's own address, or empty
 * @param task in which COMMAND checks run
 * @param network the task whose network is shared; {@code task} itself but in pods
 */
public record HealthTarget(long instanceId, String container, TaskSpec spec,
        List<Integer> hostPorts, String ipAddress, Task task, Task network) {

    public HealthTarget {
        hostPorts = List.copyOf(hostPorts);
    }

    /** An app's one task, as its runtime was told. */
    public static HealthTarget of(Task task, String ipAddress) {
        return new HealthTarget(task.instanceId(), "", task.spec(), task.hostPorts(), ipAddress,
                task, task);
    }
}
