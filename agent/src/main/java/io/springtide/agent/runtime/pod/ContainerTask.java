package io.springtide.agent.runtime.pod;

import io.springtide.agent.runtime.Task;
import io.springtide.api.agent.TaskSpec;
import java.util.List;

/**
 * One container of a pod's instance.
 *
 * @param spec what it is, with its own ports only
 * @param hostPorts one for each port of {@code spec} that wants a host port
 * @param task what the runtime is told; in Docker the first container is told the ports of all, since
 *     the network is its own
 */
public record ContainerTask(String name, TaskSpec spec, List<Integer> hostPorts, Task task) {

    public ContainerTask {
        hostPorts = List.copyOf(hostPorts);
    }
}
