package io.springtide.master.http;

import io.springtide.api.marathon.MarathonError;
import io.springtide.api.marathon.RequestRefused;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What every request passes: who may ask, headers, body, which resource, which method. */
final class FrontDoor {

    /** Even a slow line carries a MiB in this time; a client that dribbles is cut off. */
    private static final long BODY_MS_MAX = TimeUnit.SECONDS.toMillis(30);

    private static final byte[] NO_BODY = {};

    private final Vertx vertx;
    private final Context context;
    private final Backend backend;
    private final List<Routes> routes;
    private final LeaderProxy leader;
    private final Interregnum interregnum;

    FrontDoor(Vertx vertx, Context context, Backend backend, List<Routes> routes) {
        this.vertx = vertx;
        this.context = context;
        this.backend = backend;
        this.routes = routes;
        this.leader = new LeaderProxy(vertx, backend);
        this.interregnum = new Interregnum(vertx, backend.status());
    }

    /** What the HTTP decoder could not make sense of. */
    void unreadable(HttpServerRequest request) {
        headers(request.response());
        Throwable cause = request.decoderResult().cause();
        String kind = cause == null ? "" : cause.getClass().getSimpleName();
        int status = kind.contains("TooLongHttpLine")
                ? 414
                : kind.contains("TooLongHttpHeader") ? 431 : 400;
        Exchange exchange = new Exchange(request, context, backend, Query.parse(null), NO_BODY);
        request.response().putHeader("Connection", "close");
        exchange.fail(MarathonError.of(status, status == 400
                ? "The request is not well-formed HTTP"
                : "The request line or the headers are too long"));
        request.connection().close();
    }

    void receive(HttpServerRequest request) {
        receive(request, true);
    }

    private void receive(HttpServerRequest request, boolean first) {
        long startedNs = System.nanoTime();
        Exchange early = new Exchange(request, context, backend, Query.parse(null), NO_BODY);
        String route = "unknown";
        try {
            if (!backend.status().leads() && isForTheLeader(request)) {
                checkOrigin(request);
                goodbye(request.response());
                measured(request, "passed on", startedNs);
                if (!first || !interregnum.hold(request, () -> receive(request, false))) {
                    leader.pass(request, early);
                }
                return;
            }
            headers(request.response());
            checkOrigin(request);
            String raw = request.path();
            List<String> path = PercentText.segments(raw == null ? "/" : raw);
            Query query = Query.parse(request.query());
            Resource resource = find(path);
            route = resource.route();
            measured(request, route, startedNs);
            Optional<Resource.Handler> handler = resource.handler(request.method());
            if (handler.isEmpty()) {
                noSuchMethod(early, resource);
                return;
            }
            checkAccept(request, resource);
            readBody(request, early, resource, body -> {
                Exchange exchange = new Exchange(request, context, backend, query, body);
                exchange.guarded(() -> handler.get().handle(exchange));
            });
        } catch (RequestRefused refused) {
            if (route.equals("unknown")) {
                measured(request, route, startedNs);
            }
            early.fail(refused.error());
        } catch (RuntimeException | Error failed) {
            early.broken(failed);
        }
    }

    /** What changes something, and what only the leader can know. */
    private boolean isForTheLeader(HttpServerRequest request) {
        HttpMethod method = request.method();
        if (method.equals(HttpMethod.OPTIONS)) {
            return false;
        }
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            return true;
        }
        try {
            String raw = request.path();
            return raw != null && find(PercentText.segments(raw)).ofLeader();
        } catch (RequestRefused wrong) {
            return false;
        }
    }

    private Resource find(List<String> path) {
        for (Routes noun : routes) {
            Optional<Resource> resource = noun.resource(path);
            if (resource.isPresent()) {
                return resource.get();
            }
        }
        throw Errors.refused(404, "URI not found");
    }

    private void measured(HttpServerRequest request, String route, long startedNs) {
        request.response().endHandler(unused -> backend.metrics().requested(route,
                request.method().name(), request.response().getStatusCode(),
                System.nanoTime() - startedNs));
    }

    private static void noSuchMethod(Exchange exchange, Resource resource) {
        exchange.response().putHeader("Allow", resource.allowed());
        if (exchange.request().method().equals(HttpMethod.OPTIONS)) {
            exchange.empty(200);
        } else {
            exchange.fail(MarathonError.of(405, "Method Not Allowed"));
        }
    }

    /**
     * A page in the browser of somebody who runs a cluster on his machine must not be able to use it: by
     * a name that it points to this address, or by a form that needs no answer.
     */
    private void checkOrigin(HttpServerRequest request) {
        String host = request.getHeader("Host");
        if (host != null && !backend.settings().insecureBind()
                && !RestSettings.isLoopback(withoutPort(host))) {
            throw Errors.refused(403,
                    "This server answers on the loopback address only, and does not"
                            + " know the host name of the request; use localhost or 127.0.0.1");
        }
        String origin = request.getHeader("Origin");
        boolean reads = request.method().equals(HttpMethod.GET)
                || request.method().equals(HttpMethod.HEAD)
                || request.method().equals(HttpMethod.OPTIONS);
        if (!reads && origin != null && !origin.equals("http://" + host)
                && !origin.equals("https://" + host)) {
            throw Errors.refused(403, "Pages of another origin may not change anything here");
        }
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    private static void checkAccept(HttpServerRequest request, Resource resource) {
        String accept = request.getHeader("Accept");
        if (accept == null || accept.isBlank() || resource.produces().isEmpty()) {
            return;
        }
        for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
            String type = range.split(";", 2)[0].strip();
            for (String produced : resource.produces()) {
                if (type.equals("*/*") || type.equals(produced)
                        || type.equals(produced.substring(0, produced.indexOf('/')) + "/*")) {
                    return;
                }
            }
        }
        throw Errors.refused(406, "Not Acceptable");
    }

    private void readBody(HttpServerRequest request, Exchange early, Resource resource,
            Consumer<byte[]> next) {
        if (!resource.takesBody(request.method())) {
            next.accept(NO_BODY);
            return;
        }
        String type = request.getHeader("Content-Type");
        if (type != null && !type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
            throw Errors.refused(415, "Unsupported Media Type");
        }
        String length = request.getHeader("Content-Length");
        int bytesMax = resource.bodyMax();
        // Longer than any number below the limit: no need to look at it as a number.
        if (length != null && (length.length() > 9 || Long.parseLong(length) > bytesMax)) {
            tooLarge(request, early, bytesMax);
            return;
        }
        Buffer body = Buffer.buffer();
        long timer = vertx.setTimer(BODY_MS_MAX, unused -> {
            early.fail(MarathonError.of(408, "The body took too long to arrive"));
            request.connection().close();
        });
        request.handler(part -> {
            if (body.length() + part.length() > bytesMax) {
                request.handler(unused -> {
                });
                vertx.cancelTimer(timer);
                tooLarge(request, early, bytesMax);
            } else {
                body.appendBuffer(part);
            }
        });
        request.exceptionHandler(unused -> vertx.cancelTimer(timer));
        request.endHandler(unused -> {
            if (vertx.cancelTimer(timer)) {
                next.accept(body.getBytes());
            }
        });
    }

    private void tooLarge(HttpServerRequest request, Exchange early, int bytesMax) {
        backend.metrics().rejected("body");
        HttpServerResponse response = request.response();
        response.putHeader("Connection", "close");
        early.fail(MarathonError.of(413, "The request body is larger than "
                + bytesMax + " bytes"));
        // What is still on its way is let in for a moment, or the client never reads this answer.
        vertx.setTimer(1_000, unused -> request.connection().close());
    }

    /** Clients that keep their connections are asked to take others before this master ends. */
    private void goodbye(HttpServerResponse response) {
        if (backend.status().leaving()) {
            response.putHeader("Connection", "close");
        }
    }

    private void headers(HttpServerResponse response) {
        goodbye(response);
        String leader = backend.status().leaderAddress();
        if (!leader.isEmpty()) {
            response.putHeader("X-Marathon-Leader", "http://" + leader);
        }
        if (!backend.status().leads()) {
            response.putHeader("X-Tide-Stale-Ms", Long.toString(backend.status().staleMs()));
        }
        response.putHeader("X-Frame-Options", "DENY")
                .putHeader("X-XSS-Protection", "1; mode=block")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Cache-Control", "no-cache, no-store, must-revalidate")
                .putHeader("Pragma", "no-cache")
                .putHeader("Expires", "0");
    }
}
