package io.springtide.bench.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A real Prometheus that believes to talk to Marathon finds the instances that come and go, and scrapes them. */
@Tag("prometheus")
class PrometheusIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();

    @TempDir
    Path folder;

    @BeforeAll
    static void prometheusIsThere() {
        RealPrometheus.assumeThere("PrometheusIT");
    }

    @Test
    void findsWhatRunsAndForgetsWhatIsGone() throws Exception {
        int port = LocalCluster.freePort();
        try (LocalCluster cluster = new LocalCluster(folder.resolve("cluster"), 2)) {
            assertThat(cluster.send("POST", "/v2/apps",
                    """
                            {"id":"/shop/web","instances":3,"cpus":0.01,"mem":8,"taskKillGracePeriodSeconds":1,
                             "cmd":"echo 'answers 42' > metrics.txt; exec %s httpd -f -p 127.0.0.1:$PORT0",
                             "labels":{"team":"shop"},
                             "portDefinitions":[{"port":0,"name":"http","labels":{"scrape":"yes"}}]}"""
                            .formatted(RealPrometheus.BUSYBOX))
                    .status()).isEqualTo(201);
            Process prometheus = start(cluster, port);
            try {
                awaitTargets(cluster, port, 3);
                assertThat(cluster.send("PUT", "/v2/apps/shop/web", "{\"instances\":5}").status())
                        .isEqualTo(200);
                awaitTargets(cluster, port, 5);
                awaitDone(cluster);
                assertThat(cluster.send("PUT", "/v2/apps/shop/web", "{\"instances\":1}").status())
                        .isEqualTo(200);
                awaitTargets(cluster, port, 1);
                assertThat(cluster.send("DELETE", "/v2/apps/shop/web", "").status())
                        .isEqualTo(200);
                awaitTargets(cluster, port, 0);
            } finally {
                prometheus.destroyForcibly().waitFor();
            }
        }
    }

    private static void awaitDone(LocalCluster cluster) {
        LocalCluster.await("the deployment to end", PATIENCE, () -> {
            try {
                return cluster.get("/v2/deployments").body().isEmpty();
            } catch (IOException down) {
                return false;
            }
        });
    }

    /** Up, each of them an instance that the master knows, with the labels of the app. */
    private void awaitTargets(LocalCluster cluster, int port, int count) {
        LocalCluster.await(count + " targets of Prometheus", PATIENCE, () -> {
            try {
                Set<String> tasks = new TreeSet<>();
                for (JsonNode task : cluster.get("/v2/tasks").body().path("tasks")) {
                    tasks.add(task.path("id").asText());
                }
                Set<String> scraped = new TreeSet<>();
                for (JsonNode target : targets(port)) {
                    JsonNode found = target.path("discoveredLabels");
                    if (!target.path("health").asText().equals("up")
                            || !found.path("__meta_marathon_app").asText().equals("/shop/web")
                            || !found.path("__meta_marathon_app_label_team").asText()
                                    .equals("shop")
                            || !found.path("__meta_marathon_port_definition_label_scrape").asText()
                                    .equals("yes")) {
                        return false;
                    }
                    scraped.add(found.path("__meta_marathon_task").asText());
                }
                return scraped.size() == count && tasks.equals(scraped);
            } catch (IOException | InterruptedException notYet) {
                return false;
            }
        });
    }

    private JsonNode targets(int port) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = http.send(
                HttpRequest
                        .newBuilder(URI.create(
                                "http://127.0.0.1:" + port + "/api/v1/targets?state=active"))
                        .timeout(Duration.ofSeconds(5)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
        return json.readTree(answer.body()).path("data").path("activeTargets");
    }

    private Process start(LocalCluster cluster, int port) throws IOException {
        return RealPrometheus.start(folder, port, """
                - job_name: apps
                  metrics_path: /metrics.txt
                  marathon_sd_configs: [{servers: ['%s'], refresh_interval: 1s}]
                """.formatted(cluster.uri("")));
    }
}
