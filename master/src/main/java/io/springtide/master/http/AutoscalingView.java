package io.springtide.master.http;

import io.springtide.core.elasticity.ScalingDecision;
import io.springtide.core.elasticity.ScalingPolicy;
import io.springtide.core.state.AppState;
import java.util.List;
import java.util.Optional;

/**
 * An app's policy as the committed state has it.
 *
 * @param owns the count is what the policy says, and not what the app's definition says
 * @param wanted how many instances are wanted
 * @param decisions the last ones, oldest first
 */
record AutoscalingView(String app, ScalingPolicy policy, boolean owns, int wanted,
        List<ScalingDecision> decisions) {

    static Optional<AutoscalingView> of(AppState app) {
        return app.scaling().map(policy -> new AutoscalingView(app.id().path(), policy,
                app.ownedByPolicy(), app.scaled(), app.scalings()));
    }
}
