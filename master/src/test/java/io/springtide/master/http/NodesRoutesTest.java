package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.springtide.core.model.AppId;
import io.springtide.master.nodes.NodesPort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class NodesRoutesTest {

    private static final long THEN_MS = 1_700_000_000_000L;

    private TestCluster cluster;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        cluster = new TestCluster();
        client = new TestClient(cluster.server.port());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static NodesPort.PoolPicture pool(Optional<String> trouble) {
        return new NodesPort.PoolPicture("web", "command", 1, 5, List.of(
                new NodesPort.MachinePicture("web-1", "i-7", "10.0.0.7", "a7",
                        NodesPort.MachineState.THERE, THEN_MS, "it is empty")),
                "machine web-1 is asked for", THEN_MS, trouble, trouble.isEmpty() ? 0 : THEN_MS,
                trouble.isPresent());
    }

    @Test
    void withoutPoolsThereIsNothing() throws Exception {
        assertThat(client.get("/tide/v1/nodes").json().toString()).isEqualTo("{\"pools\":[]}");
    }

    @Test
    void machinesAreShownWithTheirStateAndWhy() throws Exception {
        cluster.pools = List.of(pool(Optional.empty()));
        JsonNode shown = client.get("/tide/v1/nodes").json().at("/pools/0");
        assertThat(shown.path("name").asText()).isEqualTo("web");
        assertThat(shown.path("max").asInt()).isEqualTo(5);
        assertThat(shown.path("decidedAt").asText()).isEqualTo("2023-11-14T22:13:20.000Z");
        assertThat(shown.has("trouble")).isFalse();
        assertThat(shown.at("/machines/0").toString()).isEqualTo("{\"token\":\"web-1\",\"id\":"
                + "\"i-7\",\"address\":\"10.0.0.7\",\"agent\":\"a7\",\"state\":\"there\",\"since\":"
                + "\"2023-11-14T22:13:20.000Z\",\"why\":\"it is empty\"}");
        assertThat(client.get("/tide/v1/status").json().path("alarms")).isEmpty();
    }

    @Test
    void troubleIsAnAlarm() throws Exception {
        cluster.pools = List.of(pool(Optional.of("machine web-2 was refused: quota")));
        JsonNode alarm = client.get("/tide/v1/status").json().at("/alarms/0");
        assertThat(alarm.path("name").asText()).isEqualTo("nodes-refused");
        assertThat(alarm.path("message").asText()).contains("Pool web", "quota", "tide nodes");
        assertThat(alarm.path("since").asText()).isEqualTo("2023-11-14T22:13:20.000Z");
    }

    @Test
    void whyAnAppWaitsIncludesItsMachines() throws Exception {
        cluster.agent("a", 1);
        TestClient.Reply made = client.post("/v2/apps", "{\"id\": \"/shop\", \"cmd\": \"serve\","
                + "\"cpus\": 1, \"mem\": 10, \"instances\": 3, \"portDefinitions\": []}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        cluster.machines = Map.of(new AppId("/shop"), "1 machine of pool web is on its way.");
        JsonNode why = client.get("/tide/v1/apps/shop/why").json();
        assertThat(why.path("waiting").asInt()).as("%s", why).isEqualTo(2);
        assertThat(why.path("machines").asText()).isEqualTo("1 machine of pool web is on its way.");
        assertThat(why.path("sentence").asText()).endsWith("1 machine of pool web is on its way.");
    }
}
