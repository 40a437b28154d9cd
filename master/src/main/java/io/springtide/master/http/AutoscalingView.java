package io.springtide.master.http;

import io.springtide.core.elasticity.ScalingDecision;
import io.springtide.core.elasticity.ScalingPolicy;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Goal;
import io.springtide.core.state.AppState;
import io.springtide.core.state.Instance;
import java.util.List;
import java.util.Optional;

/**
 * An app's policy as the committed state has it.
 *
 * @param owns the count is what the policy says, and not what the app's definition says
 * @param wanted how many instances are wanted
 * @param frozen standbys that can be promoted at once
 * @param decisions the last ones, oldest first
 */
record AutoscalingView(String app, ScalingPolicy policy, boolean owns, int wanted, int frozen,
        List<ScalingDecision> decisions) {

    static Optional<AutoscalingView> of(AppState app) {
        return app.scaling().map(policy -> new AutoscalingView(app.id().path(), policy,
                app.ownedByPolicy(), app.scaled(), frozen(app), app.scalings()));
    }

    private static int frozen(AppState app) {
        int frozen = 0;
        for (int i = 0; i < app.instances().size(); i++) {
            Instance one = app.instances().get(i);
            if (one.goal() == Goal.STANDBY && one.seen() == Condition.PAUSED) {
                frozen++;
            }
        }
        return frozen;
    }
}
