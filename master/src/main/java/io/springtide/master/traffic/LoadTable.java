package io.springtide.master.traffic;

import io.springtide.cloud.spi.traffic.TrafficReport;
import io.springtide.core.model.AppId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds up what the drivers report, app by app. */
final class LoadTable implements TrafficLoads {

    /** An app cannot be loaded by more listeners than there are things that scale. */
    private static final int LISTENERS_MAX = 16;

    /** What nobody has measured anew for so long says nothing of now. */
    static final Duration STALE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(LoadTable.class);

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Map<AppId, AppLoad> byApp = Map.of();
    /** When each driver measured last, and since when that is known, by their order. */
    private final Map<Integer, Measured> measured = new HashMap<>();
    private List<Long> timesMs = List.of();

    private record Measured(long atMs, long sinceNanos) {}

    /** What has been added up of one app. */
    private static final class Sum {
        private double arrivals;
        private double refused;
        private double errors;
        private long inFlight;
        private long waiting;
        private double p99Ms = -1;
        private long atMs;
        private final Set<Long> instances = new LinkedHashSet<>();

        private void add(TrafficReport.ServiceLoad service, long measuredMs) {
            arrivals += service.arrivalsPerSecond();
            refused += service.refusedPerSecond();
            waiting += service.waiting();
            atMs = Math.max(atMs, measuredMs);
            for (TrafficReport.EndpointLoad load : service.endpoints()) {
                inFlight += load.inFlight();
                errors += load.errorsPerSecond();
                p99Ms = Math.max(p99Ms, load.p99Ms());
                instances.add(load.instance());
            }
        }

        private AppLoad load() {
            return new AppLoad(arrivals, refused, inFlight, waiting, p99Ms, errors,
                    instances.size(), atMs);
        }
    }

    @Override
    public Optional<AppLoad> load(AppId app) {
        return Optional.ofNullable(byApp.get(app));
    }

    @Override
    public void onReport(Runnable listener) {
        if (listeners.size() >= LISTENERS_MAX) {
            throw new IllegalStateException("too many listen to the traffic of apps");
        }
        listeners.add(listener);
    }

    /** All apps that have been measured, by id. */
    Map<AppId, AppLoad> all() {
        return byApp;
    }

    /** Takes reports, one of each driver, if any of them is newer, or is too old by now. One thread. */
    void take(List<TrafficReport> all, long nowNanos) {
        List<TrafficReport> reports = new ArrayList<>(all.size());
        for (int i = 0; i < all.size(); i++) {
            TrafficReport report = all.get(i);
            Measured last = measured.get(i);
            if (last == null || last.atMs() != report.atMs()) {
                last = new Measured(report.atMs(), nowNanos);
                measured.put(i, last);
            }
            reports.add(nowNanos - last.sinceNanos() < STALE.toNanos()
                    ? report
                    : TrafficReport.NOTHING);
        }
        List<Long> times = reports.stream().map(TrafficReport::atMs).toList();
        if (times.equals(timesMs)) {
            return;
        }
        timesMs = times;
        Map<String, Sum> sums = new HashMap<>();
        for (TrafficReport report : reports) {
            for (TrafficReport.ServiceLoad service : report.services()) {
                int colon = service.service().lastIndexOf(':');
                if (colon > 0) {
                    sums.computeIfAbsent(service.service().substring(0, colon),
                            unused -> new Sum()).add(service, report.atMs());
                }
            }
        }
        Map<AppId, AppLoad> loads = new TreeMap<>();
        sums.forEach((app, sum) -> id(app).ifPresent(id -> loads.put(id, sum.load())));
        byApp = Collections.unmodifiableMap(loads);
        for (Runnable listener : listeners) {
            try {
                listener.run();
            } catch (RuntimeException bug) {
                LOG.error("traffic_listener_failed", bug);
            }
        }
    }

    /** Reports come from outside: what is no id is nobody's load. */
    private static Optional<AppId> id(String text) {
        try {
            return Optional.of(new AppId(text));
        } catch (IllegalArgumentException wrong) {
            return Optional.empty();
        }
    }
}
