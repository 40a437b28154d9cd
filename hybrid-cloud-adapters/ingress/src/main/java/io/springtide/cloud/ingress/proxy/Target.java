package io.springtide.cloud.ingress.proxy;

import io.springtide.cloud.spi.traffic.Endpoint;
import io.vertx.core.http.HttpConnectOptions;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An endpoint as long as it is served: what all event loops share of it, and each loop's own part. It
 * outlives the tables that name it until nothing is under way there.
 */
final class Target {

    /** A session that is counted is one whose client was here within this time. */
    static final long SESSION_IDLE_NANOS = 30_000_000_000L;

    /** So many sessions of an endpoint are counted; clients beyond are bound, but not waited for. */
    static final int SESSIONS_MAX = 10_000;

    final long instance;
    final String host;
    final int port;

    /** Names it in cookies; cannot be guessed. Empty if the service binds nobody. */
    final String key;

    /** When it was first heard of. */
    final long bornNanos;

    final AtomicInteger inFlight = new AtomicInteger();
    final TargetLane[] lanes;
    final HttpConnectOptions connect;

    /** What the {@link Meter} has read of the lanes' counts. */
    long requestsRead;
    long errorsRead;

    private final ConcurrentHashMap<String, Long> sessions = new ConcurrentHashMap<>();

    /** What the newest table says. */
    volatile Endpoint said;

    /** No table names it any more. */
    volatile boolean gone;

    Target(Endpoint said, String key, long bornNanos, int loops) {
        this.instance = said.instance();
        this.host = said.host();
        this.port = said.port();
        this.said = said;
        this.key = key;
        this.bornNanos = bornNanos;
        this.connect = new HttpConnectOptions().setHost(host).setPort(port);
        this.lanes = new TargetLane[loops];
        for (int i = 0; i < loops; i++) {
            lanes[i] = new TargetLane(this);
        }
    }

    /** Whether this is where the endpoint of a later table is, too. */
    boolean isAt(Endpoint endpoint) {
        return !gone && host.equals(endpoint.host()) && port == endpoint.port();
    }

    /** Whether the client was here lately. */
    boolean knows(String session, long now) {
        Long at = sessions.get(session);
        return at != null && now - at <= SESSION_IDLE_NANOS;
    }

    /** The client is here now. */
    void seen(String session, long now) {
        if (sessions.size() < SESSIONS_MAX || sessions.containsKey(session)) {
            sessions.put(session, now);
        }
    }

    /** How many clients were here lately; forgets the others. */
    int sessions(long now) {
        if (sessions.isEmpty()) {
            return 0;
        }
        sessions.values().removeIf(at -> now - at > SESSION_IDLE_NANOS);
        return sessions.size();
    }
}
