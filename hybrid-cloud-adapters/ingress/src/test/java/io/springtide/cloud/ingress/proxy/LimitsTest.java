package io.springtide.cloud.ingress.proxy;

import io.springtide.cloud.ingress.proxy.Kit.Server;
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
            assertThat(kit.raw(IngressTest.get("/", "x"))).contains("200");
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
