package io.springtide.cloud.ingress.proxy;

import io.springtide.cloud.spi.traffic.TrafficReport.EndpointLoad;
import io.springtide.cloud.spi.traffic.TrafficReport.ServiceLoad;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has happened since the last time, gathered from one event loop after the other. Services are
 * always in it, so that nothing is told from unknown; endpoints only if there is something to say.
 */
final class Measured {

    private static final class OfTarget {
        private final Histogram latency = new Histogram();
        private long requests;
        private long errors;
    }

    private final List<Served> services;
    private final long[] arrivals;
    private final long[] refused;
    private final IdentityHashMap<Target, OfTarget> targets = new IdentityHashMap<>();

    Measured(List<Served> services) {
        this.services = services;
        this.arrivals = new long[services.size()];
        this.refused = new long[services.size()];
    }

    /** Takes what one loop has counted. On that loop. */
    void take(int loop) {
        for (int i = 0; i < services.size(); i++) {
            Served served = services.get(i);
            ServedLane lane = served.lanes[loop];
            arrivals[i] += lane.arrivals;
            refused[i] += lane.refused;
            lane.arrivals = 0;
            lane.refused = 0;
            for (Target target : served.targets()) {
                TargetLane part = target.lanes[loop];
                if (part.requests > 0) {
                    OfTarget sum = targets.computeIfAbsent(target, key -> new OfTarget());
                    sum.requests += part.requests;
                    sum.errors += part.errors;
                    part.requests = 0;
                    part.errors = 0;
                    part.drainInto(sum.latency);
                }
            }
        }
    }

    /** Adds what was counted to sums by service: arrivals, refused, answered, errors. */
    void addTo(Map<String, long[]> totals) {
        for (int i = 0; i < services.size(); i++) {
            Served served = services.get(i);
            long[] total = totals.computeIfAbsent(served.id, id -> new long[4]);
            total[0] += arrivals[i];
            total[1] += refused[i];
            for (Target target : served.targets()) {
                OfTarget sum = targets.get(target);
                if (sum != null) {
                    total[2] += sum.requests;
                    total[3] += sum.errors;
                }
            }
        }
    }

    /** As loads per second. */
    List<ServiceLoad> loads(double seconds) {
        long now = System.nanoTime();
        List<ServiceLoad> loads = new ArrayList<>();
        for (int i = 0; i < services.size(); i++) {
            Served served = services.get(i);
            List<EndpointLoad> endpoints = new ArrayList<>();
            for (Target target : served.targets()) {
                OfTarget sum = targets.get(target);
                int inFlight = target.inFlight.get();
                int sessions = target.sessions(now);
                if (sum != null || inFlight > 0 || sessions > 0) {
                    endpoints.add(load(target.instance, inFlight, sessions,
                            sum == null ? new OfTarget() : sum, seconds));
                }
            }
            loads.add(new ServiceLoad(served.id, arrivals[i] / seconds, refused[i] / seconds,
                    served.waiting.get(), endpoints));
        }
        return loads;
    }

    /**
     * A load with what is under way now, and rates as they were measured last: those of the few
     * milliseconds since would be noise.
     *
     * @param last of this service; null = it was not there
     */
    static ServiceLoad renewed(Served served, @Nullable ServiceLoad last) {
        long now = System.nanoTime();
        Map<Long, EndpointLoad> before = new HashMap<>();
        if (last != null) {
            last.endpoints().forEach(load -> before.put(load.instance(), load));
        }
        List<EndpointLoad> endpoints = new ArrayList<>();
        for (Target target : served.targets()) {
            EndpointLoad rates = before.get(target.instance);
            int inFlight = target.inFlight.get();
            int sessions = target.sessions(now);
            if (rates != null) {
                endpoints.add(new EndpointLoad(target.instance, inFlight, sessions,
                        rates.requestsPerSecond(), rates.errorsPerSecond(), rates.meanMs(),
                        rates.p99Ms()));
            } else if (inFlight > 0 || sessions > 0) {
                endpoints.add(load(target.instance, inFlight, sessions, new OfTarget(), 1));
            }
        }
        return new ServiceLoad(served.id, last == null ? 0 : last.arrivalsPerSecond(),
                last == null ? 0 : last.refusedPerSecond(), served.waiting.get(), endpoints);
    }

    private static EndpointLoad load(long instance, int inFlight, int sessions, OfTarget sum,
            double seconds) {
        return new EndpointLoad(instance, inFlight, sessions, sum.requests / seconds,
                sum.errors / seconds, sum.latency.meanMs(), sum.latency.p99Ms());
    }
}
