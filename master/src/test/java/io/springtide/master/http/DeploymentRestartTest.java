package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.master.http.TestClient.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Deployments outlive the master that began them, and everybody hears of every step once. */
@Timeout(120)
class DeploymentRestartTest {

    private static final String CHAIN = """
            {"id":"/chain","apps":[
              {"id":"c","cmd":"run","dependencies":["../b"]},
              {"id":"b","cmd":"run","dependencies":["../a"]},
              {"id":"a","cmd":"run"}]}""";

    @TempDir
    private Path data;

    private JournaledCluster cluster;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        cluster = new JournaledCluster(data, Duration.ofMillis(500));
        client = new TestClient(cluster.server.port());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private JsonNode only() throws Exception {
        JsonNode all = client.get("/v2/deployments").json();
        assertThat(all).hasSize(1);
        return all.at("/0");
    }

    private int tasks(String app) throws Exception {
        return client.get("/v2/apps/chain/" + app).json().at("/app/tasks").size();
    }

    @Test
    void goesOnInTheStepWhereItWas() throws Exception {
        Reply created = client.post("/v2/groups", CHAIN);
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        String id = created.json().at("/deploymentId").asText();
        cluster.report(Condition.RUNNING, Health.UNKNOWN);
        assertThat(only().at("/currentStep").asInt()).isEqualTo(3);
        assertThat(tasks("b")).isEqualTo(1);

        cluster.close();
        start();
        assertThat(only().at("/id").asText()).isEqualTo(id);
        assertThat(only().at("/currentStep").asInt()).isEqualTo(3);
        assertThat(only().at("/currentActions/0/app").asText()).isEqualTo("/chain/b");
        assertThat(tasks("c")).isZero();
        cluster.report(Condition.RUNNING, Health.UNKNOWN);
        assertThat(only().at("/currentStep").asInt()).isEqualTo(4);
        assertThat(tasks("c")).isEqualTo(1);
        cluster.report(Condition.RUNNING, Health.UNKNOWN);
        assertThat(client.get("/v2/deployments").json()).isEmpty();
    }

    @Test
    void tellsOfEachStep() throws Exception {
        try (EventReader events = EventReader.open(cluster.server.port(),
                "?event_type=deployment_info&event_type=deployment_step_success"
                        + "&event_type=deployment_success&event_type=group_change_success",
                Optional.empty())) {
            client.post("/v2/groups", CHAIN);
            for (int i = 0; i < 3; i++) {
                cluster.report(Condition.RUNNING, Health.UNKNOWN);
            }
            List<EventReader.Frame> seen = events.until("deployment_success", "\"id\"");
            assertThat(seen.stream().map(EventReader.Frame::type)).containsExactly(
                    "deployment_info", "deployment_step_success", "deployment_info",
                    "group_change_success", "deployment_step_success", "deployment_info",
                    "deployment_step_success", "deployment_info", "deployment_step_success",
                    "deployment_success");
            assertThat(seen.get(0).data()).contains("\"currentStep\":{\"actions\":["
                    + "{\"action\":\"StartApplication\",\"app\":\"/chain/a\"}");
            assertThat(seen.get(2).data()).contains("\"currentStep\":{\"actions\":["
                    + "{\"action\":\"ScaleApplication\",\"app\":\"/chain/a\"}]}");
            assertThat(seen.get(3).data()).contains("\"groupId\":\"/chain\"");
            assertThat(seen.get(7).data()).contains("\"currentStep\":{\"actions\":["
                    + "{\"action\":\"ScaleApplication\",\"app\":\"/chain/c\"}]}");
        }
    }
}
