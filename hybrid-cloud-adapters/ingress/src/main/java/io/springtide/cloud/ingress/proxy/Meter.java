package io.springtide.cloud.ingress.proxy;

import io.springtide.cloud.spi.traffic.TrafficReport.EndpointLoad;
import io.springtide.cloud.spi.traffic.TrafficReport.ServiceLoad;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes loads of what event loops count. The counts are read from outside: in a flood a loop comes to
 * other things only late, and just then a load must be fresh. Latencies alone are fetched from the loops;
 * if they are late, the last ones are told. Any thread.
 *
 * <p>Services are always in it, so that nothing is told from unknown; endpoints only if there is
 * something to say.
 */
final class Meter {

    /** What came, what was refused, what an endpoint was asked, what failed there: of a service. */
    private static final int TOTALS = 4;

    private final List<Loop> loops;

    /** One measures at a time; others do not wait for who measures. */
    private final Object turn = new Object();
    private @Nullable Latencies fetching;
    private Map<Target, Histogram> latencies = Map.of();
    private long readAt = System.nanoTime();

    /** Guarded by this, as is what follows. */
    private final Map<String, long[]> totals = new TreeMap<>();
    private final Map<String, ServiceLoad> lastLoads = new HashMap<>();
    private long lastMs;

    Meter(List<Loop> loops) {
        this.loops = loops;
    }

    /**
     * Loads since the last time this was called.
     *
     * @param patienceMs so long event loops are waited for; what a late one gives is told the next time
     */
    List<ServiceLoad> measure(List<Served> services, long patienceMs) throws InterruptedException {
        synchronized (turn) {
            fetchLatencies(services, patienceMs);
            long at = System.nanoTime();
            double seconds = Math.max(0.001, (at - readAt) / 1e9);
            readAt = at;
            synchronized (this) {
                Map<String, ServiceLoad> loads = new HashMap<>();
                List<ServiceLoad> ordered = new ArrayList<>();
                for (Served served : services) {
                    ServiceLoad load = read(served, seconds, at);
                    loads.put(load.service(), load);
                    ordered.add(load);
                }
                lastLoads.clear();
                lastLoads.putAll(loads);
                totals.keySet().retainAll(loads.keySet());
                lastMs = System.currentTimeMillis();
                return ordered;
            }
        }
    }

    private void fetchLatencies(List<Served> services, long patienceMs)
            throws InterruptedException {
        Map<Target, Histogram> fresh = new HashMap<>();
        Latencies current = fetching;
        if (current != null && current.await(0)) {
            current.addTo(fresh);
            latencies = fresh;
            current = null;
        }
        // Never a second one while one is under way: it would come no sooner.
        current = current == null ? Latencies.fetch(services, loops) : current;
        fetching = current;
        if (current.await(patienceMs)) {
            fetching = null;
            current.addTo(fresh);
            latencies = fresh;
        }
    }

    /** Reads counts, and notes what was read. */
    private ServiceLoad read(Served served, double seconds, long now) {
        long[] total = totals.computeIfAbsent(served.id, id -> new long[TOTALS]);
        long arrivals = -served.arrivalsRead;
        long refused = -served.refusedRead;
        for (ServedLane lane : served.lanes) {
            arrivals += lane.arrivals.get();
            refused += lane.refused.get();
        }
        served.arrivalsRead += arrivals;
        served.refusedRead += refused;
        total[0] += arrivals;
        total[1] += refused;
        List<EndpointLoad> endpoints = new ArrayList<>();
        for (Target target : served.targets()) {
            long requests = -target.requestsRead;
            long errors = -target.errorsRead;
            for (TargetLane lane : target.lanes) {
                requests += lane.requests.get();
                errors += lane.errors.get();
            }
            target.requestsRead += requests;
            target.errorsRead += errors;
            total[2] += requests;
            total[3] += errors;
            int inFlight = target.inFlight.get();
            int sessions = target.sessions(now);
            if (requests > 0 || inFlight > 0 || sessions > 0) {
                Histogram latency = latencies.get(target);
                endpoints.add(new EndpointLoad(target.instance, inFlight, sessions,
                        requests / seconds, errors / seconds,
                        latency == null ? -1 : latency.meanMs(),
                        latency == null ? -1 : latency.p99Ms()));
            }
        }
        return new ServiceLoad(served.id, arrivals / seconds, refused / seconds,
                served.waiting.get(), endpoints);
    }

    /**
     * What is under way now, and rates as they were measured last: those of the few milliseconds since
     * would be noise.
     */
    synchronized List<ServiceLoad> renewed(List<Served> services) {
        List<ServiceLoad> loads = new ArrayList<>();
        for (Served served : services) {
            loads.add(renewed(served, lastLoads.get(served.id)));
        }
        return loads;
    }

    private static ServiceLoad renewed(Served served, @Nullable ServiceLoad last) {
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
                endpoints.add(
                        new EndpointLoad(target.instance, inFlight, sessions, 0, 0, -1, -1));
            }
        }
        return new ServiceLoad(served.id, last == null ? 0 : last.arrivalsPerSecond(),
                last == null ? 0 : last.refusedPerSecond(), served.waiting.get(), endpoints);
    }

    /** When loads were measured last, in milliseconds of the wall clock; 0 = never. */
    synchronized long lastMs() {
        return lastMs;
    }

    /** Since the start, by service: requests that came, were refused, reached an endpoint, failed there. */
    synchronized Map<String, List<Long>> totals() {
        Map<String, List<Long>> copy = new TreeMap<>();
        totals.forEach((id, sums) -> copy.put(id, List.of(sums[0], sums[1], sums[2], sums[3])));
        return copy;
    }
}
