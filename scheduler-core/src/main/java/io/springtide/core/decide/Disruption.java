package io.springtide.core.decide;

import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Goal;
import io.springtide.core.model.Rules;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import java.util.TreeMap;

/**
 * How many instances of each app may still be evicted. Against the budget count those that were
 * evicted and have not been placed anew, and those that are ending, for whatever reason.
 */
final class Disruption {

    private final ClusterState state;
    private final TreeMap<AppId, Integer> left = new TreeMap<>();

    Disruption(ClusterState state) {
        this.state = state;
    }

    /** The most instances of an app that may be missing because of evictions, rounded up. */
    static int budget(AppState app) {
        return (int) (((long) app.wanted() * app.current().spec().shape().rules().disruptionPpm()
                + Rules.PPM - 1) / Rules.PPM);
    }

    /** Best effort has no say in it, and who serves nobody is not missed. */
    static boolean bounded(Instance instance) {
        return !instance.spare() && instance.version().spec().shape().rules()
                .serviceClass() != ServiceClass.BEST_EFFORT;
    }

    int left(AppState app) {
        return left.computeIfAbsent(app.id(), unused -> {
            int active = 0;
            int ending = 0;
            for (int i = 0; i < app.instances().size(); i++) {
                Instance instance = app.instances().get(i);
                active += instance.active() ? 1 : 0;
                ending += instance.goal() == Goal.DECOMMISSIONED && !instance.spare()
                        && state.agents()
                                .condition(instance.agentRow()) != AgentCondition.UNREACHABLE
                                        ? 1
                                        : 0;
            }
            int evicted = Math.min(app.evicted(), Math.max(0, app.wanted() - active));
            return budget(app) - Math.max(evicted, ending);
        });
    }

    void evict(Instance instance) {
        if (bounded(instance)) {
            left.put(instance.app().id(), left(instance.app()) - 1);
        }
    }
}
