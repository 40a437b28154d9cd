package io.springtide.core.decide;

import io.springtide.core.CoreSettings;
import io.springtide.core.event.Event;
import io.springtide.core.state.ClusterState;
import java.util.Optional;

/**
 * Whether health checks fail in so many places at once that the instances are hardly to blame. It sets in
 * above the share of {@link CoreSettings#healthStormPpm} and is over under half of that.
 */
final class HealthStorm {

    private static final long PPM = 1_000_000;

    private HealthStorm() {}

    /** That it has set in, or is over; empty if nothing has changed. */
    static Optional<Event> change(ClusterState state, CoreSettings settings, long nowMs) {
        int failing = state.healthFailing();
        int checked = state.healthChecked();
        long share = failing * PPM;
        long bound = (long) checked * settings.healthStormPpm();
        boolean now = state.healthStormMs() != 0;
        boolean changed = now
                ? share == 0 || share < bound / 2
                : failing >= settings.healthStormMin() && share > bound;
        return changed
                ? Optional.of(new Event.HealthStormChanged(!now, failing, checked, nowMs))
                : Optional.empty();
    }
}
