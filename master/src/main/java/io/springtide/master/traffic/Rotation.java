package io.springtide.master.traffic;

import io.springtide.cloud.spi.traffic.TrafficReport;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Condition;
import io.springtide.core.state.Instance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds back the end of instances until nobody sends anything to them any more, and they have answered
 * what they were sent; or until their app's time for that is over. Safe for several threads.
 */
final class Rotation {

    /** Drivers that have said nothing at all in this reign are waited for no longer than this. */
    static final Duration FIRST_WORD = Duration.ofSeconds(3);

    /** A release is said again after this, once: the agent may just have been between two connections. */
    static final Duration AGAIN = Duration.ofSeconds(1);

    /** One that has not ended by then is asked about anew. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(10);

    private static final int LINES_MAX = 20;
    private static final Logger LOG = LoggerFactory.getLogger(Rotation.class);

    private final Map<Long, Hold> holds = new TreeMap<>();
    /** Those that may end, by when that was said; until they are over. */
    private final Map<Long, Release> released = new HashMap<>();
    private final long begunNanos;
    private long cuts;

    /** An instance that is to end. */
    private static final class Hold {
        private final AppId app;
        private final long sinceNanos;
        private final long untilNanos;
        /** Of the first table that says that it is draining; 0 = not told yet. */
        private long revision;

        private Hold(AppId app, long sinceNanos, long untilNanos) {
            this.app = app;
            this.sinceNanos = sinceNanos;
            this.untilNanos = untilNanos;
        }
    }

    private record Release(long atNanos, boolean again) {}

    Rotation(long nowNanos) {
        begunNanos = nowNanos;
    }

    /**
     * Whether an instance may end at once; holds it if not.
     *
     * @param traffic of its app, if it is served
     * @param driven whether there is anybody who sends traffic
     * @param toldRevision of the newest table, if that shows it as draining already; else 0
     */
    synchronized boolean mayKill(Instance instance, Optional<AppTraffic> traffic, boolean driven,
            long toldRevision, long nowNanos) {
        long number = instance.number();
        if (released.containsKey(number)) {
            return true;
        }
        if (holds.containsKey(number)) {
            return false;
        }
        if (!driven || traffic.isEmpty() || instance.seen() != Condition.RUNNING
                || traffic.get().published().drain().isZero()
                || traffic.get().standing(number).isEmpty()) {
            return true;
        }
        Hold hold = new Hold(instance.app().id(), nowNanos,
                nowNanos + traffic.get().published().drain().toNanos());
        hold.revision = toldRevision;
        holds.put(number, hold);
        return false;
    }

    /**
     * There is another table.
     *
     * @param closed whether nothing new is sent to an instance of an app by it
     */
    synchronized void told(long revision, BiPredicate<AppId, Long> closed) {
        holds.forEach((number, hold) -> {
            if (hold.revision == 0 && closed.test(hold.app, number)) {
                hold.revision = revision;
            }
        });
    }

    /** They are over, however they ended. */
    synchronized void gone(List<Long> instances) {
        instances.forEach(number -> {
            holds.remove(number);
            released.remove(number);
        });
    }

    /** Those that may end now. */
    synchronized List<Long> due(List<TrafficReport> reports, long nowNanos) {
        List<Long> due = again(nowNanos);
        if (holds.isEmpty()) {
            return due;
        }
        Set<Long> busy = busy(reports);
        long inForce = inForce(reports, nowNanos - begunNanos < FIRST_WORD.toNanos());
        List<Long> cut = new ArrayList<>();
        holds.entrySet().removeIf(one -> {
            Hold hold = one.getValue();
            boolean finished = hold.revision != 0 && inForce >= hold.revision
                    && !busy.contains(one.getKey());
            boolean late = nowNanos - hold.untilNanos >= 0;
            if (!finished && !late) {
                return false;
            }
            if (!finished) {
                cut.add(one.getKey());
                if (cut.size() <= LINES_MAX) {
                    LOG.warn("traffic_cut app={} instance={} afterMs={} why=\"{}\"", hold.app,
                            one.getKey(), Duration.ofNanos(nowNanos - hold.sinceNanos).toMillis(),
                            busy.contains(one.getKey())
                                    ? "requests or sessions had not ended"
                                    : "not every load balancer said that it is out of rotation");
                }
            }
            released.put(one.getKey(), new Release(nowNanos, false));
            due.add(one.getKey());
            return true;
        });
        cuts += cut.size();
        if (cut.size() > LINES_MAX) {
            LOG.warn("traffic_cut_more instances={}", cut.size() - LINES_MAX);
        }
        return due;
    }

    /**
     * The newest table that all who send traffic have.
     *
     * @param early whoever has measured nothing yet may still be unheard, whatever its driver says
     */
    private static long inForce(List<TrafficReport> reports, boolean early) {
        return reports.stream()
                .filter(report -> early || report.revision() != 0 || report.atMs() != 0)
                .mapToLong(report -> early && report.atMs() == 0 ? 0 : report.revision()).min()
                .orElse(Long.MAX_VALUE);
    }

    private List<Long> again(long nowNanos) {
        List<Long> due = new ArrayList<>();
        released.values()
                .removeIf(release -> nowNanos - release.atNanos() > FORGOTTEN.toNanos());
        released.replaceAll((number, release) -> {
            if (release.again() || nowNanos - release.atNanos() < AGAIN.toNanos()) {
                return release;
            }
            due.add(number);
            return new Release(release.atNanos(), true);
        });
        return due;
    }

    /** Those held that still have something to do. */
    private Set<Long> busy(List<TrafficReport> reports) {
        Set<Long> busy = new HashSet<>();
        for (TrafficReport report : reports) {
            for (TrafficReport.ServiceLoad service : report.services()) {
                for (TrafficReport.EndpointLoad load : service.endpoints()) {
                    if ((load.inFlight() > 0 || load.sessions() > 0)
                            && holds.containsKey(load.instance())) {
                        busy.add(load.instance());
                    }
                }
            }
        }
        return busy;
    }

    /** How many are held now. */
    synchronized int held() {
        return holds.size();
    }

    /** Whether an instance is held now. */
    synchronized boolean holds(long instance) {
        return holds.containsKey(instance);
    }

    /** How many were ended before they had finished. */
    synchronized long cuts() {
        return cuts;
    }
}
