package io.springtide.core.decide;

import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Goal;
import io.springtide.core.model.Health;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.InstanceList;
import java.util.ArrayList;
import java.util.List;

/** The instances of an app, told apart and counted. Those that count towards nothing are not here, and
 * of standbys only their number. */
final class Counted {

    final ClusterState state;
    final AppState app;
    final Course course;
    /** Of the present configuration, oldest first. */
    final List<Instance> fresh;
    /** Of older configurations, oldest first. */
    final List<Instance> old = new ArrayList<>();
    int freshHealthy;
    /** Healthy, and ready where that is asked for. */
    int freshGood;
    int oldHealthy;
    /** On their way out, on agents that are heard of. */
    int ending;
    /** Of those, the ones whose health checks were exhausted. */
    int illEnding;
    /** Standbys, also those on their way out, on agents that are heard of: they hold their ports. */
    int spare;

    private final boolean storm;

    Counted(ClusterState state, AppState app) {
        this.state = state;
        this.app = app;
        this.course = Course.of(app);
        this.storm = state.healthStormMs() != 0;
        InstanceList all = app.instances();
        this.fresh = new ArrayList<>(all.size());
        for (int i = 0; i < all.size(); i++) {
            count(all.get(i));
        }
    }

    private void count(Instance instance) {
        boolean heardOf = state.agents()
                .condition(instance.agentRow()) != AgentCondition.UNREACHABLE;
        if (instance.spare()) {
            spare += heardOf ? 1 : 0;
            return;
        }
        if (!instance.active()) {
            if (heardOf) {
                ending++;
                illEnding += instance.exhausted() && instance.goal() != Goal.RUNNING ? 1 : 0;
            }
            return;
        }
        if (Course.fresh(app, instance.version())) {
            fresh.add(instance);
            freshHealthy += state.healthy(instance) ? 1 : 0;
            freshGood += good(instance) ? 1 : 0;
        } else {
            old.add(instance);
            oldHealthy += serves(instance) ? 1 : 0;
        }
    }

    /** It is all that a new one has to be. */
    boolean good(Instance instance) {
        return state.healthy(instance)
                && (!course.readinessChecked() || instance.readiness().ready());
    }

    /** It is healthy, or there is a storm and it may well be. */
    boolean serves(Instance instance) {
        return state.healthy(instance) || (storm && instance.health() == Health.DEAD
                && state.conditionOf(instance) == Condition.RUNNING);
    }

    /** Its checks have failed too often, and its agent is there to end it. */
    boolean ill(Instance instance) {
        return instance.exhausted() && !state.conditionOf(instance).unreachable();
    }

    /** Its agent is being emptied, and is there to end it. */
    boolean moving(Instance instance) {
        return state.agents().marks().draining(instance.agentRow())
                && !state.conditionOf(instance).unreachable();
    }

    /** So many checks fail in the cluster that none is believed. */
    boolean storm() {
        return storm;
    }

    /** Of both kinds. */
    int active() {
        return fresh.size() + old.size();
    }
}
