package io.springtide.cloud.ingress.proxy;

import io.springtide.cloud.ingress.proxy.Kit.Server;
import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.cloud.spi.traffic.Front;
import io.springtide.cloud.spi.traffic.Front.Protocol;
import io.springtide.cloud.spi.traffic.TrafficReport.ServiceLoad;
import io.springtide.cloud.spi.traffic.TrafficRules.Split;
import io.vertx.core.http.HttpMethod;
import java.net.InetAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.springtide.cloud.ingress.proxy.Kit.rules;
import static io.springtide.cloud.ingress.proxy.Kit.service;
import static org.assertj.core.api.Assertions.assertThat;

/** Requests through an ingress to servers of this process. */
class IngressTest {

    private final Kit kit = new Kit();

    @AfterEach
    void close() {
        kit.close();
    }

    @Test
    void saysThatItHasNotHeardFromAMaster() {
        HttpResponse<String> answer = kit.get("/");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("not heard from a master");
    }

    @Test
    void routesByHostAndPath() throws Exception {
        Server shop = kit.server();
        Server cart = kit.server();
        Server any = kit.server();
        kit.serve(
                service("/shop", front("shop.example", "/"), rules(same -> {}), shop.endpoint()),
                service("/cart", front("shop.example", "/cart"), rules(same -> {}),
                        cart.endpoint()),
                service("/wild", front("*.example", "/"), rules(same -> {}), any.endpoint()));
        assertThat(kit.raw(get("/", "shop.example"))).endsWith("" + shop.instance);
        assertThat(kit.raw(get("/cart/1?x=/", "SHOP.example:8082"))).endsWith("" + cart.instance);
        assertThat(kit.raw(get("/cartoon", "shop.example"))).endsWith("" + shop.instance);
        assertThat(kit.raw(get("/cart", "news.example"))).endsWith("" + any.instance);
        assertThat(kit.raw(get("/", "other"))).startsWith("HTTP/1.1 404")
                .contains("No such host is served here.");
    }

    @Test
    void servesAPortOfItsOwn() throws Exception {
        Server server = kit.server();
        int port = Kit.freePort();
        Front front = new Front(Protocol.HTTP, List.of("a"), "/", port, List.of());
        kit.serve(service("/a", front, rules(same -> {}), server.endpoint()));
        assertThat(Kit.raw(port, get("/", "x"), 500)).endsWith("" + server.instance);
        assertThat(kit.raw(get("/", "x"))).as("at the common port by its host only")
                .contains(" 404 ");
        kit.serve(service("/b", front("b", "/"), rules(same -> {})));
        Kit.await("the port to be closed", () -> {
            try {
                return Kit.raw(port, get("/", "x"), 500).isEmpty();
            } catch (java.io.IOException refused) {
                return true;
            }
        });
    }

    @Test
    void saysWhichPortIsTakenAndServesTheRest() throws Exception {
        Server server = kit.server();
        try (java.net.ServerSocket taken = new java.net.ServerSocket(0, 1,
                InetAddress.getLoopbackAddress())) {
            Front front = new Front(Protocol.TCP, List.of(), "/", taken.getLocalPort(), List.of());
            kit.serve(service("/t", front, rules(same -> {})),
                    service("/a", rules(same -> {}), server.endpoint()));
            assertThat(kit.measure().trouble())
                    .contains("Port " + taken.getLocalPort() + " of /t:0 cannot be listened at");
            assertThat(kit.get("/").statusCode()).isEqualTo(200);
        }
        Kit.get(kit.ingress.retryPorts());
        assertThat(kit.measure().trouble()).isEmpty();
    }

    @Test
    void passesTheRequestOnAndTellsWhoSentIt() {
        Server server = kit.server(request -> request.body().onSuccess(body -> {
            StringBuilder seen = new StringBuilder(request.method() + " " + request.uri() + "\n");
            request.headers().forEach(
                    (name, value) -> seen.append(name.toLowerCase(Locale.ROOT)).append(": ")
                            .append(value).append('\n'));
            request.response().setStatusCode(201).putHeader("X-Mine", "yes")
                    .putHeader("Keep-Alive", "timeout=5").end(seen.toString() + body);
        }));
        kit.serve(server.endpoint());
        HttpResponse<String> answer = kit.send(kit.to("/a%20b?q=1&r=%2F").header("X-One", "1")
                .header("X-Forwarded-For", "6.6.6.6").header("TE", "trailers")
                .method("PATCH", BodyPublishers.ofString("body")));
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().firstValue("x-mine")).contains("yes");
        assertThat(answer.headers().firstValue("keep-alive")).isEmpty();
        assertThat(answer.body()).startsWith("PATCH /a%20b?q=1&r=%2F\n").endsWith("body")
                .contains("x-one: 1\n", "x-forwarded-for: 127.0.0.1\n", "x-forwarded-proto: http\n",
                        "x-forwarded-host: 127.0.0.1:" + kit.ingress.port() + "\n",
                        "via: 1.1 tide\n", "host: 127.0.0.1:" + kit.ingress.port() + "\n")
                .doesNotContain("6.6.6.6", "te: ");
    }

    @Test
    void answersHeadAndEmptyAnswersAsTheyAre() throws Exception {
        Server server = kit.server(request -> {
            if (request.method().equals(HttpMethod.HEAD)) {
                request.response().putHeader("Content-Length", "12345").end();
            } else {
                request.response().setStatusCode("/304".equals(request.path()) ? 304 : 204).end();
            }
        });
        kit.serve(server.endpoint());
        String two = kit.raw("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n" + get("/204", "x")
                + get("/304", "x"));
        assertThat(two.toLowerCase(Locale.ROOT)).contains("content-length: 12345", "http/1.1 204",
                "http/1.1 304").doesNotContain("chunked");
    }

    @Test
    void speaksWithOldClients() throws Exception {
        Server server = kit.server(request -> request.response().setChunked(true).end("chunk"));
        kit.serve(server.endpoint());
        assertThat(kit.raw("GET / HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.0 200")
                .endsWith("\r\n\r\nchunk<closed>");
    }

    @Test
    void refusesWhatTwoServersMightReadInTwoWays() throws Exception {
        Server server = kit.server();
        kit.serve(server.endpoint());
        String smuggled = "GET /evil HTTP/1.1\r\nHost: x\r\n\r\n";
        for (String head : List.of("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
                "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: xchunked\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
                "Content-Length: 4\r\nContent-Length: 5\r\n", "Content-Length: +4\r\n",
                "Content-Length : 4\r\n", "Host: y\r\n", "Transfer-Encoding : chunked\r\n",
                " Transfer-Encoding: chunked\r\n")) {
            String answer = kit.raw("POST /first HTTP/1.1\r\nHost: x\r\n" + head
                    + "\r\n0\r\n\r\n" + smuggled);
            assertThat(answer).as(head).contains(" 400 ").endsWith("<closed>");
            assertThat(answer.split("HTTP/1.1 ", -1)).as(head + answer).hasSize(2);
        }
        assertThat(kit.raw("GET / HTTP/1.1\r\n\r\n")).contains(" 400 ");
        assertThat(kit.raw("GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n")).contains(" 400 ");
        assertThat(kit.requests(server)).isZero();
    }

    @Test
    void neverTunnelsAnUpgradeToHttp2() throws Exception {
        Server server = kit.server(request -> request.response().end(
                request.getHeader("Upgrade") + " " + request.getHeader("HTTP2-Settings")));
        kit.serve(server.endpoint());
        assertThat(kit.raw(String.join("\r\n", "GET / HTTP/1.1", "Host: x",
                "Connection: Upgrade", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__", "", "")))
                .contains(" 200 ").endsWith("null null");
    }

    @Test
    void believesOnlyProxiesOfOurOwn() throws Exception {
        String head = String.join("\r\n", "GET / HTTP/1.1", "Host: x", "X-Forwarded-For: 1.1.1.1",
                "X-Forwarded-For: 2.2.2.2", "X-Forwarded-Port: 9", "X-Real-IP: 3.3.3.3", "", "");
        for (boolean trusted : List.of(true, false)) {
            try (Kit own = new Kit(Kit.LIMITS, trusted)) {
                own.serve(own.server(request -> request.response()
                        .end(String.join("|", request.headers().getAll("X-Forwarded-For")) + " "
                                + request.getHeader("X-Forwarded-Port") + " "
                                + request.getHeader("X-Real-IP")))
                        .endpoint());
                assertThat(own.raw(head)).endsWith(trusted
                        ? "1.1.1.1, 2.2.2.2, 127.0.0.1 9 3.3.3.3"
                        : "\r\n127.0.0.1 null null");
            }
        }
    }

    @Test
    void leavesOutWhoWantsWhatAnotherHas() throws Exception {
        Server first = kit.server();
        Server second = kit.server();
        kit.serve(service("/a", front("x.example", "/"), rules(same -> {}), first.endpoint()),
                service("/b", front("x.example", ""), rules(same -> {}), second.endpoint()));
        assertThat(kit.raw(get("/", "x.example"))).endsWith("" + first.instance);
        assertThat(kit.measure().trouble()).contains("/b:0").contains("x.example");
    }

    @Test
    void boundsHeaders() throws Exception {
        Server server = kit.server();
        kit.serve(server.endpoint());
        assertThat(kit.raw("GET / HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(20_000) + "\r\n\r\n"))
                .contains(" 431 ");
        assertThat(kit.raw("GET /" + "y".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                .contains(" 414 ");
        assertThat(kit.requests(server)).isZero();
    }

    @Test
    void bindsAClientByACookieThatSaysNothing() {
        Server one = kit.server();
        Server other = kit.server();
        serveSticky(one.endpoint(), other.endpoint());
        HttpResponse<String> first = kit.get("/");
        String cookie = first.headers().firstValue("set-cookie").orElseThrow();
        assertThat(cookie).matches("SID=[A-Za-z0-9_-]{22}\\.[0-9a-f]+; Path=/; HttpOnly;.*")
                .doesNotContain(first.body() + ".");
        String value = cookie.substring(0, cookie.indexOf(';'));
        for (int i = 0; i < 20; i++) {
            HttpResponse<String> next = kit.send(kit.to("/").header("Cookie", "a=b; " + value));
            assertThat(next.body()).isEqualTo(first.body());
            assertThat(next.headers().firstValue("set-cookie")).isEmpty();
        }
        assertThat(kit.load("/app:0").endpoints().stream().mapToInt(load -> load.sessions()).sum())
                .isEqualTo(1);

        // It drains: those who were here lately go on, others are bound elsewhere.
        boolean isOne = first.body().equals("" + one.instance);
        serveSticky(isOne ? one.draining() : one.endpoint(),
                isOne ? other.endpoint() : other.draining());
        assertThat(kit.send(kit.to("/").header("Cookie", value)).body()).isEqualTo(first.body());
        String stranger = value.substring(0, value.indexOf('.')) + ".123";
        HttpResponse<String> moved = kit.send(kit.to("/").header("Cookie", stranger));
        assertThat(moved.body()).isNotEqualTo(first.body());
        assertThat(moved.headers().firstValue("set-cookie")).isPresent();

        // It goes: so does the binding.
        serveSticky(isOne ? other.endpoint() : one.endpoint());
        assertThat(kit.send(kit.to("/").header("Cookie", value)).body())
                .isEqualTo(moved.body());
    }

    private void serveSticky(Endpoint... endpoints) {
        kit.serve(service("/app", rules(rules -> rules.cookie = "SID"), endpoints));
    }

    @Test
    void splitsOverruleWeights() {
        Server old = kit.server();
        Server canary = kit.server();
        kit.serve(service("/app", rules(rules -> rules.splits = List.of(
                new Split("X-Beta", "", "yes", 2), new Split("", "lane", "b", 2),
                new Split("X-Gone", "", "1", 3))), old.version(1, 100), canary.version(2, 0)));
        for (int i = 0; i < 10; i++) {
            assertThat(kit.get("/").body()).isEqualTo("" + old.instance);
            assertThat(kit.send(kit.to("/").header("X-Beta", "yes")).body())
                    .isEqualTo("" + canary.instance);
            assertThat(kit.send(kit.to("/").header("X-Beta", "no")).body())
                    .isEqualTo("" + old.instance);
            assertThat(kit.send(kit.to("/").header("Cookie", "z=1; lane=b")).body())
                    .isEqualTo("" + canary.instance);
            assertThat(kit.send(kit.to("/").header("X-Gone", "1")).body())
                    .as("a version that is not there").isEqualTo("" + old.instance);
        }
    }

    @Test
    void triesElsewhereWhereThatIsSafe() {
        AtomicInteger resets = new AtomicInteger();
        Server rude = kit.server(request -> {
            resets.incrementAndGet();
            request.body().onComplete(read -> request.connection().close());
        });
        Server polite = kit.server(request -> request.body()
                .onSuccess(body -> request.response().end("ok" + body)));
        kit.serve(service("/app", rules(
                rules -> rules.balance = io.springtide.cloud.spi.traffic.TrafficRules.Balance.ROUND_ROBIN),
                rude.endpoint(), polite.endpoint()));
        for (int i = 0; i < 4; i++) {
            assertThat(kit.get("/").body()).isEqualTo("ok");
            assertThat(kit.send(kit.to("/").PUT(BodyPublishers.ofString("x"))).body())
                    .isEqualTo("okx");
        }
        assertThat(resets.get()).as("it was tried").isPositive();
    }

    @Test
    void neverRepeatsAPost() {
        AtomicInteger came = new AtomicInteger();
        Server rude = kit.server(request -> {
            came.incrementAndGet();
            request.body().onComplete(read -> request.connection().close());
        });
        kit.serve(rude.endpoint());
        HttpResponse<String> answer = kit.send(kit.to("/").POST(BodyPublishers.ofString("x")));
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.headers().firstValue("tide-service")).contains("/app:0");
        assertThat(came.get()).isEqualTo(1);
    }

    @Test
    void sendsAPostElsewhereIfNobodyWasThere() {
        Server gone = kit.server();
        Server there = kit.server();
        gone.stop();
        kit.serve(gone.endpoint(), there.endpoint());
        for (int i = 0; i < 20; i++) {
            assertThat(kit.send(kit.to("/").POST(BodyPublishers.ofString("x"))).body())
                    .isEqualTo("" + there.instance);
        }
    }

    @Test
    void givesUpOnAnEndpointThatDoesNotAnswer() {
        Server mute = kit.server(request -> {});
        kit.serve(service("/app", rules(rules -> rules.requestMs = 300), mute.endpoint()));
        HttpResponse<String> answer = kit.get("/");
        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.headers().firstValue("tide-service")).contains("/app:0");
        assertThat(kit.inFlight("/app:0")).isZero();
    }

    @Test
    void passesErrorsOnAndKeepsAwayFromWhoMakesThem() {
        AtomicInteger failures = new AtomicInteger();
        Server broken = kit.server(request -> {
            failures.incrementAndGet();
            request.response().setStatusCode(500).end("no");
        });
        Server well = kit.server();
        kit.serve(broken.endpoint(), well.endpoint());
        int seen = 0;
        for (int i = 0; i < 200; i++) {
            seen += kit.get("/").statusCode() == 500 ? 1 : 0;
        }
        // Five for each event loop, and perhaps a trial.
        assertThat(seen).isEqualTo(failures.get()).isBetween(1, 2 * Breaker.FAILURES_MAX + 6);
    }

    @Test
    void reportsWhatItHasMeasured() {
        Server slow = kit.server(request -> kit.vertx.setTimer(60,
                timer -> request.response().setStatusCode(500).end()));
        kit.serve(slow.endpoint());
        kit.load("/app:0");
        kit.get("/");
        kit.get("/");
        var load = kit.load("/app:0");
        assertThat(load.arrivalsPerSecond()).isPositive();
        var endpoint = load.endpoints().getFirst();
        assertThat(endpoint.instance()).isEqualTo(slow.instance);
        assertThat(endpoint.requestsPerSecond()).isPositive()
                .isEqualTo(endpoint.errorsPerSecond());
        assertThat(endpoint.meanMs()).isGreaterThanOrEqualTo(55);
        assertThat(endpoint.p99Ms()).isGreaterThanOrEqualTo(60);
        assertThat(kit.load("/app:0").endpoints()).isEmpty();
        assertThat(kit.ingress.totals().get("/app:0")).isEqualTo(List.of(2L, 0L, 2L, 2L));
    }

    /** In a flood an event loop has other things to do; just then the load must be told. */
    @Test
    void reportsArrivalsWhileEventLoopsAreBusy() throws Exception {
        Server server = kit.server();
        kit.serve(server.endpoint());
        kit.load("/app:0");
        kit.get("/");
        // It is counted when the answer has been given, which may be a little later.
        Kit.await("the end of it", () -> kit.ingress.confirm().services().getFirst().endpoints()
                .isEmpty());
        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch busy = kit.occupyLoops(over);
        try {
            busy.await();
            ServiceLoad load = kit.ingress.measure(20).services().getFirst();
            assertThat(load.arrivalsPerSecond()).isPositive();
            assertThat(load.endpoints().getFirst().requestsPerSecond()).isPositive();
            assertThat(load.endpoints().getFirst().meanMs()).as("not known yet").isNegative();
            assertThat(kit.ingress.measure(20).services().getFirst().arrivalsPerSecond())
                    .as("each is told once").isZero();
        } finally {
            over.countDown();
        }
        kit.get("/");
        var endpoint = kit.load("/app:0").endpoints().getFirst();
        assertThat(endpoint.meanMs()).as("also of the one before").isPositive();
    }

    @Test
    void usesConnectionsAgain() {
        ConcurrentHashMap<String, Boolean> connections = new ConcurrentHashMap<>();
        Server server = kit.server(request -> {
            connections.put(request.remoteAddress().toString(), true);
            request.response().end("x");
        });
        kit.serve(server.endpoint());
        for (int i = 0; i < 50; i++) {
            assertThat(kit.get("/").statusCode()).isEqualTo(200);
        }
        assertThat(connections).hasSizeLessThanOrEqualTo(2);
    }

    static String get(String path, String host) {
        return "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    }

    private static Front front(String host, String prefix) {
        return new Front(Protocol.HTTP, List.of(host), prefix, 0, List.of());
    }
}
