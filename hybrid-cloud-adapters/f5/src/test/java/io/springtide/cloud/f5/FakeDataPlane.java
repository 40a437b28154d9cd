package io.springtide.cloud.f5;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Carries GET requests to the members of one pool of a {@link FakeBigIp}, each to the one that is enabled at that
 * moment, and to no other one if that fails. What the driver says too early or too late is a failed request here,
 * though the JDK's client knocks a second time at the same member where a connection is refused or has expired.
 */
public final class FakeDataPlane implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int BACKLOG = 256;

    private final FakeBigIp bigIp;
    private final String pool;
    private final HttpClient members = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE).build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    /**
     * Opens it on a port of this machine.
     *
     * @param pool a part of the pool's name
     */
    public FakeDataPlane(FakeBigIp bigIp, String pool) throws IOException {
        this.bigIp = bigIp;
        this.pool = pool;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                BACKLOG);
        server.createContext("/", this::carry);
        server.setExecutor(threads);
        server.start();
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    private void carry(HttpExchange exchange) throws IOException {
        try (exchange) {
            Optional<FakeBigIp.Node> node = bigIp.begin(pool);
            if (node.isEmpty()) {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            try {
                answer(exchange, node.get());
            } finally {
                bigIp.over(node.get());
            }
        }
    }

    private void answer(HttpExchange exchange, FakeBigIp.Node node) throws IOException {
        HttpResponse<byte[]> response;
        try {
            response = members.send(
                    HttpRequest.newBuilder(URI.create("http://" + node.address + ":" + node.port
                            + exchange.getRequestURI().getRawPath())).timeout(PATIENCE).build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException refused) {
            exchange.sendResponseHeaders(502, -1);
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exchange.sendResponseHeaders(502, -1);
            return;
        }
        exchange.sendResponseHeaders(response.statusCode(), response.body().length);
        exchange.getResponseBody().write(response.body());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        members.shutdownNow();
    }
}
