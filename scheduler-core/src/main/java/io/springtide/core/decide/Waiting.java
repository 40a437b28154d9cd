package io.springtide.core.decide;

import io.springtide.core.elasticity.ScalingDecision;
import io.springtide.core.model.Rules;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.model.Shape;
import io.springtide.core.state.AppState;

/** An app that misses instances, and what was tried for it last. */
final class Waiting {

    /**
     * So long after its policy has asked for more no standby of an app is started: it would be for the next
     * flood, and would take from the machines what this one needs.
     */
    static final long CALM_MS = 30_000;

    final AppState app;
    /** What waits are standbys: they come after everything else, and nobody gives way to them. */
    final boolean standby;
    int launch;
    long triedAtCapacity = -1;
    int triedLaunch;
    long triedVersionMs;
    boolean heldBack;

    Waiting(AppState app, boolean standby) {
        this.app = app;
        this.standby = standby;
    }

    Shape shape() {
        return app.current().spec().shape();
    }

    Rules rules() {
        return shape().rules();
    }

    boolean bestEffort() {
        return rules().serviceClass() == ServiceClass.BEST_EFFORT;
    }

    /** Whether it could be placed now if there were room. */
    boolean launchable(long nowMs) {
        return launch > 0 && !app.leaving() && app.launchAfterMs() <= nowMs
                && (!standby || calm(nowMs));
    }

    private boolean calm(long nowMs) {
        for (ScalingDecision one : app.scalings().reversed()) {
            if (nowMs - one.atMs() >= CALM_MS) {
                return true;
            }
            if (!one.dryRun() && one.to() > one.from()) {
                return false;
            }
        }
        return true;
    }

    /** Whether anything is different from when it was tried last. */
    boolean worthTrying(long capacityChanges) {
        return triedAtCapacity != capacityChanges || triedLaunch != launch
                || triedVersionMs != app.current().versionMs();
    }

    /** It has been tried, and may have been kept from agents for the sake of others. */
    void tried(long capacityChanges, boolean forOthers) {
        heldBack = forOthers;
        triedAtCapacity = capacityChanges;
        triedLaunch = launch;
        triedVersionMs = app.current().versionMs();
    }
}
