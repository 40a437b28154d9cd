package io.springtide.cloud.ingress.proxy;

import io.springtide.cloud.ingress.proxy.Kit.Server;
import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.cloud.spi.traffic.Front;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

import static io.springtide.cloud.ingress.proxy.Kit.rules;
import static io.springtide.cloud.ingress.proxy.Kit.service;
import static org.assertj.core.api.Assertions.assertThat;

/** What is bounded: connections, their idle times, how long anybody may hold the others up. */
class LimitsTest {

    @Test
    void closesAClientTooMany() throws Exception {
        try (Kit kit = new Kit(limits(3, 200, 60_000, 60_000))) {
            kit.serve(kit.server().endpoint());
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                clients.add(new Socket(InetAddress.getLoopbackAddress(), kit.ingress.port()));
            }
            Kit.await("three clients", () -> kit.ingress.clients() == 3);
            assertThat(kit.raw(IngressTest.get("/", "x"))).doesNotContain("200");
            clients.getFirst().close();
            Kit.await("two clients", () -> kit.ingress.clients() == 2);
            assertThat(Kit.raw(kit.ingress.port(), IngressTest.get("/", "x"), 3_000))
                    .contains("200");
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    @Test
    void closesClientsThatAskForNothing() throws Exception {
        try (Kit kit = new Kit(limits(100, 200, 300, 60_000))) {
            kit.serve(kit.server().endpoint());
            assertThat(Kit.raw(kit.ingress.port(), "GET / HTTP/1.1\r\nHost: x\r\nX-Half: ", 5_000))
                    .isEqualTo("<closed>");
            assertThat(Kit.raw(kit.ingress.port(), IngressTest.get("/", "x"), 5_000))
                    .contains("200").endsWith("<closed>");
        }
    }

    @Test
    void doesNotWaitForABodyForEver() throws Exception {
        try (Kit kit = new Kit(limits(100, 200, 60_000, 300))) {
            Server server = kit.server(request -> request.body()
                    .onSuccess(body -> request.response().end("all")));
            kit.serve(server.endpoint());
            assertThat(Kit.raw(kit.ingress.port(),
                    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf", 5_000))
                    .contains(" 408 ").endsWith("<closed>");
            Kit.await("the end of it", () -> kit.inFlight("/app:0") == 0);
        }
    }

    @Test
    void cutsAClientThatTakesNothing() throws Exception {
        try (Kit kit = new Kit(limits(100, 200, 60_000, 300))) {
            Server server = kit.server(request -> request.response()
                    .end(io.vertx.core.buffer.Buffer.buffer(new byte[32 << 20])));
            kit.serve(server.endpoint());
            try (Socket client = new Socket()) {
                client.setReceiveBufferSize(4_096);
                client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(),
                        kit.ingress.port()));
                client.getOutputStream().write(
                        IngressTest.get("/", "x").getBytes(StandardCharsets.ISO_8859_1));
                Kit.await("the request to arrive", () -> kit.requests(server) == 1);
                Kit.await("the end of it", () -> kit.inFlight("/app:0") == 0);
            }
        }
    }

    /** One endpoint that serves one request at a time: the others wait, none is refused. */
    @Test
    void boundsConnectionsToAnEndpoint() throws Exception {
        try (Kit kit = new Kit(limits(100, 2, 60_000, 60_000))) {
            AtomicInteger now = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            Server server = kit.server(request -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                kit.vertx.setTimer(10, timer -> {
                    now.decrementAndGet();
                    request.response().end("x");
                });
            });
            kit.serve(service("/app", rules(rules -> rules.waitMs = 10_000), server.endpoint()));
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                answers.add(
                        kit.client.sendAsync(kit.to("/").GET().build(), BodyHandlers.ofString()));
            }
            for (var answer : answers) {
                assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            }
            assertThat(most.get()).isLessThanOrEqualTo(2);
        }
    }

    /** The endpoint has got nothing of it: it is the client's fault alone. */
    @Test
    void blamesAClientForABodyThatIsHeld() throws Exception {
        try (Kit kit = new Kit(limits(100, 200, 60_000, 300))) {
            Server server = kit.server();
            kit.serve(service("/app", rules(rules -> rules.requestMs = 100), server.endpoint()));
            assertThat(Kit.raw(kit.ingress.port(),
                    "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf", 5_000))
                    .contains(" 408 ").endsWith("<closed>");
            assertThat(kit.requests(server)).isZero();
            assertThat(kit.load("/app:0").endpoints()).allMatch(one -> one.errorsPerSecond() == 0);
        }
    }

    @Test
    void aFullRoomIsNoRateLimit() throws Exception {
        try (Kit kit = new Kit(limits(100, 2, 60_000, 60_000))) {
            Server mute = kit.server(request -> {});
            kit.serve(service("/app", rules(rules -> {
                rules.waiting = 1;
                rules.waitMs = 300;
                rules.requestMs = 1_000;
            }), mute.endpoint()));
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                answers.add(
                        kit.client.sendAsync(kit.to("/").GET().build(), BodyHandlers.ofString()));
            }
            List<Integer> statuses = new ArrayList<>();
            for (var answer : answers) {
                statuses.add(answer.get(10, TimeUnit.SECONDS).statusCode());
            }
            assertThat(statuses).contains(503).doesNotContain(429);
        }
    }

    @Test
    void tunnelsGiveTheirConnectionsBack() throws Exception {
        try (Kit kit = new Kit(limits(100, 2, 60_000, 60_000))) {
            var http = Kit.get(kit.vertx.createHttpServer().webSocketHandler(
                    socket -> socket.textMessageHandler(socket::writeTextMessage))
                    .listen(0, "127.0.0.1"));
            kit.serve(new Endpoint(1, "127.0.0.1", http.actualPort(), 1, 100, false));
            var sockets = kit.vertx.createWebSocketClient();
            for (int i = 0; i < 6; i++) {
                var socket = Kit.get(sockets.connect(kit.ingress.port(), "127.0.0.1", "/"));
                Kit.get(socket.close());
            }
            Kit.await("the end of it", () -> kit.inFlight("/app:0") == 0);
            assertThat(kit.ingress.clients()).isZero();
        }
    }

    /** A connection of TCP is one to the endpoint: further ones wait until one ends. */
    @Test
    void boundsTcpConnectionsToAnEndpoint() throws Exception {
        try (Kit kit = new Kit(limits(100, 2, 60_000, 60_000))) {
            AtomicInteger now = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            var endpoint = Kit.get(kit.vertx.createNetServer().connectHandler(socket -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                socket.closeHandler(closed -> now.decrementAndGet());
            }).listen(0, "127.0.0.1"));
            int port = Kit.freePort();
            kit.serve(service("/tcp", new Front(Front.Protocol.TCP, List.of(), "/", port,
                    List.of()), rules(rules -> rules.waitMs = 60_000),
                    new Endpoint(1, "127.0.0.1", endpoint.actualPort(), 1, 100, false)));
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                clients.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
            Kit.await("the others to wait", () -> kit.load("/tcp:0").waiting() >= 4);
            assertThat(most.get()).isLessThanOrEqualTo(2);
            for (Socket client : clients) {
                client.close();
            }
            Kit.await("the end of it", () -> kit.inFlight("/tcp:0") == 0);
            try (Socket next = new Socket(InetAddress.getLoopbackAddress(), port)) {
                Kit.await("a place again", () -> next.isConnected() && now.get() == 1);
            }
        }
    }

    @Test
    void refusesNonsenseAboutItself() {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> limits(0, 1, 1, 1))
                .isInstanceOf(IllegalArgumentException.class);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> new CookieKeys(new byte[3]))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("16 bytes");
    }

    private static IngressLimits limits(int clients, int lines, int clientIdleMs, int stallMs)
            throws IllegalArgumentException {
        return new IngressLimits(2, clients, lines, 16 << 10, 500, 4_000, clientIdleMs, stallMs,
                60_000);
    }

}
