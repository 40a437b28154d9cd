package io.springtide.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Answers what a test tells it to, and remembers what it was asked. */
final class FakeMaster implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Deque<Answer>> answers = new LinkedHashMap<>();
    private final List<String> requests = new ArrayList<>();
    private final List<Map<String, String>> headers = new ArrayList<>();

    FakeMaster() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    0);
        } catch (IOException broken) {
            throw new java.io.UncheckedIOException(broken);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    record Answer(int status, String body, Map<String, String> headers) {}

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Several answers to the same request come one after the other; the last one stays. */
    FakeMaster on(String methodAndPath, int status, String body) {
        return on(methodAndPath, status, body, Map.of());
    }

    synchronized FakeMaster on(String methodAndPath, int status, String body,
            Map<String, String> headers) {
        answers.computeIfAbsent(methodAndPath, key -> new ArrayDeque<>())
                .add(new Answer(status, body, headers));
        return this;
    }

    /** For example {@code PUT /v2/apps/a {"instances":3}}. */
    synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String key = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        Map<String, String> sent = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        exchange.getRequestHeaders().forEach((name, values) -> sent.put(name, values.getFirst()));
        synchronized (this) {
            headers.add(sent);
        }
        Answer answer = next(key, body);
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        answer.headers().forEach(exchange.getResponseHeaders()::add);
        if (!answer.headers().containsKey("Content-Type")) {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
        }
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    /** Values of a header, a request each; empty where it was not sent. */
    synchronized List<String> headers(String name) {
        return headers.stream().map(each -> each.getOrDefault(name, "")).toList();
    }

    private synchronized Answer next(String key, String body) {
        requests.add(body.isEmpty() ? key : key + " " + body);
        Deque<Answer> queue = answers.get(key);
        if (queue == null) {
            return new Answer(404, "{\"message\":\"nothing is prepared for " + key + "\"}",
                    Map.of());
        }
        return queue.size() > 1 ? queue.removeFirst() : queue.getFirst();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
