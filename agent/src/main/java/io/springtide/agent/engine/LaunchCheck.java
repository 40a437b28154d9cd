package io.springtide.agent.engine;

import io.springtide.agent.runtime.pod.PodCheck;
import io.springtide.api.agent.LaunchGroup;
import io.springtide.api.agent.PortSpec;
import io.springtide.api.agent.Runtime;
import io.springtide.api.agent.TaskSpec;
import java.util.List;
import java.util.Optional;

/** Whether an order to launch can be carried out. Pure. */
final class LaunchCheck {

    private LaunchCheck() {}

    /** How many host ports each instance needs. */
    static int hostPorts(TaskSpec spec) {
        return (int) spec.getPortsList().stream().filter(PortSpec::getHostPort).count();
    }

    /**
     * Why not, as a sentence; empty if all is well.
     *
     * @param portsEach how many host ports each instance needs
     * @param runtimes that this agent has
     */
    static String refusal(LaunchGroup group, Optional<TaskSpec> found, int portsEach,
            List<Runtime> runtimes) {
        if (found.isEmpty()) {
            return "the master did not tell what spec " + group.getSpecDigest() + " is";
        }
        if (!found.get().getRefusal().isEmpty()) {
            return found.get().getRefusal();
        }
        if (group.getPortsCount() != portsEach * group.getInstanceIdsCount()) {
            return "the order has " + group.getPortsCount() + " host ports where "
                    + portsEach * group.getInstanceIdsCount() + " are needed";
        }
        if (group.getGpusCount() != 0 && group.getGpusCount() != group.getInstanceIdsCount()) {
            return "the order names GPUs for " + group.getGpusCount() + " of "
                    + group.getInstanceIdsCount() + " instances";
        }
        if (!runtimes.contains(found.get().getRuntime())) {
            return "this agent has no runtime " + found.get().getRuntime()
                    + "; start it with --runtime, or place the app elsewhere";
        }
        return PodCheck.problem(found.get()).orElse("");
    }
}
