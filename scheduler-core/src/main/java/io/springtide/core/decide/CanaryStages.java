package io.springtide.core.decide;

import io.springtide.core.model.RolloutState;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import java.util.Optional;

/** How a change goes from stage to stage; a blue-green one that waits for a person has one stage. */
final class CanaryStages {

    private CanaryStages() {}

    /** Where the change stands now, if that is somewhere else than it stood. */
    static Optional<RolloutState> next(ClusterState state, AppState app, long nowMs) {
        Course course = Course.of(app);
        RolloutState rollout = app.rollout();
        if (course.paused() || !course.gated() || app.leaving()) {
            return Optional.empty();
        }
        Counted count = new Counted(state, app);
        if (count.old.isEmpty()) {
            return Optional.empty();
        }
        if (count.freshGood < course.stageMax()) {
            // A pause is one without a break in their health.
            return rollout.stagedMs() == 0
                    ? Optional.empty()
                    : Optional.of(rollout.withStage(rollout.stage()));
        }
        long pauseMs = course.pauseMs();
        if (pauseMs == 0) {
            return Optional.of(rollout.withStage(rollout.stage() + 1));
        }
        if (rollout.stagedMs() == 0) {
            return Optional.of(rollout.withStaged(nowMs));
        }
        return pauseMs > 0 && nowMs - rollout.stagedMs() >= pauseMs
                ? Optional.of(rollout.withStage(rollout.stage() + 1))
                : Optional.empty();
    }

    /** Where it stands once somebody has let it go on; empty if it does not wait. */
    static Optional<RolloutState> promoted(AppState app) {
        Course course = Course.of(app);
        return course.gated() && !app.leaving() && app.rollout().stagedMs() != 0
                ? Optional.of(app.rollout().withStage(app.rollout().stage() + 1))
                : Optional.empty();
    }
}
