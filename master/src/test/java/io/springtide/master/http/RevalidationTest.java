package io.springtide.master.http;

import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.master.http.TestClient.Reply;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Clients that ask again and again: ETag, If-None-Match, gzip. */
class RevalidationTest {

    private TestCluster cluster;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        cluster = new TestCluster();
        cluster.agent("a1", 40);
        client = new TestClient(cluster.server.port());
        for (String name : new String[]{"web", "cart", "pay"}) {
            client.post("/v2/apps", "{\"id\":\"/shop/" + name + "\",\"cmd\":\"serve\",\"cpus\":1,"
                    + "\"instances\":3,\"labels\":{\"name\":\"" + name + "\"},"
                    + "\"healthChecks\":[{\"protocol\":\"MESOS_HTTP\",\"path\":\"/\"}]}");
        }
        cluster.report("a1", Condition.RUNNING, Health.ALIVE);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v2/apps", "/v2/apps?embed=apps.tasks", "/v2/apps/shop/web",
            "/v2/apps//shop/web/", "/v2/apps/shop/*", "/v2/apps?label=name==web", "/v2/tasks",
            "/v2/apps/shop/web/tasks", "/v2/apps/shop/*/tasks", "/v2/apps?id=web&cmd=serve"})
    void anAnswerIsSentAgainOnlyOnceItHasChanged(String path) throws Exception {
        Reply first = client.get(path);
        String etag = first.header("ETag");
        assertThat(etag).startsWith("W/\"").endsWith("\"");
        Reply same = client.get(path, "If-None-Match", etag);
        assertThat(same.status()).isEqualTo(304);
        assertThat(same.text()).isEmpty();
        assertThat(same.header("ETag")).isEqualTo(etag);
        assertThat(same.header("Cache-Control")).contains("no-cache");
        assertThat(client.get(path, "If-None-Match", "\"x\", " + etag).status()).isEqualTo(304);
        assertThat(client.get(path, "If-None-Match", "*").status()).isEqualTo(304);
        assertThat(client.get(path, "If-None-Match", "\"other\"").status()).isEqualTo(200);
        cluster.report("a1", Condition.RUNNING, Health.DEAD);
        Reply changed = client.get(path, "If-None-Match", etag);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.header("ETag")).isNotEqualTo(etag);
        assertThat(changed.text()).isNotEqualTo(first.text());
    }

    @Test
    void aListChangesWhenAnAppIsRemovedAndComesBack() throws Exception {
        String all = client.get("/v2/apps").header("ETag");
        String some = client.get("/v2/apps/shop/*").header("ETag");
        client.delete("/v2/apps/shop/pay");
        cluster.report("a1", Condition.KILLED);
        for (String path : new String[]{"/v2/apps", "/v2/apps/shop/*"}) {
            assertThat(client.get(path, "If-None-Match", all + "," + some).status()).isEqualTo(200);
        }
        String without = client.get("/v2/apps/shop/*").header("ETag");
        client.post("/v2/apps", "{\"id\":\"/shop/pay\",\"cmd\":\"serve\",\"instances\":0}");
        assertThat(client.get("/v2/apps/shop/*").header("ETag")).isNotIn(some, without);
    }

    @Test
    void whatTheClockChangesHasNoEtag() throws Exception {
        Reply stats = client.get("/v2/apps/shop/web?embed=taskStats");
        assertThat(stats.header("ETag")).isEmpty();
        assertThat(stats.json().at("/app/taskStats/totalSummary/stats/counts/running").asInt())
                .isEqualTo(3);
        assertThat(client.get("/v2/apps?embed=taskStats").json()
                .at("/apps/2/taskStats/totalSummary/stats/counts/running").asInt()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v2/apps", "/v2/apps?embed=apps.tasks&embed=taskStats",
            "/v2/apps/shop/web", "/v2/tasks", "/v2/apps?id=none", "/v2/apps/shop/web/tasks"})
    void gzipIsTheSameAnswer(String path) throws Exception {
        String plain = withoutAges(client.get(path).text());
        // Twice: the first one packs, the second one finds it packed.
        for (int i = 0; i < 2; i++) {
            HttpResponse<InputStream> packed = fetch(path, "gzip, deflate;q=0.5");
            assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
            assertThat(packed.headers().firstValue("Vary")).contains("Accept-Encoding");
            assertThat(withoutAges(new String(
                    new GZIPInputStream(packed.body()).readAllBytes(), StandardCharsets.UTF_8)))
                    .isEqualTo(plain);
        }
        HttpResponse<InputStream> refused = fetch(path, "gzip;q=0, identity");
        assertThat(refused.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(withoutAges(new String(refused.body().readAllBytes(), StandardCharsets.UTF_8)))
                .isEqualTo(plain);
    }

    @Test
    void aLongListArrivesWhole() throws Exception {
        for (int i = 0; i < 40; i++) {
            client.post("/v2/apps", "{\"id\":\"/long-" + i + "\",\"cmd\":\"x1\",\"instances\":0,"
                    + "\"env\":{\"FILLER\":\"" + "0123456789".repeat(2_000) + "\"}}");
        }
        Reply plain = client.get("/v2/apps?embed=apps.tasks");
        assertThat(plain.json().at("/apps")).hasSize(43);
        assertThat(plain.text().length()).isGreaterThan(800_000);
        assertThat(new String(new GZIPInputStream(fetch("/v2/apps?embed=apps.tasks", "gzip").body())
                .readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(plain.text());
        assertThat(client.send("HEAD", "/v2/apps", "").text()).isEmpty();
    }

    /** Goal: what waits for a reader is neither lost nor out of order. Method: more than sockets hold. */
    @Test
    void aReaderThatPausesGetsAllOfIt() throws Exception {
        for (int i = 0; i < 60; i++) {
            assertThat(client.post("/v2/apps", "{\"id\":\"/long-" + i
                    + "\",\"cmd\":\"x1\",\"instances\":0,\"env\":{\"FILLER\":\""
                    + "0123456789".repeat(20_000) + "\"}}").status()).isEqualTo(201);
        }
        String whole = client.get("/v2/apps?embed=apps.tasks").text();
        assertThat(whole.length()).isGreaterThan(12_000_000);
        try (InputStream slow = fetch("/v2/apps?embed=apps.tasks", "identity").body()) {
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            for (int pause = 0; pause < 10; pause++) {
                Thread.sleep(100);
                read.write(slow.readNBytes(1_000_000));
            }
            read.write(slow.readAllBytes());
            assertThat(read.size()).isEqualTo(whole.length());
            // Not isEqualTo: it would show both.
            assertThat(read.toString(StandardCharsets.UTF_8).equals(whole)).isTrue();
        }
    }

    @Test
    void eventsAreNeverSqueezed() throws Exception {
        HttpResponse<InputStream> stream = HttpClient.newHttpClient().send(
                HttpRequest.newBuilder(uri("/v2/events")).header("Accept", "text/event-stream")
                        .header("Accept-Encoding", "gzip").build(),
                HttpResponse.BodyHandlers.ofInputStream());
        assertThat(stream.headers().firstValue("Content-Encoding").orElse("identity"))
                .isEqualTo("identity");
        assertThat(stream.body().read()).isEqualTo('\r');
        stream.body().close();
    }

    private static String withoutAges(String json) {
        return json.replaceAll("Seconds\":[0-9.E]+", "Seconds\":0");
    }

    private HttpResponse<InputStream> fetch(String path, String encodings) throws Exception {
        return HttpClient.newHttpClient().send(
                HttpRequest.newBuilder(uri(path)).header("Accept-Encoding", encodings).build(),
                HttpResponse.BodyHandlers.ofInputStream());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + cluster.server.port() + path);
    }
}
