package io.springtide.core.sim;

import io.springtide.core.event.Event;
import io.springtide.core.model.Delivery;
import io.springtide.core.model.Upgrade;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;

/**
 * Watches one app for what a change of it must never do: let health drop below its minimum by a kill of
 * ours, or have more instances than allowed. What fails by itself is not our doing.
 */
public final class RolloutWatch {

    private RolloutWatch() {}

    /** Throws an {@link AssertionError} if a fact that is about to be applied breaks a bound. */
    public static void before(ClusterState state, AppState app, Event event) {
        Upgrade upgrade = app.current().spec().upgrade();
        int wanted = app.wanted();
        int healthyMin = upgrade.healthyMin(wanted);
        int activeMax = upgrade.activeMax(wanted);
        if (event instanceof Event.InstancesDecommissioned ending) {
            int healthy = 0;
            int lost = 0;
            for (int i = 0; i < app.instances().size(); i++) {
                Instance one = app.instances().get(i);
                if (one.active() && state.healthy(one)) {
                    healthy++;
                    lost += ending.instances().contains(one.number()) ? 1 : 0;
                }
            }
            int least = app.rollout().stopFirst() ? healthyMin - 1 : healthyMin;
            Invariants.require(lost == 0 || healthy - lost >= least,
                    ending + " leaves " + (healthy - lost) + " healthy ones, at least " + least
                            + " are to be while " + wanted + " are wanted");
        }
        if (event instanceof Event.InstancesPlaced placed) {
            int all = app.instances().size() + placed.agentRows().length;
            int most = healthyMin == activeMax ? activeMax + 1 : activeMax;
            Invariants.require(withinStage(app, placed), "more new ones than the stage lets in");
            Invariants.require(all <= most, "there would be " + all + " instances, at most "
                    + most + " are allowed while " + wanted + " are wanted");
        }
    }

    private static boolean withinStage(AppState app, Event.InstancesPlaced placed) {
        int stage = app.rollout().stage();
        Delivery delivery = app.current().spec().delivery();
        int fresh = placed.agentRows().length;
        int old = 0;
        for (int i = 0; i < app.instances().size(); i++) {
            Instance one = app.instances().get(i);
            boolean present = one.version().configuredMs() == app.current().configuredMs();
            fresh += present && one.active() ? 1 : 0;
            old += !present && one.active() ? 1 : 0;
        }
        return old == 0 || stage >= delivery.canary().size()
                || fresh <= delivery.canary().get(stage).of(app.wanted());
    }
}
