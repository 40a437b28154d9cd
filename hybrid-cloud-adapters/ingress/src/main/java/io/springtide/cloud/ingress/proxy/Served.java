package io.springtide.cloud.ingress.proxy;

import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.cloud.spi.traffic.Service;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A service as long as tables name it: what all event loops share of it, and each loop's own part. */
final class Served {

    final String id;
    final RateLimit rate;

    /** Requests that wait, in all loops. */
    final AtomicInteger waiting = new AtomicInteger();

    final ServedLane[] lanes;

    /** What the {@link Meter} has read of the lanes' counts. */
    long arrivalsRead;
    long refusedRead;

    volatile Service said;
    volatile Roster roster;

    /** No table names it any more. */
    volatile boolean gone;

    /** All that may have something to report: endpoints of the newest table, and older ones still at work. */
    private volatile List<Target> targets = List.of();

    private final Map<Long, Target> current = new HashMap<>();

    Served(Service said, CookieKeys keys, int loops, boolean first, long now) {
        this.id = said.id();
        this.said = said;
        this.rate = new RateLimit(said.rules().requestsPerSecondMax(), now);
        this.lanes = new ServedLane[loops];
        for (int i = 0; i < loops; i++) {
            lanes[i] = new ServedLane(this);
        }
        this.roster = new Roster(List.of(), List.of(), said.rules(), false, now);
        update(said, keys, first, now);
    }

    /**
     * Takes over what a table says. One thread at a time.
     *
     * @param first it is the first table: nobody has to start slowly
     * @return endpoints that are no longer named
     */
    List<Target> update(Service service, CookieKeys keys, boolean first, long now) {
        said = service;
        rate.limit(service.rules().requestsPerSecondMax());
        boolean sticky = !service.rules().stickyCookie().isEmpty();
        Map<Long, Target> before = new HashMap<>(current);
        current.clear();
        List<Target> ordered = new ArrayList<>();
        long born = first ? now - service.rules().slowStartMs() * 1_000_000L : now;
        for (Endpoint endpoint : service.endpoints()) {
            Target target = before.get(endpoint.instance());
            if (target == null || !target.isAt(endpoint) || sticky == target.key.isEmpty()) {
                target = new Target(endpoint, sticky ? keys.of(id, endpoint.instance()) : "",
                        born, lanes.length);
            } else {
                target.said = endpoint;
                before.remove(endpoint.instance());
            }
            current.put(endpoint.instance(), target);
            ordered.add(target);
        }
        roster = new Roster(ordered, service.endpoints(), service.rules(),
                service.rules().slowStartMs() > 0, now);
        List<Target> leaving = List.copyOf(before.values());
        leaving.forEach(target -> target.gone = true);
        List<Target> all = new ArrayList<>(ordered);
        for (Target target : targets) {
            if (target.gone && target.inFlight.get() > 0) {
                all.add(target);
            }
        }
        targets = List.copyOf(all);
        return leaving;
    }

    List<Target> targets() {
        return targets;
    }

    /** Takes a place in the waiting room. Returns false if there is none. */
    boolean enterWaiting() {
        int most = roster.rules.waitingMax();
        while (true) {
            int now = waiting.get();
            if (now >= most) {
                return false;
            }
            if (waiting.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }
}
