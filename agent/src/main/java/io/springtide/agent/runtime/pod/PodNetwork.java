package io.springtide.agent.runtime.pod;

import io.springtide.agent.runtime.Task;
import io.springtide.api.agent.Container;
import io.springtide.api.agent.Container.Network;
import io.springtide.api.agent.Runtime;

/** How the containers of a pod come to share a network: Docker lets one join that of another. */
public final class PodNetwork {

    private static final String OF_CONTAINER = "container:";

    private PodNetwork() {}

    /** Whether the containers have a network of their own, which the first of them brings. */
    public static boolean own(Runtime runtime, Container first) {
        return runtime == Runtime.DOCKER && first.getNetwork() != Network.HOST;
    }

    /** The same container in the network of another, which must run. */
    public static Container joining(Container container, String taskId) {
        return container.toBuilder().setNetwork(Network.NAMED)
                .setNetworkName(OF_CONTAINER + taskId).build();
    }

    static boolean joins(Task task) {
        return task.spec().getContainer().getNetworkName().startsWith(OF_CONTAINER);
    }
}
