package io.springtide.core.decide;

import io.springtide.core.elasticity.ScalingDecision;
import io.springtide.core.model.RolloutState;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import java.util.Optional;

/** How a change goes from stage to stage; a blue-green one that waits for a person has one stage. */
final class CanaryStages {

    private CanaryStages() {}

    /**
     * Where the change stands now, if that is somewhere else than it stood. A pause does not run out by
     * this: when it is looked at must not matter, so only ticks say that time has passed.
     */
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
        if (rollout.stagedMs() != 0 && count.freshGood < course.stageMax(fewestSince(app,
                rollout.stagedMs()))) {
            // A pause is one without a break in their health.
            return Optional.of(rollout.withStage(rollout.stage()));
        }
        if (rollout.stagedMs() == 0 && count.freshGood < course.stageMax()) {
            return Optional.empty();
        }
        long pauseMs = course.pauseMs();
        if (pauseMs == 0) {
            return Optional.of(rollout.withStage(rollout.stage() + 1));
        }
        return rollout.stagedMs() == 0
                ? Optional.of(rollout.withStaged(nowMs))
                : Optional.empty();
    }

    /**
     * Fewest instances that its policy has wanted since the stage was reached: more new ones that are
     * wanted later, and are not there yet, are no break in the health of those that are.
     */
    private static int fewestSince(AppState app, long stagedMs) {
        int fewest = app.wanted();
        if (app.ownedByPolicy()) {
            for (ScalingDecision one : app.scalings()) {
                if (one.atMs() > stagedMs && !one.dryRun()) {
                    fewest = Math.min(fewest, Math.min(one.from(), one.to()));
                }
            }
        }
        return fewest;
    }

    /** The same at a tick: a pause that is over is over. */
    static Optional<RolloutState> atTick(ClusterState state, AppState app, long nowMs) {
        Optional<RolloutState> next = next(state, app, nowMs);
        Course course = Course.of(app);
        RolloutState rollout = app.rollout();
        if (next.isPresent() || course.paused() || !course.gated() || app.leaving()) {
            return next;
        }
        long pauseMs = course.pauseMs();
        return rollout.stagedMs() != 0 && pauseMs > 0 && nowMs - rollout.stagedMs() >= pauseMs
                && !new Counted(state, app).old.isEmpty()
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
