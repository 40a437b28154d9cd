package io.springtide.core.decide;

import io.springtide.core.model.Delivery;
import io.springtide.core.state.AppState;

/** When too much of what is new has failed. */
final class RollbackGuard {

    private RollbackGuard() {}

    /** Whether failures of new instances count: the change is young enough, and no way back itself. */
    static boolean watches(AppState app, long nowMs) {
        Delivery.Guard guard = guard(app);
        return guard.armed() && !app.leaving() && !app.awaiting() && Course.onTrial(app)
                && nowMs - app.rollout().beganMs() <= guard.windowMs()
                && app.rollout().failures() < guard.failures();
    }

    /**
     * Whether so many have failed that it has to go back; counted only while it was watched. Who has
     * planned another version for it by now knows better.
     */
    static boolean tripped(AppState app) {
        return guard(app).armed() && !app.leaving() && !app.awaiting() && Course.onTrial(app)
                && app.latest().versionMs() == app.current().versionMs()
                && app.rollout().failures() >= guard(app).failures();
    }

    /** What happened, as a sentence. */
    static String reason(AppState app) {
        return app.rollout().failures() + " new instances of " + app.id()
                + " have failed or turned unhealthy within " + guard(app).windowMs() / 1_000
                + " s of the change.";
    }

    private static Delivery.Guard guard(AppState app) {
        return app.current().spec().delivery().guard();
    }
}
