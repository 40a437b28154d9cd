package io.springtide.cloud.ingress.proxy;

import io.springtide.cloud.ingress.proxy.Kit.Server;
import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.cloud.spi.traffic.Front;
import io.springtide.cloud.spi.traffic.Front.Protocol;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.NetServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.springtide.cloud.ingress.proxy.Kit.rules;
import static io.springtide.cloud.ingress.proxy.Kit.service;
import static org.assertj.core.api.Assertions.assertThat;

/** What takes its time: large bodies, slow clients, waiting rooms, tunnels, TCP, the end. */
class FlowTest {

    private static final int LARGE = 8 << 20;

    /** More than the kernel holds of two connections. */
    private static final int HUGE = 64 << 20;

    private final Kit kit = new Kit();

    @AfterEach
    void close() {
        kit.close();
    }

    @Test
    void carriesLargeBodiesBothWays() throws Exception {
        // All of it first: this client reads nothing before it has sent everything.
        Server echo = kit.server(request -> request.body().onSuccess(body -> {
            if ("/chunks".equals(request.path())) {
                request.response().setChunked(true);
            }
            request.response().end(body);
        }));
        kit.serve(echo.endpoint());
        byte[] body = new byte[LARGE];
        new java.util.Random(1).nextBytes(body);
        for (String path : List.of("/", "/chunks")) {
            for (var publisher : List.of(BodyPublishers.ofByteArray(body),
                    BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))) {
                HttpResponse<byte[]> answer = kit.client.send(
                        kit.to(path).expectContinue(path.equals("/")).POST(publisher).build(),
                        BodyHandlers.ofByteArray());
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(java.util.Arrays.equals(answer.body(), body)).isTrue();
            }
        }
        Kit.await("the end of it", () -> kit.inFlight("/app:0") == 0);
    }

    @Test
    void aSlowClientSlowsTheEndpointDown() throws Exception {
        AtomicLong written = new AtomicLong();
        Server fast = kit.server(request -> {
            request.response().putHeader("Content-Length", "" + HUGE);
            write(request.response(), written);
        });
        kit.serve(fast.endpoint());
        try (Socket client = new Socket()) {
            client.setReceiveBufferSize(4_096);
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(),
                    kit.ingress.port()));
            client.getOutputStream().write(
                    IngressTest.get("/", "x").getBytes(StandardCharsets.ISO_8859_1));
            Kit.await("the answer to stand still", () -> {
                long before = written.get();
                Kit.pause(300);
                return before > 0 && written.get() == before;
            });
            assertThat(written.get()).as("nobody holds all of it").isLessThan(HUGE * 3L / 4);
            InputStream in = client.getInputStream();
            long read = 0;
            byte[] buffer = new byte[64 << 10];
            while (read < HUGE) {
                read += in.read(buffer);
            }
            assertThat(written.get()).isEqualTo(HUGE);
        }
    }

    private static void write(io.vertx.core.http.HttpServerResponse response, AtomicLong written) {
        Buffer part = Buffer.buffer(new byte[64 << 10]);
        while (written.get() < HUGE) {
            written.addAndGet(part.length());
            if (written.get() == HUGE) {
                response.end(part);
                return;
            }
            response.write(part);
            if (response.writeQueueFull()) {
                response.drainHandler(drained -> write(response, written));
                return;
            }
        }
    }

    @Test
    void aClientThatLeavesEndsTheRequestOfTheEndpoint() throws Exception {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        Server slow = kit.server(request -> request.connection()
                .closeHandler(closed -> ended.complete(null)));
        kit.serve(slow.endpoint());
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), kit.ingress.port())) {
            client.getOutputStream().write(
                    IngressTest.get("/", "x").getBytes(StandardCharsets.ISO_8859_1));
            Kit.await("the request to arrive", () -> kit.requests(slow) == 1);
        }
        ended.get(5, TimeUnit.SECONDS);
        Kit.await("the end of it", () -> kit.inFlight("/app:0") == 0);
    }

    @Test
    void cutsAnAnswerThatTheEndpointCut() throws Exception {
        Server half = kit.server(request -> {
            request.response().putHeader("Content-Length", "10").write("half");
            kit.vertx.setTimer(50, timer -> request.connection().close());
        });
        kit.serve(half.endpoint());
        assertThat(kit.raw(IngressTest.get("/", "x"))).contains(" 200 ").endsWith("half<closed>");
    }

    @Test
    void waitsForTheFirstEndpointInOrderOfArrival() throws Exception {
        ConcurrentLinkedQueue<String> order = new ConcurrentLinkedQueue<>();
        Server server = kit.server(request -> {
            order.add(request.path());
            request.response().end("here");
        });
        kit.serve(service("/app", rules(rules -> rules.waitMs = 10_000)));
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.add(kit.client.sendAsync(kit.to("/" + i).POST(BodyPublishers.ofString("b"))
                    .build(), BodyHandlers.ofString()));
            int waiting = i + 1;
            Kit.await("it to wait", () -> kit.load("/app:0").waiting() == waiting);
        }
        assertThat(order).isEmpty();
        kit.serve(service("/app", rules(rules -> rules.waitMs = 10_000), server.endpoint()));
        for (var answer : answers) {
            assertThat(answer.get(5, TimeUnit.SECONDS).body()).isEqualTo("here");
        }
        // In order for each of the two event loops.
        List<String> seen = List.copyOf(order);
        assertThat(seen).hasSize(5);
        long falls = java.util.stream.IntStream.range(1, 5)
                .filter(i -> seen.get(i).compareTo(seen.get(i - 1)) < 0).count();
        assertThat(falls).as(seen + "").isLessThanOrEqualTo(2);
        assertThat(kit.load("/app:0").waiting()).isZero();
    }

    @Test
    void turnsAwayWhoComesToAFullRoomOrWaitsTooLong() throws Exception {
        kit.serve(service("/app", rules(rules -> {
            rules.waiting = 1;
            rules.waitMs = 600;
        })));
        var waits = kit.client.sendAsync(kit.to("/").GET().build(), BodyHandlers.ofString());
        Kit.await("it to wait", () -> kit.load("/app:0").waiting() == 1);
        HttpResponse<String> full = kit.get("/");
        assertThat(full.statusCode()).isEqualTo(503);
        assertThat(full.body()).contains("full");
        assertThat(full.headers().firstValue("retry-after")).contains("1");
        HttpResponse<String> late = waits.get(5, TimeUnit.SECONDS);
        assertThat(late.statusCode()).isEqualTo(503);
        assertThat(late.body()).contains("in time");
        assertThat(late.headers().firstValue("tide-service")).contains("/app:0");
        assertThat(kit.load("/app:0").waiting()).isZero();
        assertThat(kit.ingress.totals().getOrDefault("/app:0", List.of()))
                .containsExactly(2L, 2L, 0L, 0L);
    }

    @Test
    void limitsTheRateAndLetsTheRestWait() throws Exception {
        Server server = kit.server();
        kit.serve(service("/app", rules(rules -> {
            rules.rate = 50;
            rules.waiting = 40;
            rules.waitMs = 10_000;
        }), server.endpoint()));
        long began = System.nanoTime();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(kit.client.sendAsync(kit.to("/").GET().build(), BodyHandlers.ofString()));
        }
        int served = 0;
        for (var answer : answers) {
            int status = answer.get(10, TimeUnit.SECONDS).statusCode();
            assertThat(status).isIn(200, 429);
            served += status == 200 ? 1 : 0;
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        assertThat(served).isBetween(40, 99);
        // A burst of a tenth of a second, then the rate.
        assertThat(served).isLessThanOrEqualTo((int) (5 + 50 * seconds + 1));
        assertThat(kit.requests(server)).isEqualTo(served);
    }

    @Test
    void tunnelsWebSockets() throws Exception {
        var http = Kit.get(kit.vertx.createHttpServer(new HttpServerOptions())
                .webSocketHandler(socket -> socket.textMessageHandler(
                        text -> socket.writeTextMessage(socket.path() + " " + text)))
                .listen(0, "127.0.0.1"));
        kit.serve(new Endpoint(1, "127.0.0.1", http.actualPort(), 1, 100, false));
        var answers = new java.util.concurrent.LinkedBlockingQueue<String>();
        // Held until the end: a client that nobody holds is closed when it is collected.
        var sockets = kit.vertx.createWebSocketClient();
        var socket = Kit.get(sockets.connect(
                new WebSocketConnectOptions().setHost("127.0.0.1").setPort(kit.ingress.port())
                        .setURI("/chat")));
        socket.textMessageHandler(answers::add);
        for (int i = 0; i < 50; i++) {
            socket.writeTextMessage("m" + i);
        }
        for (int i = 0; i < 50; i++) {
            assertThat(answers.poll(5, TimeUnit.SECONDS)).isEqualTo("/chat m" + i);
        }
        assertThat(kit.inFlight("/app:0")).isEqualTo(1);
        String large = "x".repeat(50_000);
        socket.writeTextMessage(large);
        assertThat(answers.poll(5, TimeUnit.SECONDS)).hasSize(50_006);
        Kit.get(socket.close());
        Kit.get(sockets.close());
        Kit.await("the end of it", () -> kit.inFlight("/app:0") == 0);
        Kit.await("its place", () -> kit.ingress.clients() == 0);
    }

    @Test
    void passesARefusedUpgradeOn() throws Exception {
        Server server = kit.server(request -> request.response().setStatusCode(403).end("no"));
        kit.serve(server.endpoint());
        String upgrade = "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: foo\r\n\r\n";
        assertThat(kit.raw(upgrade)).contains(" 403 ").endsWith("no");
        Kit.await("the end of it", () -> kit.inFlight("/app:0") == 0);
    }

    @Test
    void carriesTcp() throws Exception {
        NetServer echo = Kit.get(kit.vertx.createNetServer()
                .connectHandler(socket -> socket.pipeTo(socket)).listen(0, "127.0.0.1"));
        int port = Kit.freePort();
        int nobody = Kit.freePort();
        Front front = new Front(Protocol.TCP, List.of(), "/", port, List.of());
        kit.serve(service("/tcp", front, rules(same -> {}),
                new Endpoint(1, "127.0.0.1", echo.actualPort(), 1, 100, false),
                new Endpoint(2, "127.0.0.1", nobody, 1, 100, false)));
        for (int i = 0; i < 10; i++) {
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
                client.setSoTimeout(5_000);
                client.getOutputStream().write(("hello " + i).getBytes(StandardCharsets.UTF_8));
                byte[] back = client.getInputStream().readNBytes(7);
                assertThat(new String(back, StandardCharsets.UTF_8)).isEqualTo("hello " + i);
                assertThat(kit.inFlight("/tcp:0")).isEqualTo(1);
            }
            Kit.await("the end of it", () -> kit.inFlight("/tcp:0") == 0);
        }
        assertThat(kit.ingress.clients()).isZero();
    }

    /** What the endpoint has sent before it closed is the client's, however slowly that reads. */
    @Test
    void carriesAllOfTcpToASlowReader() throws Exception {
        byte[] all = new byte[LARGE];
        new java.util.Random(1).nextBytes(all);
        NetServer gives = Kit.get(kit.vertx.createNetServer().connectHandler(
                socket -> socket.write(Buffer.buffer(all)).onComplete(sent -> socket.close()))
                .listen(0, "127.0.0.1"));
        int port = Kit.freePort();
        Front front = new Front(Protocol.TCP, List.of(), "/", port, List.of());
        kit.serve(service("/tcp", front, rules(same -> {}),
                new Endpoint(1, "127.0.0.1", gives.actualPort(), 1, 100, false)));
        try (Socket client = new Socket()) {
            client.setReceiveBufferSize(4_096);
            client.setSoTimeout(10_000);
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            InputStream in = client.getInputStream();
            byte[] first = in.readNBytes(1_000);
            // Time for the endpoint to close while this one reads nothing.
            Kit.pause(300);
            byte[] rest = in.readAllBytes();
            assertThat(first.length + rest.length).isEqualTo(LARGE);
            assertThat(java.util.Arrays.equals(rest, 0, rest.length, all, 1_000, LARGE)).isTrue();
        }
        Kit.await("the end of it", () -> kit.inFlight("/tcp:0") == 0);
    }

    @Test
    void whoLeavesDoesNotWaitAnyMore() throws Exception {
        kit.serve(service("/app", rules(rules -> rules.waitMs = 60_000)));
        byte[] get = IngressTest.get("/", "x").getBytes(StandardCharsets.ISO_8859_1);
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Socket client = new Socket(InetAddress.getLoopbackAddress(), kit.ingress.port());
            client.getOutputStream().write(get);
            clients.add(client);
        }
        Kit.await("them to wait", () -> kit.load("/app:0").waiting() == 6);
        for (Socket client : clients.subList(1, 6)) {
            client.close();
        }
        Kit.await("one to wait", () -> kit.load("/app:0").waiting() == 1);
        clients.getFirst().close();
        Kit.await("none to wait", () -> kit.load("/app:0").waiting() == 0);
    }

    @Test
    void anEndpointThatGoesFinishesWhatIsUnderWay() throws Exception {
        CompletableFuture<Runnable> answer = new CompletableFuture<>();
        Server slow = kit.server(request -> answer.complete(() -> request.response().end("late")));
        Server other = kit.server();
        kit.serve(slow.endpoint());
        var pending = kit.client.sendAsync(kit.to("/").GET().build(), BodyHandlers.ofString());
        Runnable finish = answer.get(5, TimeUnit.SECONDS);
        kit.serve(slow.draining(), other.endpoint());
        assertThat(kit.get("/").body()).isEqualTo("" + other.instance);
        assertThat(kit.inFlight("/app:0")).as("the master waits for it").isEqualTo(1);
        kit.serve(other.endpoint());
        assertThat(kit.inFlight("/app:0")).as("also when no table names it").isEqualTo(1);
        finish.run();
        assertThat(pending.get(5, TimeUnit.SECONDS).body()).isEqualTo("late");
        assertThat(kit.inFlight("/app:0")).isZero();
    }

    @Test
    void scalesUpAndDownTenTimesWithoutAFailure() throws Exception {
        List<Server> servers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            servers.add(kit.server());
        }
        kit.serve(servers.getFirst().endpoint());
        AtomicLong sent = new AtomicLong();
        ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        List<Thread> load = new ArrayList<>();
        java.util.concurrent.atomic.AtomicBoolean stop = new java.util.concurrent.atomic.AtomicBoolean();
        for (int i = 0; i < 8; i++) {
            boolean post = i % 2 == 0;
            load.add(Thread.ofVirtual().start(() -> {
                while (!stop.get()) {
                    try {
                        var request = kit.to("/");
                        var answer = kit.client.send(
                                (post ? request.POST(BodyPublishers.ofString("x")) : request.GET())
                                        .build(),
                                BodyHandlers.ofString());
                        sent.incrementAndGet();
                        if (answer.statusCode() != 200) {
                            failures.add(answer.statusCode() + " " + answer.body());
                        }
                    } catch (IOException | InterruptedException failed) {
                        failures.add(failed.toString());
                    }
                }
            }));
        }
        // Ten times, and on a busy machine until there was something to fail.
        for (int round = 0; round < 10 || (sent.get() <= 100 && round < 300); round++) {
            kit.serve(servers.stream().map(Server::endpoint).toArray(Endpoint[]::new));
            Kit.pause(40);
            kit.serve(servers.stream().map(one -> one == servers.getFirst()
                    ? one.endpoint()
                    : one.draining()).toArray(Endpoint[]::new));
            kit.serve(servers.getFirst().endpoint());
            Kit.pause(40);
        }
        stop.set(true);
        for (Thread one : load) {
            one.join();
        }
        assertThat(failures).isEmpty();
        assertThat(sent.get()).isGreaterThan(100);
        assertThat(servers).as("all had some").allMatch(one -> kit.requests(one) > 0);
    }

    @Test
    void endsWithoutCuttingAnybody() throws Exception {
        CompletableFuture<Runnable> answer = new CompletableFuture<>();
        Server slow = kit.server(request -> answer.complete(() -> request.response().end("late")));
        kit.serve(slow.endpoint());
        var pending = kit.client.sendAsync(kit.to("/").GET().build(), BodyHandlers.ofString());
        Runnable finish = answer.get(5, TimeUnit.SECONDS);
        var drained = kit.ingress.drain(10_000).toCompletionStage().toCompletableFuture();
        Kit.await("the door to be closed", () -> {
            try (Socket late = new Socket(InetAddress.getLoopbackAddress(), kit.ingress.port())) {
                return !late.isConnected();
            } catch (IOException refused) {
                return true;
            }
        });
        assertThat(drained).isNotDone();
        finish.run();
        assertThat(pending.get(5, TimeUnit.SECONDS).body()).isEqualTo("late");
        assertThat(drained.get(5, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void cutsWhatDoesNotEndInTime() throws Exception {
        Server mute = kit.server(request -> {});
        kit.serve(mute.endpoint());
        var cut = kit.client.sendAsync(kit.to("/").GET().build(), BodyHandlers.ofString());
        Kit.await("the request to arrive", () -> kit.requests(mute) == 1);
        assertThat(Kit.get(kit.ingress.drain(300))).isEqualTo(1);
        cut.cancel(true);
    }
}
