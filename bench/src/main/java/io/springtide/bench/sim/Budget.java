package io.springtide.bench.sim;

import io.springtide.core.event.Event;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AppId;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Whether apps keep as many healthy instances as they ask for while others move or are replaced. */
final class Budget {

    private Budget() {}

    /** Whether anything is to be checked there. */
    static boolean concerns(Event.InstancesDecommissioned ends) {
        return ends.reason() == Event.Reason.DRAINED || ends.reason() == Event.Reason.REPLACED;
    }

    /**
     * A sentence if these ends, which nothing forces, cost an app more than it allows.
     *
     * @param state before them
     * @param inAHurry agents that a person wants empty by some time, whatever it costs
     */
    static Optional<String> broken(ClusterState state, Event.InstancesDecommissioned ends,
            Predicate<AgentId> inAHurry) {
        if (!concerns(ends) || state.healthStormMs() != 0) {
            // In a health storm nobody knows who is healthy.
            return Optional.empty();
        }
        TreeMap<AppId, Integer> gone = new TreeMap<>();
        TreeMap<AppId, Integer> taken = new TreeMap<>();
        for (long number : ends.instances()) {
            Instance one = state.instance(number).orElse(null);
            if (one != null && one.active() && state.healthy(one)) {
                gone.merge(one.app().id(), 1, Integer::sum);
                if (ends.reason() != Event.Reason.DRAINED
                        || !inAHurry.test(state.agents().spec(one.agentRow()).id())) {
                    taken.merge(one.app().id(), 1, Integer::sum);
                }
            }
        }
        for (var one : taken.entrySet()) {
            AppState app = state.app(one.getKey()).orElseThrow();
            int left = healthy(state, app) - gone.getOrDefault(one.getKey(), 0);
            int least = app.current().spec().upgrade().healthyMin(app.wanted())
                    - (app.rollout().stopFirst() ? 1 : 0);
            if (left < least) {
                return Optional.of("app " + app.id() + " is left with " + left
                        + " healthy instances of at least " + least + " for "
                        + ends.reason() + " " + ends.instances());
            }
        }
        return Optional.empty();
    }

    private static int healthy(ClusterState state, AppState app) {
        int healthy = 0;
        for (int i = 0; i < app.instances().size(); i++) {
            Instance one = app.instances().get(i);
            healthy += one.active() && state.healthy(one) ? 1 : 0;
        }
        return healthy;
    }
}
