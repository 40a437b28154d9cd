package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.core.model.Condition;
import io.springtide.master.http.TestClient.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What strangers may send: whatever it is, the answer is Marathon's, and nothing has changed. */
class FrontDoorTest {

    /** The definitions of other people that the module api keeps for its own tests. */
    private static final Path FIXTURES = Path.of("..", "api", "src", "test", "resources",
            "marathon");

    private static final JsonMapper MAPPER = new JsonMapper();

    private TestCluster cluster;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        cluster = new TestCluster();
        cluster.agent("a1", 4);
        client = new TestClient(cluster.server.port());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void hostileBodiesAreRefusedAndChangeNothing() throws Exception {
        List<String> bodies = new ArrayList<>(List.of("", "{", "{\"id\":\"/a\",\"cmd\":\"x1\"",
                "[".repeat(100_000), "{\"id\":\"/a\",\"cmd\":\"x1\",\"cpus\":1e400}",
                "{\"id\":\"/a\",\"id\":\"/b\",\"cmd\":\"x1\"}", "[]", "null", "17", "\"text\"",
                "{\"id\":\"/\\u0000\",\"cmd\":\"x1\"}", "{\"id\":\"/UPPER\",\"cmd\":\"x1\"}",
                "{\"id\":\"/a b\",\"cmd\":\"x1\"}", "{\"id\":\"/\",\"cmd\":\"x1\"}",
                "{\"id\":\"/a\",\"cmd\":\"x1\",\"instances\":99999999999999999999}",
                "{\"id\":\"/a\",\"cmd\":\"x1\",\"instances\":2000000}",
                "{\"id\":\"/a\",\"cmd\":\"x1\",\"cpus\":1e300}",
                "{\"id\":\"/a\",\"cmd\":\"x1\",\"mem\":-1}"));
        for (String body : bodies) {
            String shown = body.substring(0, Math.min(60, body.length()));
            for (String method : List.of("POST", "PUT", "PATCH")) {
                Reply reply = client.send(method, "/v2/apps", body, "Content-Type",
                        "application/json");
                if (!(body.equals("[]") && !method.equals("POST"))) {
                    assertThat(reply.status()).as(method + " " + shown + reply.text())
                            .isBetween(400, 499);
                    assertThat(reply.json().at("/message").asText()).isNotEmpty();
                }
            }
        }
        assertThat(client.get("/v2/apps").json().at("/apps")).isEmpty();
    }

    @Test
    void bodiesOverOneMebibyteAre413() throws Exception {
        String body = "{\"id\":\"/a\",\"cmd\":\"" + "x".repeat(1 << 20) + "\"}";
        String declared = client.raw(head("POST /v2/apps", "localhost",
                "Content-Length: 99999999999"));
        assertThat(declared).startsWith("HTTP/1.1 413").contains("\"message\"");
        String chunked = client.raw(head("POST /v2/apps", "localhost",
                "Transfer-Encoding: chunked") + Integer.toHexString(body.length())
                + "\r\n" + body + "\r\n0\r\n\r\n");
        assertThat(chunked).startsWith("HTTP/1.1 413").contains("\"message\"");
        assertThat(client.get("/v2/apps").json().at("/apps")).isEmpty();
    }

    private static String head(String request, String host, String header) {
        return request + " HTTP/1.1\r\nHost: " + host + "\r\n" + header + "\r\n\r\n";
    }

    @Test
    void oddUrisAreRefused() throws Exception {
        for (String path : List.of("/%zz", "/v2/apps/%zz", "/v2/apps/%00", "/v2/apps/%ff", "/%",
                "/v2/apps?label=%zz", "/v2/apps/a%0d%0ab")) {
            String answer = client.raw(head("GET " + path, "localhost", "Connection: close"));
            assertThat(answer).as(path).startsWith("HTTP/1.1 400").contains("{\"message\":");
        }
        assertThat(client.raw("nonsense\r\n\r\n")).contains(" 400 Bad Request");
        assertThat(client.raw(head("GET /" + "a".repeat(20_000), "localhost", "A: b")))
                .contains(" 414 ");
        assertThat(client.get("/v2/apps/UPPER").status()).isEqualTo(404);
        assertThat(client.put("/v2/apps/UPPER", "{\"cmd\":\"x1\"}").status()).isEqualTo(422);
    }

    @Test
    void wrongPathsMethodsAndTypesHaveMarathonsBodies() throws Exception {
        Reply unknown = client.get("/v2/nothing");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.text()).isEqualTo("{\"message\":\"URI not found\"}");
        assertThat(client.get("/v2/artifacts").status()).isEqualTo(404);
        Reply method = client.post("/v2/info", "{}");
        assertThat(method.status()).isEqualTo(405);
        assertThat(method.text()).isEqualTo("{\"message\":\"Method Not Allowed\"}");
        assertThat(method.header("Allow")).isEqualTo("GET, HEAD, OPTIONS");
        assertThat(client.send("POST", "/v2/apps", "{}", "Content-Type", "text/plain").status())
                .isEqualTo(415);
        assertThat(client.get("/v2/apps", "Accept", "image/png").status()).isEqualTo(406);
        assertThat(client.get("/v2/events").status()).isEqualTo(406);
    }

    @Test
    void pagesOfStrangersCannotUseTheServer() throws Exception {
        String rebound = client.raw(head("GET /v2/apps", "evil.example:8080",
                "Connection: close"));
        assertThat(rebound).startsWith("HTTP/1.1 403").contains("\"message\"");
        assertThat(client.send("POST", "/v2/apps", "{\"id\":\"/a\",\"cmd\":\"x1\"}", "Origin",
                "http://evil.example").status()).isEqualTo(403);
        assertThat(client.get("/v2/apps").json().at("/apps")).isEmpty();
        assertThatThrownBy(() -> new RestSettings("0.0.0.0", 0, false, "1", "c"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--insecure-bind");
        assertThat(new RestSettings("0.0.0.0", 0, true, "1", "c").host()).isEqualTo("0.0.0.0");
    }

    @Test
    void largeAnswersArriveWholeAndSqueezedIfAsked() throws Exception {
        cluster.agent("big", 400);
        client.post("/v2/apps", "{\"id\":\"/many\",\"cmd\":\"x1\",\"cpus\":0.1,\"mem\":1,"
                + "\"instances\":900}");
        cluster.report("big", Condition.RUNNING);
        assertThat(client.get("/v2/tasks").json().at("/tasks")).hasSize(900);
        Reply squeezed = client.get("/v2/tasks", "Accept-Encoding", "gzip");
        assertThat(squeezed.header("Content-Encoding")).isEqualTo("gzip");
    }

    @Test
    void takesTheAppsOfOtherPeopleAndShowsThem() throws Exception {
        Set<String> special = new HashSet<>();
        for (JsonNode entry : MAPPER.readTree(FIXTURES.resolve("valid-index.json").toFile())) {
            if (!entry.path("requires").isEmpty()) {
                special.add(entry.path("file").asText());
            }
        }
        int taken = 0;
        try (Stream<Path> files = Files.list(FIXTURES.resolve("valid"))) {
            for (Path file : files.sorted().toList()) {
                String name = String.valueOf(file.getFileName());
                if (name.startsWith("app__") && !special.contains(name)) {
                    ObjectNode body = (ObjectNode) MAPPER.readTree(file.toFile());
                    String id = "/fixture-" + taken++;
                    Reply reply = client.post("/v2/apps", body.put("id", id).toString());
                    assertThat(reply.status()).as(name + reply.text()).isEqualTo(201);
                    assertThat(client.get("/v2/apps" + id).json().at("/app/id").asText())
                            .isEqualTo(id);
                }
            }
        }
        assertThat(taken).isGreaterThan(50);
    }
}
