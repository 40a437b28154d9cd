package io.springtide.bench.live;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goal: nobody who sends requests notices that instances come and go. Method: a whole master, agents and
 * ingress, each a process; clients send one request after the other, each of which takes a while; the
 * servers are so rude as to end at once when they are told to.
 */
class TrafficIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int ROUNDS = Integer.getInteger("traffic.rounds", 2);
    private static final int CLIENTS = 6;

    @TempDir
    Path folder;

    @Test
    void scalingAndRollingLoseNoRequest() throws Exception {
        try (LocalCluster cluster = new LocalCluster(folder, 2);
                Load load = new Load(
                        URI.create("http://127.0.0.1:" + cluster.startIngress() + "/"))) {
            assertThat(cluster.send("POST", "/v2/apps", app(1, "one")).status()).isEqualTo(201);
            awaitOpen(cluster, 1);
            load.begin();
            for (int i = 0; i < ROUNDS; i++) {
                scale(cluster, 3);
                scale(cluster, 1);
            }
            cluster.send("PUT", "/v2/apps/shop?force=true", app(2, "two"));
            awaitDone(cluster, 2);
            load.end();
            assertThat(load.failures).isEmpty();
            assertThat(load.answered.get()).isGreaterThan(100);
            assertThat(cluster.get("/tide/v1/traffic").body().path("cuts").asLong()).isZero();
            assertThat(cluster.get("/tide/v1/apps/shop/traffic").body().at("/load/p99Ms")
                    .isMissingNode()).as("the ingress reports what it measures").isFalse();
        }
    }

    private static void scale(LocalCluster cluster, int instances) throws IOException {
        cluster.send("PUT", "/v2/apps/shop?force=true", "{\"instances\":" + instances + "}");
        awaitDone(cluster, instances);
    }

    private static void awaitDone(LocalCluster cluster, int instances) {
        awaitOpen(cluster, instances);
        LocalCluster.await("the deployment to be over", PATIENCE, () -> {
            try {
                return cluster.get("/v2/deployments").body().isEmpty();
            } catch (IOException e) {
                return false;
            }
        });
    }

    private static void awaitOpen(LocalCluster cluster, int instances) {
        LocalCluster.await(instances + " instances to serve", PATIENCE, () -> {
            try {
                JsonNode service = cluster.get("/tide/v1/apps/shop/traffic").body()
                        .at("/services/0");
                return service.path("open").asInt() == instances
                        && service.path("draining").asInt() == 0;
            } catch (IOException e) {
                return false;
            }
        });
    }

    private static String app(int instances, String variant) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return """
                {"id":"/shop","cmd":"exec %s -Dvariant=%s -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
                -Xmx32m -cp '%s' io.springtide.bench.live.SlowServer $PORT0 30",
                 "cpus":0.1,"mem":64,"instances":%d,"portDefinitions":[{"port":0}],
                 "labels":{"TIDE_0_PATH":"/"},
                 "healthChecks":[{"protocol":"MESOS_HTTP","path":"/","portIndex":0,
                   "intervalSeconds":1,"gracePeriodSeconds":120,"timeoutSeconds":20}]}"""
                .formatted(java, variant, classes(), instances);
    }

    /** Where this test's classes are: the servers need nothing else. */
    private static String classes() {
        return Path.of(URI.create(TrafficIT.class.getProtectionDomain().getCodeSource()
                .getLocation().toString())).toString();
    }

    /** Clients that send one request after the other. */
    private static final class Load implements AutoCloseable {

        private final URI target;
        private final HttpClient http = HttpClient.newHttpClient();
        private final AtomicBoolean ended = new AtomicBoolean();
        private final AtomicLong answered = new AtomicLong();
        private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        private final List<Thread> clients = new ArrayList<>();

        Load(URI target) {
            this.target = target;
        }

        void begin() {
            LocalCluster.await("the ingress to serve", PATIENCE, this::served);
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(Thread.ofVirtual().start(this::run));
            }
        }

        private boolean served() {
            try {
                return send() == 200;
            } catch (IOException notYet) {
                return false;
            }
        }

        private int send() throws IOException {
            try {
                return http.send(
                        HttpRequest.newBuilder(target).timeout(Duration.ofMinutes(1)).build(),
                        HttpResponse.BodyHandlers.ofString()).statusCode();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        private void run() {
            while (!ended.get()) {
                try {
                    int status = send();
                    if (status == 200) {
                        answered.incrementAndGet();
                    } else {
                        failures.add("status " + status);
                    }
                } catch (IOException failed) {
                    failures.add(failed.toString());
                }
            }
        }

        void end() {
            ended.set(true);
            try {
                for (Thread client : clients) {
                    client.join();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            end();
            http.close();
        }
    }
}
