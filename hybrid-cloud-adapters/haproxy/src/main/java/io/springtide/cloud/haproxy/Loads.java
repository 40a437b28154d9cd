package io.springtide.cloud.haproxy;

import io.springtide.cloud.spi.support.Rates;
import io.springtide.cloud.spi.traffic.TrafficReport.EndpointLoad;
import io.springtide.cloud.spi.traffic.TrafficReport.ServiceLoad;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What HAProxy's counters say of services and endpoints. What is under way is of the moment; rates are of
 * about a second, and keep their last value if one asks more often. For one thread.
 */
final class Loads {

    private static final long ROUND_NANOS = 900_000_000L;

    private final int stickyIdleSeconds;
    private final Rates rates = new Rates();
    private final Map<String, Double> perSecond = new HashMap<>();
    private Map<String, Use> uses = new HashMap<>();
    private long roundAtNanos;
    private boolean begun;
    private boolean due;
    private boolean first;
    private long nanos;

    /**
     * What is known of a place.
     *
     * @param instance whose it is
     * @param total sessions that HAProxy has counted there
     * @param usedNanos when its last one came, if one has come to this instance
     */
    private record Use(long instance, long total, OptionalLong usedNanos) {}

    Loads(int stickyIdleSeconds) {
        this.stickyIdleSeconds = stickyIdleSeconds;
    }

    /**
     * Loads of all services of a plan.
     *
     * @param former pages of workers that only finish what they have begun
     */
    List<ServiceLoad> of(Plan plan, Slots slots, StatPage page, List<StatPage> former,
            long nanos) {
        this.nanos = nanos;
        first = !begun;
        due = first || nanos - roundAtNanos >= ROUND_NANOS;
        if (due) {
            rates.begin(nanos);
            perSecond.clear();
            roundAtNanos = nanos;
            begun = true;
        }
        Map<String, Use> usesNow = new HashMap<>();
        Map<String, List<Plan.Backend>> services = new TreeMap<>();
        plan.backends().forEach(
                b -> services.computeIfAbsent(b.service(), s -> new ArrayList<>()).add(b));
        List<ServiceLoad> loads = new ArrayList<>();
        services.forEach((service, backends) -> loads
                .add(service(service, backends, slots, page, former, usesNow)));
        if (due) {
            rates.end();
        }
        uses = usesNow;
        return loads;
    }

    private ServiceLoad service(String id, List<Plan.Backend> backends, Slots slots, StatPage page,
            List<StatPage> former, Map<String, Use> usesNow) {
        double arrivals = 0;
        double refused = 0;
        long waiting = 0;
        Map<Long, EndpointLoad> endpoints = new TreeMap<>();
        for (Plan.Backend backend : backends) {
            String name = backend.name();
            String whole = StatPage.WHOLE;
            arrivals += rate(name, page.number(name, whole, backend.tcp() ? "stot" : "req_tot"),
                    "arrivals");
            double failed = rate(name, page.number(name, whole, "econ"), "econ");
            refused += rate(name, page.number(name, whole, "dreq"), "dreq");
            waiting += page.number(name, whole, "qcur");
            for (int i = 0; i < backend.slots(); i++) {
                String slot = Slots.name(i);
                failed -= rate(name + "/" + slot, page.number(name, slot, "econ"), "econ");
                waiting += page.number(name, slot, "qcur");
            }
            refused += Math.max(0, failed);
            slots.of(name).forEach((instance, slot) -> endpoints.merge(instance,
                    endpoint(backend, instance, slot, page, former, usesNow), Loads::sum));
        }
        return new ServiceLoad(id, arrivals, refused, (int) waiting,
                List.copyOf(endpoints.values()));
    }

    private EndpointLoad endpoint(Plan.Backend backend, long instance, String slot, StatPage page,
            List<StatPage> former, Map<String, Use> usesNow) {
        String name = backend.name();
        String place = name + "/" + slot;
        long inFlight = page.number(name, slot, "scur") + page.number(name, slot, "qcur");
        for (StatPage old : former) {
            inFlight += old.number(name, slot, "scur") + old.number(name, slot, "qcur");
        }
        long total = page.number(name, slot, "stot");
        Use use = use(place, instance, total, page.number(name, slot, "lastsess"));
        usesNow.put(place, use);
        boolean bound = !backend.rules().stickyCookie().isEmpty() && use.usedNanos().isPresent()
                && nanos - use.usedNanos().getAsLong() < stickyIdleSeconds * 1_000_000_000L;
        double requests = rate(place, total, "stot");
        double errors = rate(place, page.number(name, slot, "hrsp_5xx"), "5xx")
                + rate(place, page.number(name, slot, "econ"), "econ")
                + rate(place, page.number(name, slot, "eresp"), "eresp");
        // The total time of an HTTP request contains the client's silence before it: not taken.
        long meanMs = backend.tcp()
                ? page.number(name, slot, "ttime")
                : page.number(name, slot, "qtime") + page.number(name, slot, "ctime")
                        + page.number(name, slot, "rtime");
        return new EndpointLoad(instance, (int) inFlight, bound ? 1 : 0, requests, errors,
                requests > 0 ? meanMs : -1, -1);
    }

    /**
     * Counters belong to the place, so what another endpoint did there before is not this one's; and they
     * begin anew with every reload, after which clients are bound all the same.
     *
     * @param idleSeconds since the last session, by HAProxy's count; below 0 = it knows of none
     */
    private Use use(String place, long instance, long total, long idleSeconds) {
        long lastNanos = nanos - Math.max(0, idleSeconds) * 1_000_000_000L;
        Use before = uses.get(place);
        if (before == null || before.instance() != instance) {
            // A new leader has not seen who came; one of its predecessor's reloads may hide it.
            return new Use(instance, total,
                    first ? OptionalLong.of(lastNanos) : OptionalLong.empty());
        }
        boolean used = total > before.total() || (total > 0 && total < before.total());
        return new Use(instance, total, used ? OptionalLong.of(lastNanos) : before.usedNanos());
    }

    private static EndpointLoad sum(EndpointLoad a, EndpointLoad b) {
        double requests = a.requestsPerSecond() + b.requestsPerSecond();
        double mean = requests <= 0
                ? -1
                : (Math.max(0, a.meanMs()) * a.requestsPerSecond()
                        + Math.max(0, b.meanMs()) * b.requestsPerSecond()) / requests;
        return new EndpointLoad(a.instance(), a.inFlight() + b.inFlight(),
                Math.max(a.sessions(), b.sessions()), requests,
                a.errorsPerSecond() + b.errorsPerSecond(), mean, -1);
    }

    private double rate(String row, long value, String what) {
        String key = row + " " + what;
        // The same counter may be asked for twice in a round.
        return due
                ? perSecond.computeIfAbsent(key, k -> rates.perSecond(k, value))
                : perSecond.getOrDefault(key, 0.0);
    }
}
