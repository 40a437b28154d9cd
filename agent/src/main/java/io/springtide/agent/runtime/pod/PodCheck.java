package io.springtide.agent.runtime.pod;

import io.springtide.agent.sandbox.PodFolder;
import io.springtide.api.agent.PodContainer;
import io.springtide.api.agent.PortSpec;
import io.springtide.api.agent.TaskSpec;
import io.springtide.api.agent.Volume;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether a pod can be run as it is defined. Pure. */
public final class PodCheck {

    private PodCheck() {}

    /** Why not, as a sentence; empty if all is well, or the spec is an app's. */
    public static Optional<String> problem(TaskSpec spec) {
        if (spec.getContainersCount() > ContainerIds.CONTAINERS_MAX) {
            return Optional.of("the pod has " + spec.getContainersCount()
                    + " containers, and an agent runs " + ContainerIds.CONTAINERS_MAX
                    + " of one pod at most");
        }
        Set<String> names = new HashSet<>();
        List<PortSpec> ports = new ArrayList<>();
        for (PodContainer container : spec.getContainersList()) {
            if (!PodFolder.named(container.getName()) || !names.add(container.getName())) {
                return Optional.of("the pod has a container named \"" + container.getName()
                        + "\"; a name must be unique and have lower-case letters, digits and"
                        + " dashes only, 63 at most");
            }
            for (Volume volume : container.getSpec().getContainer().getVolumesList()) {
                if (!volume.getPodVolume().isEmpty()
                        && !PodFolder.named(volume.getPodVolume())) {
                    return Optional.of("the pod has a volume named \"" + volume.getPodVolume()
                            + "\"; a name must have lower-case letters, digits and dashes only");
                }
            }
            ports.addAll(container.getSpec().getPortsList());
        }
        // As many host ports in the same places is all that it takes to hand them out.
        if (spec.getContainersCount() > 0 && !hosted(ports).equals(hosted(spec.getPortsList()))) {
            return Optional.of("the pod's ports are not those of its containers one after the"
                    + " other; the master is of another version");
        }
        return Optional.empty();
    }

    private static List<Boolean> hosted(List<PortSpec> ports) {
        return ports.stream().map(PortSpec::getHostPort).toList();
    }
}
