package io.springtide.agent.runtime.pod;

import io.springtide.agent.runtime.TaskListener;
import io.springtide.api.agent.ContainerStatus;
import java.util.List;

/** Hears what becomes of an instance, and of the containers of a pod. */
public interface InstanceListener extends TaskListener {

    /**
     * The containers of a pod stand differently than before; told before whatever follows from it for
     * the instance.
     */
    void containers(long instanceId, List<ContainerStatus> containers);
}
