package io.springtide.core.decide;

import io.springtide.core.CoreSettings;
import io.springtide.core.model.AppSpec;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Chooses service ports where an app leaves the choice, each for one app alone and for all its life. */
final class ServicePorts {

    private final ClusterState state;
    private final int first;
    private final int last;

    ServicePorts(ClusterState state, CoreSettings settings) {
        this.state = state;
        this.first = settings.servicePortFirst();
        this.last = settings.servicePortLast();
    }

    String exhausted() {
        return "All ports in the range [" + first + "-" + (last + 1) + ") are already in use";
    }

    /**
     * The spec with every port chosen; what the app had at the same position it keeps. Empty if there
     * are not enough ports left.
     *
     * @param taken by other apps of the same request; grows
     */
    Optional<AppSpec> resolve(AppSpec spec, Optional<AppState> present, BitSet taken) {
        if (!spec.servicePorts().contains(0)) {
            spec.servicePorts().forEach(taken::set);
            return Optional.of(spec);
        }
        List<Integer> before = present.map(app -> app.latest().spec().servicePorts())
                .orElse(List.of());
        List<Integer> ports = new ArrayList<>(spec.servicePorts());
        spec.servicePorts().forEach(taken::set);
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i) != 0) {
                continue;
            }
            if (i < before.size() && !spec.servicePorts().contains(before.get(i))) {
                ports.set(i, before.get(i));
                continue;
            }
            int port = free(taken);
            if (port > last) {
                return Optional.empty();
            }
            taken.set(port);
            ports.set(i, port);
        }
        ports.forEach(taken::set);
        return Optional.of(spec.withServicePorts(ports));
    }

    /** The lowest one that nobody has; above the last if there is none. */
    private int free(BitSet taken) {
        int port = first;
        while (true) {
            int free = taken.nextClearBit(state.servicePorts().nextFree(port));
            if (!state.servicePorts().used(free)) {
                return free;
            }
            port = free;
        }
    }
}
