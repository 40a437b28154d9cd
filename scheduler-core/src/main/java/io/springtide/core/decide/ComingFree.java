package io.springtide.core.decide;

import io.springtide.core.event.Event;
import io.springtide.core.model.Goal;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.InstanceList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The instances that are ending: what they hold will be free soon. An index only; it holds what a look
 * at every instance would find.
 */
final class ComingFree {

    private final ClusterState state;
    private final TreeSet<Long> ending = new TreeSet<>();

    ComingFree(ClusterState state) {
        this.state = state;
        state.apps().values().forEach(app -> {
            InstanceList all = app.instances();
            for (int i = 0; i < all.size(); i++) {
                if (all.get(i).goal() == Goal.DECOMMISSIONED) {
                    ending.add(all.get(i).number());
                }
            }
        });
    }

    void applied(Event.InstancesDecommissioned decommissioned) {
        ending.addAll(decommissioned.instances());
    }

    /** Those on agents that are heard of, by number. */
    List<Instance> instances() {
        List<Instance> live = new ArrayList<>();
        ending.removeIf(number -> {
            Optional<Instance> instance = state.instance(number);
            instance.filter(one -> Amounts.live(state.agents(), one.agentRow()))
                    .ifPresent(live::add);
            return instance.isEmpty();
        });
        return live;
    }
}
