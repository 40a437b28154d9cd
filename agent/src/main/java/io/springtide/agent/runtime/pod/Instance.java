package io.springtide.agent.runtime.pod;

import io.springtide.agent.runtime.Task;
import java.util.List;

/**
 * One instance of an app or of a pod.
 *
 * @param task all of an app's; of a pod only its ids, spec, ports and sandbox are used
 * @param containers of a pod, in its spec's order; empty for an app
 */
public record Instance(Task task, List<ContainerTask> containers) {

    public Instance {
        containers = List.copyOf(containers);
    }

    /** Its number. */
    public long id() {
        return task.instanceId();
    }
}
