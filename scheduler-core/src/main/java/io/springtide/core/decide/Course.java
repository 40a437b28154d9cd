package io.springtide.core.decide;

import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Delivery;
import io.springtide.core.model.RolloutState;
import io.springtide.core.state.AppState;
import java.util.Optional;

/**
 * Which rules of its delivery an app goes by at the moment.
 *
 * @param deploying a deployment has begun with it; without one there are no stages and nothing to be ready for
 * @param paused somebody holds that deployment
 * @param halfway its last deployment was stopped before it was done: old and new ones stay as they are
 * @param stage the canary stage that holds the change back
 * @param blueGreen all new ones come before any old one goes
 * @param byHand of that: the old ones go only when somebody says so, which nobody has yet
 */
record Course(AppState app, boolean deploying, boolean paused, boolean halfway,
        Optional<Delivery.Stage> stage, boolean blueGreen, boolean byHand) {

    static Course of(AppState app) {
        RolloutState rollout = app.rollout();
        Delivery delivery = app.current().spec().delivery();
        // What waits for a later step stays as it is until then.
        boolean deploying = app.deployment() != 0
                && app.latest().versionMs() == app.current().versionMs();
        boolean staged = deploying && onTrial(app) && rollout.originalMs() != 0;
        boolean blueGreen = deploying && delivery.strategy() == Delivery.Strategy.BLUE_GREEN;
        Optional<Delivery.Stage> stage = staged && !blueGreen
                && rollout.stage() < delivery.canary().size()
                        ? Optional.of(delivery.canary().get(rollout.stage()))
                        : Optional.empty();
        return new Course(app, deploying, deploying && rollout.paused(),
                !deploying && rollout.paused(), stage, blueGreen,
                staged && blueGreen && delivery.promoteByHand() && rollout.stage() == 0);
    }

    /** Whether the configuration has not run before this change; on the way back nothing is tried out. */
    static boolean onTrial(AppState app) {
        RolloutState rollout = app.rollout();
        return rollout.beganMs() != 0
                && app.current().configuredMs() > rollout.originalMs();
    }

    /** Whether an instance of this version is of the app's present configuration. */
    static boolean fresh(AppState app, AppVersion version) {
        return version.configuredMs() == app.current().configuredMs();
    }

    /** Whether new ones count only once they are ready. */
    boolean readinessChecked() {
        return deploying && app.current().spec().delivery().readinessChecked();
    }

    /** It waits at some point for time, or for somebody, to let it go on. */
    boolean gated() {
        return stage.isPresent() || byHand;
    }

    /** How long it waits there; {@link Delivery.Stage#BY_HAND}. */
    long pauseMs() {
        return byHand
                ? Delivery.Stage.BY_HAND
                : stage.map(Delivery.Stage::pauseMs).orElse(0L);
    }

    /** Most new ones that the stage lets in. */
    int stageMax() {
        return stageMax(app.wanted());
    }

    /** The same, were so many wanted. */
    int stageMax(int wanted) {
        return stage.map(one -> one.of(wanted)).orElse(wanted);
    }

    /** Most new ones there may be now. */
    int freshMax() {
        return paused ? Math.min(stageMax(), app.rollout().limit()) : stageMax();
    }

    /** Fewest old ones that stay for the sake of the stage. */
    int oldMin(int fresh) {
        return stage.isPresent() ? Math.max(0, app.wanted() - Math.max(stageMax(), fresh)) : 0;
    }
}
