package io.springtide.cloud.haproxy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Instances of an app: each a server on a port of its own that answers with its number. */
final class Servers implements AutoCloseable {

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<Long, HttpServer> servers = new ConcurrentHashMap<>();
    private final Map<Long, AtomicLong> served = new ConcurrentHashMap<>();

    /** Starts one; gives its port. {@code ?ms=} of a request says how long its answer takes. */
    int start(long instance) {
        try {
            HttpServer server = HttpServer
                    .create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
            server.createContext("/", exchange -> {
                counter(instance).incrementAndGet();
                String query = String.valueOf(exchange.getRequestURI().getQuery());
                if (query.startsWith("ms=")) {
                    try {
                        Thread.sleep(Long.parseLong(query.substring(3)));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
                byte[] body = Long.toString(instance).getBytes(StandardCharsets.US_ASCII);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.setExecutor(threads);
            server.start();
            servers.put(instance, server);
            return server.getAddress().getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long served(long instance) {
        return counter(instance).get();
    }

    private AtomicLong counter(long instance) {
        return served.computeIfAbsent(instance, i -> new AtomicLong());
    }

    /** As a killed instance: what is under way is cut. */
    void stop(long instance) {
        HttpServer server = servers.remove(instance);
        if (server != null) {
            server.stop(0);
        }
    }

    @Override
    public void close() {
        servers.values().forEach(s -> s.stop(0));
        threads.shutdownNow();
    }
}
