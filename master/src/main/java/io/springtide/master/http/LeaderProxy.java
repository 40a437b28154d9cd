package io.springtide.master.http;

import io.springtide.api.marathon.MarathonError;
import io.springtide.master.MasterStatus;
import io.springtide.master.config.HostPort;
import io.springtide.master.store.Election.Addresses;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.OriginRequestProvider;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyOptions;
import io.vertx.httpproxy.ProxyResponse;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes to the leader what a standby cannot answer itself, as Marathon's masters do. One for each event
 * loop.
 *
 * <p>An answer is held back until this master shows what the leader showed when it gave it, so that
 * who changes something here reads it here.
 */
final class LeaderProxy {

    /** Who passed the request on; one that has been passed on too often goes in a circle. */
    static final String VIA = "X-Marathon-Via";

    /** How many facts the leader showed when it answered. */
    static final String POSITION = "X-Tide-Position";

    private static final Logger LOG = LoggerFactory.getLogger(LeaderProxy.class);

    private static final int CONNECT_MS_MAX = 2_000;
    private static final int CONNECTIONS_MAX = 64;
    private static final int WAITING_MAX = 1_000;
    private static final int HOPS_MAX = 2;
    private static final long SHOWN_NS_MAX = TimeUnit.SECONDS.toNanos(1);
    private static final long SHOWN_LOOK_MS = 2;
    private static final long LEADING_LOOK_MS = 50;

    /** One that has handed over may itself hold the request until another one leads. */
    private static final long NOBODY_LEADS_MS_MAX = MasterStatus.INTERREGNUM.toMillis();
    private static final long REPLACED_MS_MAX = 1_000;

    private final Vertx vertx;
    private final Backend backend;
    private final HttpProxy proxy;

    LeaderProxy(Vertx vertx, Backend backend) {
        this.vertx = vertx;
        this.backend = backend;
        HttpClient client = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(CONNECT_MS_MAX),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX)
                        .setMaxWaitQueueSize(WAITING_MAX));
        proxy = HttpProxy.reverseProxy(new ProxyOptions().setSupportWebSocket(false), client)
                .origin(OriginRequestProvider.selector(unused -> leader()))
                .addInterceptor(new Manners());
    }

    /** Passes a request on that nobody has read from yet, or says why that is in vain. */
    void pass(HttpServerRequest request, Exchange refusal) {
        if (backend.status().elsewhere().isEmpty()) {
            request.response().putHeader("Retry-After", "1");
            refusal.fail(noLeader());
        } else if (request.headers().getAll(VIA).size() >= HOPS_MAX) {
            refusal.fail(MarathonError.of(502, "The request goes in a circle between masters that"
                    + " each take another one for the leader; try again in a second"));
        } else {
            proxy.handle(request);
        }
    }

    private static MarathonError noLeader() {
        return MarathonError.of(503, "No master leads at present, so nothing can be changed; try"
                + " again in a second. What runs goes on running.");
    }

    private Future<SocketAddress> leader() {
        return backend.status().elsewhere().map(Addresses::clients).map(HostPort::parse)
                .map(to -> Future.succeededFuture(SocketAddress.inetSocketAddress(to.port(),
                        to.host())))
                .orElseGet(() -> Future.failedFuture("no master leads at present"));
    }

    /** What is added on the way there, and waited for on the way back. */
    private final class Manners implements ProxyInterceptor {

        @Override
        public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
            context.request().headers().add(VIA, "1.1 " + backend.settings().host() + ":"
                    + backend.settings().port());
            String leader = backend.status().leaderAddress();
            return whileLeading(leader, context.sendRequest()).recover(failure -> {
                LOG.info("pass-failed leader={} why=\"{}\"", leader, failure.getMessage());
                MarathonError error = MarathonError.of(503, "The leader at " + leader
                        + " does not answer, so it is not known whether the request took effect;"
                        + " look, and try again in a second");
                return Future.succeededFuture(context.request().response().setStatusCode(503)
                        .putHeader("Retry-After", "1")
                        .putHeader("Content-Type", "application/json")
                        .setBody(Body.body(Buffer.buffer(Json.bytes(error.toJson())))));
            });
        }

        @Override
        public Future<Void> handleProxyResponse(ProxyContext context) {
            return shown(context.response().headers().get(POSITION))
                    .compose(unused -> context.sendResponse());
        }
    }

    /**
     * Whoever is frozen or cut off answers when it is too late; nobody has to wait for that. One that has
     * handed over is about to answer.
     */
    private Future<ProxyResponse> whileLeading(String leader, Future<ProxyResponse> answer) {
        Promise<ProxyResponse> first = Promise.promise();
        Patience patience = new Patience(leader);
        long timer = vertx.setPeriodic(LEADING_LOOK_MS, unused -> {
            if (patience.isOverAfterALook(backend.status().leaderAddress())) {
                first.tryFail("it leads no longer");
            }
        });
        answer.onComplete(result -> {
            if (result.failed()) {
                first.tryFail(result.cause());
            } else if (!first.tryComplete(result.result())) {
                result.result().release();
            }
        });
        return first.future().onComplete(unused -> vertx.cancelTimer(timer));
    }

    /** With one master, over one request; looks every {@link #LEADING_LOOK_MS}. */
    private static final class Patience {

        private final String asked;
        private long nobodyLedMs;
        private long anotherLedMs;

        Patience(String asked) {
            this.asked = asked;
        }

        /** @param leader who leads now; empty for nobody */
        boolean isOverAfterALook(String leader) {
            if (leader.isEmpty()) {
                nobodyLedMs += LEADING_LOOK_MS;
            } else if (!leader.equals(asked)) {
                anotherLedMs += LEADING_LOOK_MS;
            }
            return nobodyLedMs >= NOBODY_LEADS_MS_MAX || anotherLedMs >= REPLACED_MS_MAX;
        }
    }

    /** Waits for a moment at most: a store that lags must not turn a success into a failure. */
    private Future<Void> shown(@Nullable String position) {
        if (position == null || !position.matches("\\d{1,18}")) {
            return Future.succeededFuture();
        }
        Promise<Void> done = Promise.promise();
        look(Long.parseLong(position), System.nanoTime() + SHOWN_NS_MAX, done);
        return done.future();
    }

    private void look(long position, long deadlineNs, Promise<Void> done) {
        if (backend.status().position() >= position || System.nanoTime() > deadlineNs) {
            done.complete();
        } else {
            vertx.setTimer(SHOWN_LOOK_MS, unused -> look(position, deadlineNs, done));
        }
    }
}
