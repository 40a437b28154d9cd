package io.springtide.master.scaling;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.springtide.master.config.PrometheusSetting;
import io.springtide.master.scaling.Queries.Answered;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Queries, answered by a server that a test tells what to say. */
class PrometheusTest {

    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);

    private final Map<String, String> bodies = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger atOnceMost = new AtomicInteger();
    private final CountDownLatch never = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ScalingCounters counters = new ScalingCounters();
    private HttpServer server;
    private Prometheus prometheus;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        prometheus = prometheus(Optional.empty());
    }

    @AfterEach
    void stop() {
        never.countDown();
        prometheus.close();
        server.stop(0);
        threads.shutdownNow();
    }

    private Prometheus prometheus(Optional<Path> token) {
        return new Prometheus(PrometheusSetting.parse(
                "http://127.0.0.1:" + server.getAddress().getPort() + "/prom/", token),
                InstantSource.system(), counters);
    }

    private void answer(HttpExchange exchange) throws IOException {
        atOnceMost.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
        try {
            String form = new String(exchange.getRequestBody().readAllBytes(),
                    StandardCharsets.UTF_8);
            String query = URLDecoder.decode(form.substring(form.indexOf("query=") + 6),
                    StandardCharsets.UTF_8);
            asked.add(exchange.getRequestURI() + " " + query);
            tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            if (query.equals("slow()")) {
                never.await();
            }
            if (query.startsWith("many")) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
            byte[] body = bodies.getOrDefault(query, "{\"status\":\"success\",\"data\":{"
                    + "\"resultType\":\"scalar\",\"result\":[1,\"1\"]}}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(query.equals("bad(") ? 400 : 200,
                    query.equals("dribble()") ? 0 : body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
                out.flush();
                if (query.equals("dribble()")) {
                    never.await();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            atOnce.decrementAndGet();
        }
    }

    private Answered ask(String query) {
        prometheus.ask(Set.of(query), System.currentTimeMillis());
        long deadline = System.nanoTime() + PATIENCE_NS;
        while (prometheus.answer(query).isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
        return prometheus.answer(query).orElseThrow();
    }

    private static String vector(String values) {
        return "{'status':'success','data':{'resultType':'vector','result':[".replace('\'', '"')
                + values.replace('\'', '"') + "]}}";
    }

    @Test
    void takesOneNumber() {
        bodies.put("sum(x{a=\"+\"})", vector("{'metric':{},'value':[1.5,'42.5']}"));
        assertThat(ask("sum(x{a=\"+\"})").value()).isEqualTo(42.5);
        assertThat(asked).containsExactly("/prom/api/v1/query sum(x{a=\"+\"})");
        assertThat(ask("scalar(1)").value()).isEqualTo(1);
        assertThat(counters.queriesAnswered()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{'value':[1,'NaN']}|gives NaN",
            "{'value':[1,'+Inf']}|gives +Inf", "{'value':[1,'-Inf']}|gives -Inf",
            "{'value':[1,'-3']}|below zero", "{'value':[1,'x']}|no number but 'x'",
            "''|gives nothing", "{'value':[1,'1']},{'value':[1,'2']}|gives 2 series"}, //
            emptyValue = "", quoteCharacter = '`')
    void saysWhyThereIsNoNumber(String values, String why) {
        bodies.put("q", vector(values.equals("''") ? "" : values));
        Answered answer = ask("q");
        assertThat(answer.known()).isFalse();
        assertThat(answer.fault()).contains(why);
        assertThat(counters.queriesFailed()).isOne();
    }

    @Test
    void tellsWhatPrometheusSaysOfABadQuery() {
        bodies.put("bad(",
                "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"unclosed left\"}");
        assertThat(ask("bad(").fault())
                .isEqualTo("Prometheus refused the query with status 400: unclosed left");
        bodies.put("page", "<html>");
        assertThat(ask("page").fault()).contains("status 200 and no JSON");
        bodies.put("range[5m]",
                "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[]}}");
        assertThat(ask("range[5m]").fault()).contains("no number but a matrix");
        bodies.put("long", "x".repeat(300_000));
        assertThat(ask("long").fault()).contains("longer than 256 KiB");
    }

    @Test
    void doesNotWaitForLong() {
        assertThat(ask("slow()").fault()).contains("no answer within 2 s");
        bodies.put("dribble()", "{");
        assertThat(ask("dribble()").known()).isFalse();
        server.stop(0);
        assertThat(ask("gone").fault()).contains("cannot be reached");
    }

    @Test
    void asksAQueryEveryFiveSecondsAndForgetsWhatNobodyWants() {
        long nowMs = System.currentTimeMillis();
        ask("q");
        prometheus.ask(Set.of("q"), nowMs + 4_000);
        assertThat(asked).hasSize(1);
        prometheus.ask(Set.of("q"), nowMs + 6_000);
        await(() -> asked.size() == 2);
        prometheus.ask(Set.of(), nowMs + 6_000);
        assertThat(prometheus.answer("q")).isEmpty();
    }

    @Test
    void asksAFewAtOnceAndAllInTheEnd() {
        Set<String> many = new java.util.TreeSet<>();
        for (int i = 0; i < 60; i++) {
            many.add("many" + i);
        }
        long nowMs = System.currentTimeMillis();
        await(() -> {
            prometheus.ask(many, nowMs);
            return many.stream().allMatch(query -> prometheus.answer(query).isPresent());
        });
        assertThat(asked).hasSize(60);
        assertThat(atOnceMost.get()).isBetween(2, 16);
    }

    @Test
    void sendsTheTokenThatTheFileHoldsNow() throws IOException {
        Path file = folder.resolve("token");
        prometheus.close();
        prometheus = prometheus(Optional.of(file));
        assertThat(ask("a").fault()).contains("--prometheus-token-file cannot be read");
        Files.writeString(file, "s3cret\n");
        ask("b");
        Files.writeString(file, "other");
        ask("c");
        Files.writeString(file, "two words");
        assertThat(ask("d").fault()).contains("holds no token").doesNotContain("words");
        assertThat(tokens).containsExactly("Bearer s3cret", "Bearer other");
    }

    @Test
    void addressesAreOfHttpAndHoldNoSecrets() {
        for (String wrong : List.of("prom:9090", "ftp://x", "http://u:p@x", "http://x?a=1", "")) {
            assertThatThrownBy(() -> PrometheusSetting.parse(wrong, Optional.empty()))
                    .as(wrong).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static void await(java.util.function.BooleanSupplier holds) {
        long deadline = System.nanoTime() + PATIENCE_NS;
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(2_000_000);
        }
    }
}
