package io.springtide.master.traffic;

import io.springtide.api.marathon.App;
import io.springtide.api.marathon.Container;
import io.springtide.api.marathon.Pod;
import io.springtide.api.marathon.PodContainer;
import io.springtide.api.marathon.PortMapping;
import io.springtide.core.state.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Where a port of an app's instances is found.
 *
 * @param slot which of the instance's host ports; -1 = it has none for this
 * @param containerPort at the instance's own address, if there is no host port; 0 = unknown
 */
record PortPlace(int slot, int containerPort) {

    /** In the order in which labels count them. */
    static List<PortPlace> of(App app) {
        List<PortPlace> places = new ArrayList<>();
        if (app.networking().isHost()) {
            for (int i = 0; i < app.networking().portDefinitions().size(); i++) {
                places.add(new PortPlace(i, 0));
            }
            return places;
        }
        int slot = 0;
        for (PortMapping mapping : app.container().map(Container::portMappings)
                .orElse(List.of())) {
            // Behind a bridge each has a host port, whether it was asked for or not.
            boolean outside = mapping.hostPort().isPresent() || app.networking().isBridge();
            places.add(outside
                    ? new PortPlace(slot++, 0)
                    : new PortPlace(-1, mapping.containerPort()));
        }
        return places;
    }

    /** The endpoints of its containers, one container after the other. */
    static List<PortPlace> of(Pod pod) {
        List<PortPlace> places = new ArrayList<>();
        int slot = 0;
        for (PodContainer container : pod.containers()) {
            for (PodContainer.Endpoint endpoint : container.endpoints()) {
                places.add(endpoint.hostPort().isPresent()
                        ? new PortPlace(slot++, 0)
                        : new PortPlace(-1, endpoint.containerPort().orElse(0)));
            }
        }
        return places;
    }

    /** The port of one instance; empty as long as it cannot be reached there. */
    OptionalInt port(Instance instance) {
        if (slot >= 0) {
            return slot < instance.portCount() && instance.port(slot) > 0
                    ? OptionalInt.of(instance.port(slot))
                    : OptionalInt.empty();
        }
        return containerPort > 0 && !instance.ipAddress().isEmpty()
                ? OptionalInt.of(containerPort)
                : OptionalInt.empty();
    }

    /** Whether it is reached at the instance's own address. */
    boolean inside() {
        return slot < 0;
    }
}
