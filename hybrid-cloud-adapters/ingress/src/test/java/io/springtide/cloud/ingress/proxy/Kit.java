package io.springtide.cloud.ingress.proxy;

import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.cloud.spi.traffic.Front;
import io.springtide.cloud.spi.traffic.Front.Protocol;
import io.springtide.cloud.spi.traffic.Service;
import io.springtide.cloud.spi.traffic.TrafficReport;
import io.springtide.cloud.spi.traffic.TrafficReport.EndpointLoad;
import io.springtide.cloud.spi.traffic.TrafficReport.ServiceLoad;
import io.springtide.cloud.spi.traffic.TrafficRules;
import io.springtide.cloud.spi.traffic.TrafficRules.Balance;
import io.springtide.cloud.spi.traffic.TrafficRules.Split;
import io.springtide.cloud.spi.traffic.TrafficTable;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** An ingress and HTTP servers as endpoints, in this process. */
final class Kit implements AutoCloseable {

    static final IngressLimits LIMITS = new IngressLimits(2, 1_000, 200, 16 << 10, 500, 4_000,
            60_000, 60_000, 60_000);

    /** A server that counts. */
    static final class Server {
        final long instance;
        final int port;
        private final HttpServer http;

        private Server(long instance, HttpServer http) {
            this.instance = instance;
            this.http = http;
            this.port = http.actualPort();
        }

        Endpoint endpoint() {
            return new Endpoint(instance, "127.0.0.1", port, 1, Endpoint.WEIGHT, false);
        }

        Endpoint draining() {
            return new Endpoint(instance, "127.0.0.1", port, 1, Endpoint.WEIGHT, true);
        }

        Endpoint version(long versionMs, int weight) {
            return new Endpoint(instance, "127.0.0.1", port, versionMs, weight, false);
        }

        void stop() {
            get(http.close());
        }
    }

    final Vertx vertx = Vertx
            .vertx(new VertxOptions().setEventLoopPoolSize(2).setPreferNativeTransport(true));
    final Ingress ingress;
    final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5)).build();
    private final AtomicLong revision = new AtomicLong();
    private final AtomicLong instances = new AtomicLong(100);

    Kit() {
        this(LIMITS);
    }

    Kit(IngressLimits limits) {
        this(limits, false);
    }

    Kit(IngressLimits limits, boolean trusted) {
        this.ingress = get(Ingress.start(vertx, "127.0.0.1", 0, List.of(),
                new CookieKeys(new byte[32]), trusted, limits));
    }

    static <T> T get(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    /** A server that answers with its instance's number. */
    Server server() {
        long instance = instances.incrementAndGet();
        return server(instance, request -> request.response().end("" + instance));
    }

    Server server(Handler<HttpServerRequest> handler) {
        return server(instances.incrementAndGet(), handler);
    }

    private Server server(long instance, Handler<HttpServerRequest> handler) {
        AtomicInteger count = new AtomicInteger();
        HttpServer http = get(vertx.createHttpServer(new HttpServerOptions()
                .setHandle100ContinueAutomatically(true)).requestHandler(request -> {
                    count.incrementAndGet();
                    handler.handle(request);
                }).listen(0, "127.0.0.1"));
        Server server = new Server(instance, http);
        servers.add(server);
        counts.add(count);
        return server;
    }

    private final List<Server> servers = new ArrayList<>();
    private final List<AtomicInteger> counts = new ArrayList<>();

    /** Requests that a server has got. */
    int requests(Server server) {
        return counts.get(servers.indexOf(server)).get();
    }

    static TrafficRules rules(Consumer<Rules> change) {
        Rules rules = new Rules();
        change.accept(rules);
        return rules.make();
    }

    /** Rules, one by one. */
    static final class Rules {
        Balance balance = Balance.LEAST_CONNECTIONS;
        String cookie = "";
        int rate;
        int waiting = 100;
        int waitMs = 2_000;
        int slowStartMs;
        int requestMs = 5_000;
        List<Split> splits = List.of();

        TrafficRules make() {
            return new TrafficRules(balance, cookie, rate, waiting, waitMs, slowStartMs, requestMs,
                    splits);
        }
    }

    static Service service(String app, TrafficRules rules, Endpoint... endpoints) {
        return service(app, new Front(Protocol.HTTP, List.of(), "/", 0, List.of()), rules,
                endpoints);
    }

    static Service service(String app, Front front, TrafficRules rules, Endpoint... endpoints) {
        return new Service(app, 0, front, rules, Arrays.asList(endpoints));
    }

    /** Serves these, and waits until that is in force. */
    void serve(Service... services) {
        get(ingress.serve(
                new TrafficTable(revision.incrementAndGet(), Arrays.asList(services))));
    }

    void serve(Endpoint... endpoints) {
        serve(service("/app", rules(same -> {}), endpoints));
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ingress.port() + path))
                .timeout(Duration.ofSeconds(15));
    }

    HttpResponse<String> get(String path) {
        return send(to(path).GET());
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    /** Bytes as they are; what came back until the connection was closed or nothing came for a second. */
    String raw(String request) throws IOException {
        return raw(ingress.port(), request, 1_000);
    }

    static String raw(int port, String request, int patienceMs) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(patienceMs);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            StringBuilder answer = new StringBuilder();
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[8_192];
            try {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    answer.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
                }
            } catch (IOException quiet) {
                return answer.toString();
            }
            return answer + "<closed>";
        }
    }

    ServiceLoad load(String service) {
        return measure().services().stream().filter(load -> load.service().equals(service))
                .findFirst()
                .orElseThrow();
    }

    /** With all latencies, however busy the machine is. */
    TrafficReport measure() {
        try {
            return ingress.measure(20_000);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    int inFlight(String service) {
        return load(service).endpoints().stream().mapToInt(EndpointLoad::inFlight).sum();
    }

    /** Keeps all event loops busy; counted down when they are. */
    CountDownLatch occupyLoops(CountDownLatch over) {
        CountDownLatch busy = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            ((VertxInternal) vertx).createEventLoopContext().runOnContext(run -> {
                busy.countDown();
                try {
                    over.await();
                } catch (InterruptedException interrupted) {
                    throw new AssertionError(interrupted);
                }
            });
        }
        return busy;
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new AssertionError(none);
        }
    }

    static void await(String what, BooleanSupplier holds) {
        long deadline = System.nanoTime() + 15_000_000_000L;
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain for " + what);
            }
            pause(10);
        }
    }

    static void pause(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        get(vertx.close());
    }
}
