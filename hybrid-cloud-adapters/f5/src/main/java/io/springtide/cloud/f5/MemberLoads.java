package io.springtide.cloud.f5;

import io.springtide.cloud.spi.support.Rates;
import io.springtide.cloud.spi.traffic.TrafficReport.EndpointLoad;
import io.springtide.cloud.spi.traffic.TrafficReport.ServiceLoad;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Asks pools for their counters, so many in a second as the BIG-IP's management bears: those with members
 * that are about to end every time, the others in turn. For one thread.
 */
final class MemberLoads {

    private static final long ROUND_NANOS = 900_000_000L;

    private final BigIp bigIp;
    private final F5Settings settings;
    private final Map<String, Known> pools = new HashMap<>();

    /** What is known of one pool. */
    private static final class Known {
        private final Rates rates = new Rates();
        private final Map<String, Double> perSecond = new HashMap<>();
        private final Map<String, Long> requests = new HashMap<>();
        private final Map<String, Long> roseNanos = new HashMap<>();
        private Map<String, BigIp.Counters> counters = Map.of();
        private long atNanos;
        private boolean asked;
    }

    MemberLoads(BigIp bigIp, F5Settings settings) {
        this.bigIp = bigIp;
        this.settings = settings;
    }

    /** Asks those that are due, and gives the loads of all. */
    List<ServiceLoad> measure(Plan plan) throws IOException, InterruptedException {
        pools.keySet().retainAll(plan.pools().keySet());
        List<Plan.Pool> due = new ArrayList<>();
        for (Plan.Pool pool : plan.pools().values()) {
            Known known = known(pool);
            if (pool.draining() || !known.asked
                    || System.nanoTime() - known.atNanos >= ROUND_NANOS) {
                due.add(pool);
            }
        }
        due.sort(Comparator.comparing((Plan.Pool p) -> !p.draining())
                .thenComparingLong(p -> known(p).atNanos));
        int asked = 0;
        for (Plan.Pool pool : due) {
            if (pool.draining() || asked++ < settings.poolsPerSecond()) {
                ask(pool, known(pool));
            }
        }
        Map<String, List<Plan.Pool>> services = new TreeMap<>();
        plan.pools().values()
                .forEach(p -> services.computeIfAbsent(p.service(), s -> new ArrayList<>()).add(p));
        List<ServiceLoad> loads = new ArrayList<>();
        services.forEach((service, some) -> loads.add(load(service, some)));
        return loads;
    }

    private Known known(Plan.Pool pool) {
        return pools.computeIfAbsent(pool.name(), p -> new Known());
    }

    private void ask(Plan.Pool pool, Known known) throws IOException, InterruptedException {
        Map<String, BigIp.Counters> counters;
        try {
            counters = bigIp.counters(pool.name());
        } catch (F5Exception e) {
            if (e.status() != 404) {
                throw e;
            }
            // Not declared yet: there is nothing to count.
            return;
        }
        long now = System.nanoTime();
        boolean round = !known.asked || now - known.atNanos >= ROUND_NANOS;
        if (round) {
            known.rates.begin(now);
            known.perSecond.clear();
            known.atNanos = now;
        }
        counters.forEach((name, each) -> {
            // Of plain TCP there are no requests, and its connections count.
            long total = each.requests() > 0 ? each.requests() : each.connections();
            if (round) {
                known.perSecond.put(name, known.rates.perSecond(name, total));
            }
            Long before = known.requests.put(name, total);
            if (before != null && total > before) {
                known.roseNanos.put(name, now);
            }
        });
        if (round) {
            known.rates.end();
        }
        known.requests.keySet().retainAll(counters.keySet());
        known.roseNanos.keySet().retainAll(counters.keySet());
        known.counters = counters;
        known.asked = true;
    }

    private ServiceLoad load(String service, List<Plan.Pool> some) {
        Map<Long, EndpointLoad> endpoints = new TreeMap<>();
        double arrivals = 0;
        for (Plan.Pool pool : some) {
            Known known = known(pool);
            boolean sticky = !pool.rules().stickyCookie().isEmpty();
            for (Map.Entry<Long, Member> entry : pool.members().entrySet()) {
                String name = entry.getValue().name();
                double rate = known.perSecond.getOrDefault(name, 0.0);
                arrivals += rate;
                Long rose = known.roseNanos.get(name);
                boolean bound = sticky && rose != null
                        && System.nanoTime() - rose < settings.stickyIdleSeconds() * 1_000_000_000L;
                BigIp.Counters counters = known.counters.getOrDefault(name,
                        new BigIp.Counters(0, 0, 0));
                endpoints.merge(entry.getKey(),
                        new EndpointLoad(entry.getKey(), counters.open(), bound ? 1 : 0, rate, 0,
                                -1, -1),
                        (a, b) -> new EndpointLoad(a.instance(), a.inFlight() + b.inFlight(),
                                Math.max(a.sessions(), b.sessions()),
                                a.requestsPerSecond() + b.requestsPerSecond(), 0, -1, -1));
            }
        }
        return new ServiceLoad(service, arrivals, 0, 0, List.copyOf(endpoints.values()));
    }
}
