package io.springtide.cloud.ingress.proxy;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One event loop of the data plane: its connections, and what is under way on it. Nothing of it is
 * touched by another thread.
 */
final class Loop {

    /** Those who wait are looked after so often, besides whenever something comes free. */
    private static final long PUMP_MS = 5;

    private static final long LOOK_MS = 100;

    /** What all loops have in common. */
    static final class Common {
        final IngressLimits limits;
        final Forwarding forwarding;
        final AtomicInteger clients = new AtomicInteger();
        volatile Table table = Table.EMPTY;
        volatile boolean draining;

        Common(IngressLimits limits, Forwarding forwarding) {
            this.limits = limits;
            this.forwarding = forwarding;
        }
    }

    final int index;
    final IngressLimits limits;
    final Forwarding forwarding;
    final Choice choice;
    final SplittableRandom random;
    final HttpClientAgent client;
    final NetClient tcp;
    final Context context;
    private final Common common;
    private final Vertx vertx;
    private final IdentityHashMap<HttpConnection, Client> clients = new IdentityHashMap<>();
    private final Set<ServedLane> waiting = new LinkedHashSet<>();
    private final Set<TcpRelay> relays = new LinkedHashSet<>();
    private @Nullable Exchange first;
    private int underWay;
    private long idleLookedAt = System.nanoTime();
    private boolean pumpArmed;
    private boolean pumping;

    /** Must be called on the event loop that this is about. */
    Loop(int index, Common common, Vertx vertx, SplittableRandom random) {
        this.index = index;
        this.common = common;
        this.limits = common.limits;
        this.forwarding = common.forwarding;
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.random = random;
        this.choice = new Choice(index, limits.linesOfLoop(), random.nextLong());
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_1_1).setConnectTimeout(limits.connectMsMax())
                .setDecompressionSupported(false).setMaxHeaderSize(limits.headerBytesMax() * 2)
                .setTcpNoDelay(true));
        this.tcp = vertx.createNetClient(
                new NetClientOptions().setConnectTimeout(limits.connectMsMax()).setTcpNoDelay(true)
                        .setTcpKeepAlive(true));
        vertx.setPeriodic(LOOK_MS, tick -> look());
    }

    boolean isDraining() {
        return common.draining;
    }

    Table table() {
        return common.table;
    }

    // ------------------------------------------------------------------ clients and requests

    /** A client has connected; one too many is not let in. */
    void connected(HttpConnection http) {
        if (!arrived()) {
            http.close();
            return;
        }
        clients.put(http, new Client(http));
        http.closeHandler(closed -> left(http));
    }

    /** A client's connection is gone; of one that has become a tunnel nobody but the tunnel knows. */
    void left(HttpConnection http) {
        if (clients.remove(http) != null) {
            departed();
        }
    }

    boolean arrived() {
        if (common.clients.incrementAndGet() > limits.clientsMax()) {
            common.clients.decrementAndGet();
            return false;
        }
        return true;
    }

    void departed() {
        common.clients.decrementAndGet();
    }

    /** A request to whom its host and path say. */
    void route(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        String host = authority == null ? "" : authority.host();
        Table table = common.table;
        String path = request.path();
        Served served = path == null ? null : table.routes().find(host, path);
        if (served != null) {
            serve(request, served);
        } else if (table.routes().knows(host)) {
            Refusals.answer(request, 404, "", "Nothing is served at this path of this host.",
                    hasBody(request), this);
        } else {
            Refusals.answer(request, table.revision() == 0 ? 503 : 404, "",
                    table.revision() == 0
                            ? "This ingress has not heard from a master yet."
                            : "No such host is served here.",
                    hasBody(request), this);
        }
    }

    /** A request to a service's own port. */
    void route(HttpServerRequest request, int port) {
        Served served = common.table.ports().get(port);
        if (served == null) {
            Refusals.answer(request, 404, "", "Nothing is served at this port any more.",
                    hasBody(request), this);
        } else {
            serve(request, served);
        }
    }

    private void serve(HttpServerRequest request, Served served) {
        String wrong = faultOf(request);
        Client from = clients.get(request.connection());
        if (!wrong.isEmpty()) {
            Refusals.answer(request, 400, "", wrong, true, this);
        } else if (from == null) {
            // The connection was closed between the two: nobody is there to answer.
            request.connection().close();
        } else {
            new Exchange(this, served, from, request, hasBody(request)).begin();
        }
    }

    /** What must not be passed on, since an endpoint might read it in another way. Empty if all is well. */
    private static String faultOf(HttpServerRequest request) {
        var headers = request.headers();
        if (headers.contains(HttpHeaders.TRANSFER_ENCODING)) {
            List<String> codings = headers.getAll(HttpHeaders.TRANSFER_ENCODING);
            if (headers.contains(HttpHeaders.CONTENT_LENGTH)) {
                return "A request has a Content-Length or a Transfer-Encoding, not both.";
            }
            if (codings.size() != 1 || !codings.getFirst().equalsIgnoreCase("chunked")) {
                return "The only Transfer-Encoding of a request is chunked.";
            }
            if (request.version() == HttpVersion.HTTP_1_0) {
                return "A request of HTTP/1.0 has no Transfer-Encoding.";
            }
        }
        int hosts = headers.getAll(HttpHeaders.HOST).size();
        if (hosts > 1 || (hosts == 0 && request.version() != HttpVersion.HTTP_1_0)) {
            return "A request has exactly one Host.";
        }
        if (hosts == 1 && request.authority() == null) {
            return "The Host of the request is not one.";
        }
        return request.uri().startsWith("/") || request.uri().equals("*")
                ? ""
                : "The target of a request begins with a slash.";
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.headers().get(HttpHeaders.CONTENT_LENGTH);
        return length != null
                ? !length.equals("0")
                : request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    }

    // ------------------------------------------------------------------ what is under way

    void add(Exchange exchange) {
        exchange.next = first;
        if (first != null) {
            first.previous = exchange;
        }
        first = exchange;
        underWay++;
    }

    void remove(Exchange exchange) {
        Exchange before = exchange.previous;
        Exchange after = exchange.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after != null) {
            after.previous = before;
        }
        exchange.previous = null;
        exchange.next = null;
        underWay--;
    }

    void add(TcpRelay relay) {
        relays.add(relay);
    }

    void remove(TcpRelay relay) {
        relays.remove(relay);
    }

    /** Requests and TCP connections. */
    int underWay() {
        return underWay + relays.size();
    }

    // ------------------------------------------------------------------ waiting

    /** Somebody waits in this service. */
    void wait(ServedLane lane) {
        waiting.add(lane);
        arm();
    }

    /** An attempt has ended: its connection may be what somebody waits for. */
    void freed() {
        if (!waiting.isEmpty()) {
            pump();
        }
    }

    /** Has it run on this loop, later. */
    void after(long millis, Runnable task) {
        vertx.setTimer(millis, timer -> task.run());
    }

    private void arm() {
        if (!pumpArmed) {
            pumpArmed = true;
            vertx.setTimer(PUMP_MS, timer -> {
                pumpArmed = false;
                pump();
            });
        }
    }

    private void pump() {
        // What goes may fail at once, which frees something again.
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            long now = System.nanoTime();
            for (ServedLane lane : List.copyOf(waiting)) {
                if (!lane.pump(now)) {
                    waiting.remove(lane);
                }
            }
        } finally {
            pumping = false;
        }
        if (!waiting.isEmpty()) {
            arm();
        }
    }

    /** A table is in force on this loop; these endpoints are in none any more. */
    void turned(List<Target> leaving) {
        long now = System.nanoTime();
        leaving.forEach(target -> target.lanes[index].closeIdle(now, 0));
        pump();
    }

    // ------------------------------------------------------------------ time

    private void look() {
        long now = System.nanoTime();
        Exchange each = first;
        while (each != null) {
            Exchange after = each.next;
            each.look(now);
            each = after;
        }
        if (now - idleLookedAt > 1_000_000_000L) {
            idleLookedAt = now;
            lookAtIdle(now);
        }
    }

    private void lookAtIdle(long now) {
        long idleNanos = limits.lineIdleMs() * 1_000_000L;
        for (Served served : common.table.services()) {
            for (Target target : served.targets()) {
                target.lanes[index].closeIdle(now, idleNanos);
            }
        }
        long clientNanos = limits.clientIdleMs() * 1_000_000L;
        new ArrayList<>(clients.values()).forEach(one -> one.closeIfIdle(now, clientNanos));
    }

    /** Closes clients that have no request under way; the others get an answer first. */
    void closeIdleClients() {
        new ArrayList<>(clients.values()).forEach(one -> one.closeIfIdle(System.nanoTime(), -1));
    }
}
