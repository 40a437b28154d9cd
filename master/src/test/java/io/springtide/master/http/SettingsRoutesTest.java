package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.springtide.master.config.MasterConfig;
import io.springtide.master.http.TestClient.Reply;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

class SettingsRoutesTest {

    private static final String NAME = "io.springtide.test.settings";

    private TestCluster cluster;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        Map<String, String> flags = new LinkedHashMap<>();
        flags.put("listen", "127.0.0.1:8080");
        flags.put("vcenter-password", "s3cret");
        cluster = new TestCluster(
                new RestSettings("127.0.0.1", 0, false, "unknown", "unknown",
                        MasterConfig.PLAIN_DIALECT, flags));
        client = new TestClient(cluster.server.port());
        LoggerFactory.getLogger(NAME);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void showsItsOptionsWithoutSecrets() throws Exception {
        assertThat(client.get("/config").text())
                .isEqualTo("{\"listen\":\"127.0.0.1:8080\",\"vcenter-password\":\"********\"}");
        assertThat(SettingsRoutes.isSecret("Vault-Token")).isTrue();
        assertThat(SettingsRoutes.isSecret("data")).isFalse();
    }

    private String level() throws Exception {
        return client.get("/logging").json().path(NAME).asText();
    }

    private Reply set(String level, String seconds) throws Exception {
        return client.post("/logging", "{\"level\":\"" + level + "\",\"logger\":\"" + NAME + "\""
                + (seconds.isEmpty() ? "" : ",\"durationSeconds\":" + seconds) + "}");
    }

    @Test
    void setsALevelForGoodOrForATime() throws Exception {
        assertThat(level()).endsWith(" (inherited)");
        assertThat(set("WARN", "").text())
                .isEqualTo("{\"level\":\"warn\",\"logger\":\"" + NAME + "\"}");
        assertThat(level()).isEqualTo("WARN");
        assertThat(set("trace", "1").json().path("durationSeconds").asInt()).isEqualTo(1);
        assertThat(LoggerFactory.getLogger(NAME).isTraceEnabled()).isTrue();
        // Set again meanwhile: it goes back to what it was at first, and not before its time.
        set("debug", "2");
        Thread.sleep(1_300);
        assertThat(level()).isEqualTo("DEBUG");
        for (int i = 0; i < 100 && !level().equals("WARN"); i++) {
            Thread.sleep(100);
        }
        assertThat(level()).isEqualTo("WARN");
        set("debug", "1");
        set("error", "");
        Thread.sleep(1_300);
        assertThat(level()).isEqualTo("ERROR");
        assertThat(client.get("/logging").json().path("ROOT").asText()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', value = {
            "{\"level\":\"loud\",\"logger\":\"ROOT\"}|422|/level",
            "{\"logger\":\"ROOT\"}|422|/level", "{\"level\":1,\"logger\":\"ROOT\"}|422|/level",
            "{\"level\":\"info\"}|422|/logger", "{\"level\":\"info\",\"logger\":\"\"}|422|/logger",
            "{\"level\":\"info\",\"logger\":\"no.such.logger\"}|422|/logger",
            "{\"level\":\"info\",\"logger\":\"ROOT\",\"durationSeconds\":0}|422|/durationSeconds",
            "{\"level\":\"info\",\"logger\":\"ROOT\",\"durationSeconds\":86401}|422|/durationSeconds",
            "{\"level\":\"info\",\"logger\":\"ROOT\",\"durationSeconds\":1.5}|422|/durationSeconds",
            "{|400|", "[]|422|"})
    void refusesNonsense(String body, int status, String path) throws Exception {
        Reply reply = client.post("/logging", body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        if (path != null) {
            assertThat(reply.json().at("/details/0/path").asText()).isEqualTo(path);
        }
        JsonNode after = client.get("/logging").json();
        assertThat(after.has("no.such.logger")).isFalse();
    }

    @Test
    void aBrowserFindsItsWay() throws Exception {
        for (String path : List.of("/", "", "/help", "/help/")) {
            Reply page = client.get(path, "Accept", "text/html");
            assertThat(page.status()).as(path).isEqualTo(200);
            assertThat(page.header("Content-Type")).isEqualTo("text/html; charset=UTF-8");
            assertThat(page.text()).contains("/openapi.json", "/v2/info", "/ping", "/metrics");
        }
    }

    @Test
    void whatMarathonTookAwayIsNotHere() throws Exception {
        for (String path : List.of("/v2/schemas", "/v2/schemas/app", "/v2/artifacts",
                "/v2/artifacts/a/b", "/v2/eventSubscriptions", "/v2/plugins/x/y")) {
            Reply reply = client.get(path);
            assertThat(reply.status()).as(path).isEqualTo(404);
            assertThat(reply.text()).isEqualTo("{\"message\":\"URI not found\"}");
        }
        assertThat(client.get("/v2/plugins").text()).isEqualTo("{\"plugins\":[]}");
    }
}
