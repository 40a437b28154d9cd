package io.springtide.bench.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Policies with a whole cluster, a real Prometheus or a real ingress. */
class AutoscaleIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String POLICY = "/v2/apps/shop/web/autoscaling";

    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    @Tag("prometheus")
    void followsAQueryAndFreezesWithoutItWhileSchedulesCount() throws Exception {
        RealPrometheus.assumeThere("AutoscaleIT");
        int port = LocalCluster.freePort();
        AtomicLong demand = new AtomicLong(20);
        HttpServer metrics = HttpServer
                .create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        metrics.createContext("/metrics", exchange -> {
            byte[] text = ("demand " + demand + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        metrics.start();
        Process prometheus = startPrometheus(port, metrics.getAddress().getPort());
        try (LocalCluster cluster = new LocalCluster(folder.resolve("cluster"), 1, "process",
                List.of("--prometheus", "http://127.0.0.1:" + port))) {
            submit(cluster, "sleep 1000");
            put(cluster, "{'min':1,'max':15,'targets':[{'metric':'promql','query':'sum(demand)',"
                    + "'value':10}],'down':{'stabilizationSeconds':0}}");
            await(cluster, "two for 20", shown -> shown.at("/state/wanted").asInt() == 2);
            demand.set(95);
            await(cluster, "ten for 95", shown -> shown.at("/state/ready").asInt() == 10);

            prometheus.destroyForcibly().waitFor();
            await(cluster, "a freeze", shown -> shown.at("/state/frozen").asBoolean()
                    && shown.at("/state/trouble").asText().contains("cannot be reached"));
            await("an alarm", () -> alarms(cluster).contains("metrics-missing"));
            assertThat(cluster.get(POLICY).body().at("/state/wanted").asInt()).isEqualTo(10);

            put(cluster, "{'min':1,'max':15,'targets':[{'metric':'promql','query':'sum(demand)',"
                    + "'value':10}],'down':{'stabilizationSeconds':0},'schedules':[{'name':'now',"
                    + "'cron':'* * * * *','instances':14,'durationSeconds':90}]}");
            await(cluster, "the schedule", shown -> shown.at("/state/ready").asInt() == 14
                    && shown.at("/state/frozen").asBoolean());

            demand.set(30);
            put(cluster, "{'min':1,'max':15,'targets':[{'metric':'promql','query':'sum(demand)',"
                    + "'value':10}],'down':{'stabilizationSeconds':0}}");
            prometheus = startPrometheus(port, metrics.getAddress().getPort());
            await(cluster, "three for 30", shown -> shown.at("/state/wanted").asInt() == 3
                    && !shown.at("/state/frozen").asBoolean());
            await("no alarm", () -> !alarms(cluster).contains("metrics-missing"));
        } finally {
            prometheus.destroyForcibly().waitFor();
            metrics.stop(0);
        }
    }

    @Test
    void aStepInTrafficBecomesACount() throws Exception {
        RealPrometheus.assumeBusybox("AutoscaleIT.aStepInTrafficBecomesACount");
        try (LocalCluster cluster = new LocalCluster(folder.resolve("cluster"), 1);
                ScheduledExecutorService load = Executors.newScheduledThreadPool(2)) {
            submit(cluster, "exec " + RealPrometheus.BUSYBOX + " httpd -f -p 127.0.0.1:$PORT0");
            put(cluster, "{'min':2,'max':12,'targets':[{'metric':'requests','value':20}]}");
            int ingress = cluster.startIngress();
            URI page = URI.create("http://127.0.0.1:" + ingress + "/");
            // An open model: what is due is sent, whatever became of what was sent before.
            ScheduledFuture<?> calm = load.scheduleAtFixedRate(() -> ask(page), 0, 100,
                    TimeUnit.MILLISECONDS);
            await(cluster, "a measured load", shown -> shown.at("/state/metrics/0/value")
                    .asDouble() > 3 && shown.at("/state/wanted").asInt() == 2);
            CompletableFuture<Long> decided = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> decision(cluster, decided));
            LocalCluster.await("a listener", PATIENCE, () -> listeners(cluster) > 0);
            long beginNs = System.nanoTime();
            ScheduledFuture<?> crowd = load.scheduleAtFixedRate(() -> ask(page), 0, 5,
                    TimeUnit.MILLISECONDS);
            long ms = TimeUnit.NANOSECONDS
                    .toMillis(decided.get(PATIENCE.toSeconds(), TimeUnit.SECONDS) - beginNs);
            // What it must be on a machine that does nothing else is measured by the bench.
            System.out.println("autoscale: from the step to the committed count " + ms + " ms");
            await(cluster, "more instances", shown -> shown.at("/state/ready").asInt() >= 9);
            assertThat(calm.isDone() || crowd.isDone()).as("the load broke off").isFalse();
        }
    }

    private void decision(LocalCluster cluster, CompletableFuture<Long> decided) {
        try (BufferedReader events = new BufferedReader(new InputStreamReader(http.send(
                HttpRequest.newBuilder(cluster.uri("/v2/events?event_type=autoscale_event"))
                        .header("Accept", "text/event-stream").build(),
                HttpResponse.BodyHandlers.ofInputStream()).body(), StandardCharsets.UTF_8))) {
            String line = "";
            while (!line.contains("autoscale_event")) {
                line = Optional.ofNullable(events.readLine()).orElseThrow(
                        () -> new EOFException("the events ended before a decision"));
            }
            decided.complete(System.nanoTime());
        } catch (IOException | InterruptedException broken) {
            decided.completeExceptionally(broken);
        }
    }

    private void ask(URI page) {
        var unused = http.sendAsync(
                HttpRequest.newBuilder(page).header("X-Test", "1").build(),
                HttpResponse.BodyHandlers.discarding());
    }

    private int listeners(LocalCluster cluster) {
        try {
            String text = http.send(
                    HttpRequest.newBuilder(cluster.uri("/metrics/prometheus")).build(),
                    HttpResponse.BodyHandlers.ofString()).body();
            return text.lines().filter(line -> line.startsWith("tide_sse_clients "))
                    .mapToInt(line -> (int) Double.parseDouble(line.substring(17))).sum();
        } catch (IOException | InterruptedException notYet) {
            return 0;
        }
    }

    private static void submit(LocalCluster cluster, String command) throws IOException {
        assertThat(cluster.send("POST", "/v2/apps", """
                {"id":"/shop/web","instances":1,"cpus":0.01,"mem":8,"cmd":"%s",
                 "taskKillGracePeriodSeconds":1,"labels":{"TIDE_0_HOST":"127.0.0.1"},
                 "portDefinitions":[{"port":0,"name":"http"}]}""".formatted(command)).status())
                .isEqualTo(201);
    }

    private static void put(LocalCluster cluster, String policy) throws IOException {
        LocalCluster.Reply reply = cluster.send("PUT", POLICY, policy.replace('\'', '"'));
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
    }

    private static void await(LocalCluster cluster, String what, Predicate<JsonNode> holds) {
        await(what, () -> holds.test(cluster.get(POLICY).body()));
    }

    private interface Look {
        boolean holds() throws IOException;
    }

    private static void await(String what, Look look) {
        LocalCluster.await(what, PATIENCE, () -> {
            try {
                return look.holds();
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        });
    }

    private String alarms(LocalCluster cluster) throws IOException {
        return json.writeValueAsString(cluster.get("/tide/v1/status").body().path("alarms"));
    }

    private Process startPrometheus(int port, int target) throws IOException {
        return RealPrometheus.start(folder, port, """
                - job_name: demand
                  static_configs: [{targets: ['127.0.0.1:%d']}]
                """.formatted(target));
    }
}
