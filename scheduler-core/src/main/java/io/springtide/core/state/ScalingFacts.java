package io.springtide.core.state;

import io.springtide.core.elasticity.ScalingDecision;
import io.springtide.core.event.Event;
import io.springtide.core.model.Rejections;

/** Takes in facts about policies, and about the counts that they decide. */
final class ScalingFacts {

    private final ClusterState state;

    ScalingFacts(ClusterState state) {
        this.state = state;
    }

    void apply(Event.ScalingSet set) {
        AppState app = state.known(set.app());
        int before = app.wanted();
        app.scaling = set.policy();
        app.scaled = set.policy().dryRun() ? 0 : set.count();
        rescaled(app, before, set.atMs());
    }

    void apply(Event.ScalingRemoved removed) {
        AppState app = state.known(removed.app());
        int before = app.wanted();
        app.scaling = null;
        app.scaled = 0;
        app.scalings.clear();
        rescaled(app, before, removed.atMs());
    }

    void apply(Event.AppScaled scaled) {
        AppState app = state.known(scaled.app());
        remember(app, new ScalingDecision(scaled.atMs(), scaled.from(), scaled.to(),
                scaled.reason(), !app.ownedByPolicy()));
        if (app.ownedByPolicy()) {
            int before = app.wanted();
            app.scaled = scaled.to();
            rescaled(app, before, scaled.atMs());
        }
    }

    static void remember(AppState app, ScalingDecision decision) {
        if (app.scalings.size() == AppState.SCALINGS_MAX) {
            app.scalings.removeFirst();
        }
        app.scalings.addLast(decision);
    }

    /** Another count may be wanted: what was missing of the one before says nothing any more. */
    private void rescaled(AppState app, int before, long atMs) {
        state.touch(app);
        app.evicted = Math.clamp(app.wanted() - app.active(), 0, app.evicted);
        if (app.wanted() == before) {
            return;
        }
        app.missing = 0;
        app.rejections = Rejections.NONE;
        if (app.serving() >= app.wanted()) {
            app.waitingSinceMs = 0;
        } else if (app.waitingSinceMs == 0) {
            app.waitingSinceMs = atMs;
        }
    }
}
