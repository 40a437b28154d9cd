package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class EventStreamTest {

    private static final JsonMapper MAPPER = new JsonMapper();

    private TestCluster cluster;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        cluster = new TestCluster();
        cluster.agent("a1", 400);
        client = new TestClient(cluster.server.port());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void tellsTheLifeOfAnApp() throws Exception {
        HttpResponse<InputStream> stream = client.stream("/v2/events?plan-format=light");
        assertThat(stream.headers().firstValue("Content-Type")).contains("text/event-stream");
        try (BufferedReader reader = reader(stream)) {
            assertThat(next(reader).at("/eventType").asText()).isEqualTo("event_stream_attached");
            String deployment = client.post("/v2/apps", """
                    {"id":"/web","cmd":"serve","cpus":0.1,
                     "healthChecks":[{"protocol":"MESOS_HTTP","path":"/"}]}""")
                    .header("Marathon-Deployment-Id");
            cluster.report("a1", Condition.STAGING);
            cluster.report("a1", Condition.RUNNING, Health.ALIVE);
            List<JsonNode> seen = until(reader, "deployment_success");
            assertThat(seen.getLast().at("/id").asText()).isEqualTo(deployment);
            assertThat(types(seen)).contains("deployment_info", "api_post_event",
                    "instance_changed_event", "instance_health_changed_event",
                    "health_status_changed_event", "deployment_step_success",
                    "group_change_success");
            assertThat(seen.stream().map(one -> one.at("/taskStatus").asText())
                    .filter(one -> !one.isEmpty())).containsExactly("TASK_STAGING", "TASK_RUNNING");
            JsonNode running = seen.stream()
                    .filter(one -> one.at("/taskStatus").asText().equals("TASK_RUNNING"))
                    .findFirst().orElseThrow();
            assertThat(running.at("/appId").asText()).isEqualTo("/web");
            assertThat(running.at("/taskId").asText()).startsWith("web.instance-");
            assertThat(running.at("/ports")).hasSize(1);
            client.delete("/v2/apps/web");
            cluster.report("a1", Condition.KILLED);
            List<JsonNode> ending = until(reader, "deployment_success");
            assertThat(types(ending)).contains("app_terminated_event");
        }
    }

    @Test
    void tellsOfTheEndOfAnInstanceThatNobodyKnows() throws Exception {
        HttpResponse<InputStream> stream = client
                .stream("/v2/events?event_type=unknown_instance_terminated_event");
        try (BufferedReader reader = reader(stream)) {
            awaitClients(1);
            cluster.events.unknownEnded("old.instance-1", "/old", Condition.KILLED,
                    1_700_000_000_000L);
            assertThat(next(reader)).hasToString("{\"instanceId\":\"old.instance-1\","
                    + "\"runSpecId\":\"/old\",\"condition\":\"Killed\","
                    + "\"eventType\":\"unknown_instance_terminated_event\","
                    + "\"timestamp\":\"2023-11-14T22:13:20.000Z\"}");
        }
    }

    @Test
    void aFilteredStreamHasNothingElse() throws Exception {
        HttpResponse<InputStream> stream = client
                .stream("/v2/events?event_type=deployment_success&event_type=api_post_event");
        try (BufferedReader reader = reader(stream)) {
            awaitClients(1);
            client.post("/v2/apps", "{\"id\":\"/idle\",\"cmd\":\"x1\",\"instances\":0}");
            assertThat(types(List.of(next(reader), next(reader))))
                    .containsExactlyInAnyOrder("deployment_success", "api_post_event");
        }
        awaitClients(0);
    }

    @Test
    void aBurstReachesAReaderThatBeginsToReadLate() throws Exception {
        HttpResponse<InputStream> stream = client.stream("/v2/events");
        awaitClients(1);
        client.post("/v2/apps", "{\"id\":\"/many\",\"cmd\":\"x1\",\"cpus\":0.1,\"mem\":1,"
                + "\"instances\":900}");
        cluster.report("a1", Condition.STAGING);
        cluster.report("a1", Condition.RUNNING);
        try (BufferedReader reader = reader(stream)) {
            List<JsonNode> seen = until(reader, "deployment_success");
            assertThat(seen.stream()
                    .filter(one -> one.at("/taskStatus").asText().equals("TASK_RUNNING")))
                    .hasSize(900);
        }
    }

    @Test
    void whoDoesNotReadIsCutOff() throws Exception {
        HttpResponse<InputStream> stream = client.stream("/v2/events");
        awaitClients(1);
        byte[] fat = new byte[1024 * 1024];
        for (int i = 0; i < 200 && cluster.events.clientCount() > 0; i++) {
            cluster.events.apiPost("127.0.0.1", "/v2/apps",
                    Json.object().put("filler", new String(fat, StandardCharsets.ISO_8859_1)), i);
        }
        awaitClients(0);
        assertThat(cluster.events.droppedCount()).isEqualTo(1);
        stream.body().close();
    }

    private void awaitClients(int count) {
        long deadlineNs = System.nanoTime() + 20_000_000_000L;
        while (cluster.events.clientCount() != count && System.nanoTime() < deadlineNs) {
            Thread.onSpinWait();
        }
        assertThat(cluster.events.clientCount()).isEqualTo(count);
    }

    private static List<String> types(List<JsonNode> events) {
        return events.stream().map(one -> one.at("/eventType").asText()).toList();
    }

    private static BufferedReader reader(HttpResponse<InputStream> stream) {
        return new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
    }

    private static List<JsonNode> until(BufferedReader reader, String type) throws IOException {
        List<JsonNode> seen = new ArrayList<>();
        do {
            seen.add(next(reader));
        } while (!seen.getLast().at("/eventType").asText().equals(type));
        return seen;
    }

    private static JsonNode next(BufferedReader reader) throws IOException {
        String line = reader.readLine();
        while (line != null && !line.startsWith("data: ")) {
            line = reader.readLine();
        }
        if (line == null) {
            throw new AssertionError("the stream has ended");
        }
        return MAPPER.readTree(line.substring(6));
    }
}
