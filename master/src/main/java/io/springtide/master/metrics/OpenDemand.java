package io.springtide.master.metrics;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.springtide.core.event.Event;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import java.util.HashMap;
import java.util.Map;

/**
 * What people have asked for and do not have yet, and since when. Holds an entry for each app that is
 * owed instances and for each instance on its way to be ready, so never more than the state does. What
 * was under way when this master started is not measured.
 */
final class OpenDemand {

    private final DistributionDataPoint toPlaced;
    private final DistributionDataPoint toReady;
    private final Map<AppId, Owed> byApp = new HashMap<>();
    private final Map<Long, Long> sinceByInstance = new HashMap<>();

    /** So many instances of one configuration, asked for at that time. */
    private record Owed(int count, long configuredMs, long sinceMs) {}

    OpenDemand(DistributionDataPoint toPlaced, DistributionDataPoint toReady) {
        this.toPlaced = toPlaced;
        this.toReady = toReady;
    }

    /**
     * The app has a new current version. If an older demand has not been met, the new one counts from
     * then: a wait must not look short because somebody asked again.
     */
    void submitted(AppState app) {
        AppVersion version = app.current();
        // The lowest number is the oldest instance; while it is of another configuration, this is an upgrade.
        boolean upgrade = app.instances().size() > 0 && app.instances().get(0).version()
                .configuredMs() != version.configuredMs();
        int count = app.wanted() - (app.instances().size() - app.standbys());
        if (upgrade || count <= 0) {
            byApp.remove(app.id());
            return;
        }
        Owed before = byApp.get(app.id());
        long sinceMs = before != null && before.configuredMs == version.configuredMs()
                ? before.sinceMs
                : version.versionMs();
        byApp.put(app.id(), new Owed(count, version.configuredMs(), sinceMs));
    }

    /** Nobody wants the app any more. */
    void dropped(AppId app) {
        byApp.remove(app);
    }

    void placed(Event.InstancesPlaced placed) {
        Owed owed = byApp.get(placed.app());
        if (owed == null || placed.standby()) {
            return;
        }
        int count = Math.min(owed.count, placed.agentRows().length);
        double tookSeconds = FactMetrics.seconds(placed.atMs() - owed.sinceMs);
        for (int i = 0; i < count; i++) {
            toPlaced.observe(tookSeconds);
            sinceByInstance.put(placed.first() + i, owed.sinceMs);
        }
        if (count == owed.count) {
            byApp.remove(placed.app());
        } else {
            byApp.put(placed.app(),
                    new Owed(owed.count - count, owed.configuredMs, owed.sinceMs));
        }
    }

    void reported(Event.InstancesReported reported, ClusterState state) {
        for (InstanceStatus status : reported.statuses()) {
            Long sinceMs = sinceByInstance.get(status.instance());
            if (sinceMs == null) {
                continue;
            }
            if (status.condition().terminal()) {
                ended(status.instance());
            } else if (state.instance(status.instance()).filter(state::healthy).isPresent()) {
                ended(status.instance());
                toReady.observe(FactMetrics.seconds(reported.atMs() - sinceMs));
            }
        }
    }

    /** The instance will not become ready any more, or it has been. */
    void ended(long instance) {
        sinceByInstance.remove(instance);
    }

    /** How many entries it holds. */
    int size() {
        return byApp.size() + sinceByInstance.size();
    }
}
