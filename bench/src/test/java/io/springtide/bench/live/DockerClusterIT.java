package io.springtide.bench.live;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** An app in Marathon's dialect becomes containers that answer, all the way through. */
@Tag("docker")
class DockerClusterIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String IMAGE = "springtide/busybox:test";

    @TempDir
    Path folder;

    @BeforeAll
    static void dockerIsThere() throws IOException, InterruptedException {
        Process inspect = new ProcessBuilder("sh", "-c", "docker image inspect " + IMAGE)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        boolean there = inspect.waitFor(30, TimeUnit.SECONDS) && inspect.exitValue() == 0;
        String why = "no Docker daemon with the image " + IMAGE
                + "; build-support/install-docker.sh makes both";
        Prerequisite.need("DockerClusterIT", there, why);
    }

    @Test
    void aContainerOnABridgeAnswersIsHealthyAndIsReplacedWhenItDies() throws Exception {
        try (LocalCluster cluster = new LocalCluster(folder, 1, "docker")) {
            LocalCluster.Reply reply = cluster.send("POST", "/v2/apps",
                    """
                            {"id":"/web","args":["sh","-c","echo hello > index.html; exec httpd -f -p 8080"],
                             "cpus":0.1,"mem":32,"instances":2,"networks":[{"mode":"container/bridge"}],
                             "container":{"type":"DOCKER","docker":{"image":"%s"},
                                          "portMappings":[{"containerPort":8080,"hostPort":0,"name":"http"}]},
                             "healthChecks":[{"protocol":"HTTP","path":"/index.html","portIndex":0,"delaySeconds":0,
                                              "intervalSeconds":1}],
                             "taskKillGracePeriodSeconds":1,"backoffSeconds":0}"""
                            .formatted(IMAGE));
            assertThat(reply.status()).as(reply.toString()).isEqualTo(201);
            awaitHealthy(cluster, 2);
            JsonNode task = app(cluster).path("tasks").get(0);
            assertThat(get("http://127.0.0.1:" + task.path("ports").get(0).asInt() + "/index.html"))
                    .isEqualTo("hello\n");

            String victim = task.path("id").asText();
            assertThat(new ProcessBuilder("docker", "kill", victim).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor()).isZero();
            LocalCluster.await("the dead container to be noticed", PATIENCE,
                    () -> app(cluster).path("lastTaskFailure").path("taskId").asText()
                            .equals(victim));
            assertThat(app(cluster).path("lastTaskFailure").path("message").asText())
                    .contains("SIGKILL");
            awaitHealthy(cluster, 2);
        }
    }

    @Test
    void aMissingImageIsSaidInASentence() throws Exception {
        try (LocalCluster cluster = new LocalCluster(folder, 1, "docker")) {
            assertThat(cluster.send("POST", "/v2/apps", """
                    {"id":"/web","cpus":0.1,"mem":32,"container":{"type":"DOCKER",
                     "docker":{"image":"no-such-registry.invalid/nothing:1"}}}""").status())
                    .isEqualTo(201);
            LocalCluster.await("the failure to be told", PATIENCE,
                    () -> app(cluster).path("lastTaskFailure")
                            .path("message").asText()
                            .contains("no-such-registry.invalid/nothing:1"));
        }
    }

    @Test
    void theImageOfAScheduleIsAskedForBeforeItBegins() throws Exception {
        try (LocalCluster cluster = new LocalCluster(folder, 1, "docker")) {
            assertThat(cluster.send("POST", "/v2/apps", """
                    {"id":"/web","instances":0,"cpus":0.1,"mem":32,"cmd":"sleep 1000",
                     "container":{"type":"DOCKER","docker":{"image":"%s"}}}"""
                    .formatted(IMAGE)).status()).isEqualTo(201);
            ZonedDateTime at = Instant.now().atZone(ZoneOffset.UTC).plusMinutes(20);
            assertThat(cluster.send("PUT", "/v2/apps/web/autoscaling", """
                    {"min":0,"max":9,"schedules":[{"name":"sale","cron":"%d %d * * *","instances":4,
                     "durationSeconds":600}]}""".formatted(at.getMinute(), at.getHour())).status())
                    .isEqualTo(200);
            LocalCluster.await("the image to be there", PATIENCE, () -> fetched(cluster)
                    .startsWith("/web's image " + IMAGE
                            + ", needed for schedule sale, is on 1 of 1 likely agent"));
            assertThat(app(cluster).path("tasks")).isEmpty();
        }
    }

    private static String fetched(LocalCluster cluster) {
        try {
            return cluster.get("/v2/apps/web/autoscaling").body()
                    .at("/state/prefetch/sentence").asText();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitHealthy(LocalCluster cluster, int count) {
        LocalCluster.await(count + " healthy containers", PATIENCE,
                () -> app(cluster).path("tasksHealthy").asInt() == count
                        && app(cluster).path("tasksRunning").asInt() == count);
    }

    private static JsonNode app(LocalCluster cluster) {
        try {
            return cluster.get("/v2/apps/web").body().path("app");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String get(String url) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.setReadTimeout(10_000);
        try (var body = connection.getInputStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
