package io.springtide.master.http;

import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Rejections;
import io.springtide.core.state.AppState;

/**
 * How far an app is from what is wanted.
 *
 * @param count instances yet to be launched
 * @param sinceMs when it began to wait; 0 = it does not
 * @param launchAfterMs nothing is launched before, since launches have failed
 */
record Waiting(AppVersion version, int count, long sinceMs, long launchAfterMs,
        Rejections rejections) {

    static Waiting of(AppState app) {
        int active = 0;
        for (int i = 0; i < app.instances().size(); i++) {
            if (app.instances().get(i).active()) {
                active++;
            }
        }
        int count = app.leaving() ? 0 : Math.max(app.missing(), app.wanted() - active);
        return new Waiting(app.current(), Math.max(0, count), app.waitingSinceMs(),
                app.launchAfterMs(), app.rejections());
    }

    /** Whole seconds until it may launch again, the last one counted in full. */
    long secondsLeft(long nowMs) {
        return Math.max(0, (launchAfterMs - nowMs + 999) / 1_000);
    }
}
