package io.springtide.bench.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What a schedule will need lies on the agents before any instance of it starts, all the way through. */
class PrefetchIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String POLICY = "/v2/apps/shop/web/autoscaling";
    private static final int BYTES = 1 << 20;

    /** Agents tell of their progress a few times a second. */
    private static final int PIECES = 8;
    private static final int PIECE_MS = 100;

    /** Downloads, failed ones included. */
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicBoolean broken = new AtomicBoolean();
    private final CountDownLatch secondHalf = new CountDownLatch(1);
    private HttpServer server;

    @TempDir
    Path folder;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/data.bin", exchange -> {
            begun.incrementAndGet();
            if (broken.get()) {
                exchange.sendResponseHeaders(503, -1);
                exchange.close();
                return;
            }
            exchange.sendResponseHeaders(200, BYTES);
            try (OutputStream out = exchange.getResponseBody()) {
                for (int i = 0; i < PIECES; i++) {
                    out.write(new byte[BYTES / 2 / PIECES]);
                    out.flush();
                    Thread.sleep(PIECE_MS);
                }
                secondHalf.await();
                out.write(new byte[BYTES / 2]);
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
    }

    @AfterEach
    void end() {
        secondHalf.countDown();
        server.stop(0);
    }

    @Test
    void anArtifactIsOnTheAgentsBeforeAnInstanceStarts() throws Exception {
        try (LocalCluster cluster = new LocalCluster(folder, 2)) {
            submit(cluster);
            put(cluster, 20);
            await(cluster, "a part of it on both agents",
                    shown -> shown.path("fetching").asInt() == 2
                            && shown.path("bytesTotal").asInt() == 2 * BYTES);
            JsonNode ahead = cluster.get(POLICY).body().at("/state/prefetch");
            assertThat(ahead.path("bytesDone").asInt()).isBetween(1, BYTES);
            assertThat(ahead.path("schedule").asText()).isEqualTo("sale");
            assertThat(ahead.path("sentence").asText()).isEqualTo("/shop/web's 1 artifact, needed"
                    + " for schedule sale, is on 0 of 2 likely agents.");
            secondHalf.countDown();
            await(cluster, "all of it", shown -> shown.path("done").asInt() == 2);
            assertThat(begun).hasValue(2);
            assertThat(cached("agent-0")).isOne();
            assertThat(cached("agent-1")).isOne();
            assertThat(cluster.get("/v2/apps/shop/web").body().at("/app/tasks")).isEmpty();

            // As its time comes: instances take what is there.
            assertThat(cluster.send("PUT", POLICY, "{\"min\":4,\"max\":9}").status())
                    .isEqualTo(200);
            LocalCluster.await("four instances", PATIENCE,
                    () -> body(cluster, "/v2/apps/shop/web").at("/app/tasksRunning").asInt() == 4);
            assertThat(begun).as("nothing was fetched again").hasValue(2);
            await(cluster, "nothing more to fetch", JsonNode::isMissingNode);
        }
    }

    @Test
    void whatCannotBeFetchedIsToldAndIsAlarming() throws Exception {
        broken.set(true);
        try (LocalCluster cluster = new LocalCluster(folder, 1)) {
            submit(cluster);
            put(cluster, 20);
            await(cluster, "a failure", ahead -> ahead.path("failed").asInt() == 1);
            JsonNode ahead = cluster.get(POLICY).body().at("/state/prefetch");
            assertThat(ahead.at("/failures/0/agent").asText()).isEqualTo("agent-0");
            assertThat(ahead.at("/failures/0/error").asText()).contains("/data.bin")
                    .contains("503").doesNotContain("secret");
            assertThat(cluster.get("/tide/v1/status").body().path("alarms").toString())
                    .contains("prefetch-failed").contains("503");
        }
    }

    private void submit(LocalCluster cluster) throws IOException {
        assertThat(cluster.send("POST", "/v2/apps", """
                {"id":"/shop/web","instances":0,"cpus":0.01,"mem":8,"cmd":"sleep 1000",
                 "taskKillGracePeriodSeconds":1,"portDefinitions":[],
                 "fetch":[{"uri":"http://127.0.0.1:%d/data.bin?signature=secret","cache":true}]}"""
                .formatted(server.getAddress().getPort())).status()).isEqualTo(201);
    }

    /** A schedule that begins so many minutes from now. */
    private static void put(LocalCluster cluster, int minutes) throws IOException {
        ZonedDateTime at = Instant.now().atZone(ZoneOffset.UTC).plusMinutes(minutes);
        LocalCluster.Reply reply = cluster.send("PUT", POLICY, """
                {"min":0,"max":9,"schedules":[{"name":"sale","cron":"%d %d %d %d *","instances":4,
                 "durationSeconds":600}]}""".formatted(at.getMinute(), at.getHour(),
                at.getDayOfMonth(), at.getMonthValue()));
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
    }

    private long cached(String agent) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve(agent))) {
            return files.filter(file -> size(file) == BYTES).count();
        }
    }

    private static long size(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (IOException gone) {
            return 0;
        }
    }

    private static void await(LocalCluster cluster, String what, Predicate<JsonNode> holds) {
        LocalCluster.await(what, PATIENCE,
                () -> holds.test(body(cluster, POLICY).at("/state/prefetch")));
    }

    private static JsonNode body(LocalCluster cluster, String path) {
        try {
            return cluster.get(path).body();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
