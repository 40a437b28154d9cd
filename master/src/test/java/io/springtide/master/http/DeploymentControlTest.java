package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.springtide.core.command.Command;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.Readiness;
import io.springtide.master.http.TestClient.Reply;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Deployments in Marathon's words and in ours. */
class DeploymentControlTest {

    private static final String CANARY = """
            {"id":"/web","cmd":"one","instances":4,"cpus":0.1,"mem":16,
             "rollout":{"canary":[{"instances":1,"pause":true},{"percent":50}]}}""";

    private TestCluster cluster;
    private TestClient client;
    private long seq = 1_000;

    @BeforeEach
    void start() throws Exception {
        cluster = new TestCluster();
        cluster.agent("a1", 4);
        client = new TestClient(cluster.server.port());
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    private void settle() throws Exception {
        for (int i = 0; i < 20 && !client.get("/v2/deployments").json().isEmpty(); i++) {
            advance();
        }
        assertThat(client.get("/v2/deployments").json()).isEmpty();
    }

    /** What starts runs, what is to end has ended. */
    private void advance() {
        cluster.endKilled("a1");
        cluster.report("a1", Condition.RUNNING);
    }

    private JsonNode only() throws Exception {
        JsonNode all = client.get("/tide/v1/deployments").json().at("/deployments");
        assertThat(all).hasSize(1);
        return all.at("/0");
    }

    private static String message(Reply reply, int status) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        return reply.json().at("/message").asText();
    }

    @Test
    void holdsACanaryUntilSomebodyPromotesIt() throws Exception {
        client.post("/v2/apps", CANARY);
        settle();
        assertThat(client.get("/v2/apps/web?embed=rollout").json().at("/app/rollout/canary"))
                .hasSize(2);
        assertThat(client.get("/v2/apps/web").json().at("/app").has("rollout")).isFalse();
        client.put("/v2/apps/web", "{\"cmd\":\"two\"}");
        for (int i = 0; i < 5; i++) {
            advance();
        }
        JsonNode held = only();
        String id = held.at("/id").asText();
        assertThat(held.at("/state").asText()).isEqualTo("waiting");
        assertThat(held.at("/why").asText()).isEqualTo(
                "Stage 1 of 2 of '/web' is in place, with 1 new instance, and somebody has to say"
                        + " that it may go on: promote the deployment, or abort it to go back.");
        JsonNode app = held.at("/apps/0");
        assertThat(app.at("/app").asText()).isEqualTo("/web");
        assertThat(app.at("/action").asText()).isEqualTo("RestartApplication");
        assertThat(app.at("/new").asInt()).isEqualTo(1);
        assertThat(app.at("/wanted").asInt()).isEqualTo(4);
        assertThat(app.at("/stage").asInt()).isZero();
        assertThat(app.at("/stages").asInt()).isEqualTo(2);
        assertThat(app.at("/stageInstances").asInt()).isEqualTo(1);
        assertThat(client.get("/tide/v1/deployments/" + id).json()).isEqualTo(held);

        Reply promoted = client.post("/tide/v1/deployments/" + id + "/promote", "{}");
        assertThat(promoted.status()).as(promoted.text()).isEqualTo(200);
        assertThat(promoted.json().at("/id").asText()).isEqualTo(id);
        settle();
        assertThat(client.get("/v2/apps/web").json().at("/app/tasksRunning").asInt())
                .isEqualTo(4);
        assertThat(message(client.post("/tide/v1/deployments/" + id + "/promote", "{}"), 404))
                .isEqualTo("DeploymentPlan " + id + " does not exist");
    }

    @Test
    void pausesResumesAndAborts() throws Exception {
        client.post("/v2/apps", "{\"id\":\"/web\",\"cmd\":\"one\",\"instances\":2}");
        settle();
        client.put("/v2/apps/web", "{\"cmd\":\"two\"}");
        String path = "/tide/v1/deployments/" + only().at("/id").asText();
        Reply paused = client.post(path + "/pause", "{}");
        assertThat(paused.json().at("/state").asText()).isEqualTo("paused");
        assertThat(paused.json().at("/why").asText()).contains("resume");
        assertThat(message(client.post(path + "/pause", "{}"), 409)).contains("already");
        assertThat(message(client.post(path + "/promote", "{}"), 409)).contains("resume");
        assertThat(client.get("/metrics/prometheus").text())
                .contains("tide_deployments{state=\"paused\"} 1.0")
                .contains("tide_deployments{state=\"running\"} 0.0")
                .contains("tide_health_storm 0.0");
        Reply resumed = client.post(path + "/resume", "{}");
        assertThat(resumed.json().at("/state").asText()).isNotEqualTo("paused");
        assertThat(message(client.post(path + "/resume", "{}"), 409)).contains("not paused");
        Reply aborted = client.post(path + "/abort", "{}");
        assertThat(aborted.status()).as(aborted.text()).isEqualTo(200);
        assertThat(aborted.json().at("/deploymentId").asText()).hasSize(36);
        settle();
        assertThat(client.get("/v2/apps/web").json().at("/app/cmd").asText()).isEqualTo("one");
        assertThat(client.get("/tide/v1/deployments/xyz").status()).isEqualTo(404);
        assertThat(client.get("/tide/v1/deployments/xyz/dance").status()).isEqualTo(404);
        assertThat(client.get(path + "/pause").status()).isEqualTo(405);
    }

    @Test
    void saysAtOnceWhyItCannotGoOn() throws Exception {
        client.post("/v2/apps", "{\"id\":\"/big\",\"cmd\":\"one\",\"cpus\":99}");
        JsonNode waiting = only();
        assertThat(waiting.at("/state").asText()).isEqualTo("waiting");
        assertThat(waiting.at("/why").asText()).startsWith(
                "No agent can take 1 instance of '/big': 1 agent, 1 without cpu, 0 left")
                .contains("abort the deployment");
        assertThat(waiting.at("/apps/0/missing").asInt()).isEqualTo(1);
        assertThat(waiting.has("deadline")).isFalse();
    }

    @Test
    void cancelsWithAndWithoutGoingBack() throws Exception {
        client.post("/v2/apps", "{\"id\":\"/web\",\"cmd\":\"one\"}");
        settle();
        client.put("/v2/apps/web", "{\"cmd\":\"two\"}");
        String first = only().at("/id").asText();
        Reply back = client.delete("/v2/deployments/" + first);
        assertThat(back.status()).isEqualTo(200);
        assertThat(back.json().at("/deploymentId").asText()).isNotEqualTo(first);
        Reply stopped = client.delete("/v2/deployments/" + only().at("/id").asText()
                + "?force=True");
        assertThat(stopped.status()).isEqualTo(202);
        assertThat(stopped.text()).isEmpty();
        assertThat(client.get("/v2/deployments").json()).isEmpty();
        assertThat(client.get("/v2/apps/web").json().at("/app/cmd").asText()).isEqualTo("one");
        assertThat(message(client.delete("/v2/deployments/" + first), 404))
                .isEqualTo("DeploymentPlan " + first + " does not exist");
    }

    @Test
    void showsWhatReadinessChecksAreAnswered() throws Exception {
        client.post("/v2/apps", """
                {"id":"/web","cmd":"one","portDefinitions":[{"port":0,"name":"http"}],
                 "readinessChecks":[{"name":"up","portName":"http","path":"/ready",
                                     "preserveLastResponse":true}]}""");
        cluster.report("a1", Condition.RUNNING);
        assertThat(only().at("/state").asText()).isEqualTo("waiting");
        assertThat(only().at("/why").asText()).contains("not ready yet");
        ready(new Readiness(false, 503, "text/plain", "wait"));
        String task = client.get("/v2/apps/web").json().at("/app/tasks/0/id").asText();
        String expected = "[{\"name\":\"up\",\"taskId\":\"" + task + "\",\"ready\":false,"
                + "\"lastResponse\":{\"status\":503,\"contentType\":\"text/plain\","
                + "\"body\":\"wait\"}}]";
        assertThat(client.get("/v2/deployments").json()
                .at("/0/currentActions/0/readinessCheckResults")).hasToString(expected);
        assertThat(client.get("/v2/apps?embed=apps.readiness").json()
                .at("/apps/0/readinessCheckResults")).hasToString(expected);
        ready(new Readiness(true, 200, "", ""));
        assertThat(client.get("/v2/deployments").json()).isEmpty();
    }

    private void ready(Readiness answer) {
        long instance = cluster.read(state -> state.instanceNext() - 1);
        cluster.command(new Command.ReportStatuses(new AgentId("a1"), 1,
                ++seq,
                List.of(new InstanceStatus(instance, Condition.RUNNING, -1, "", "",
                        Health.UNKNOWN, 0, false).with(List.of(), Optional.of(answer)))));
    }

    @Test
    void sharesTrafficBetweenVersions() throws Exception {
        client.post("/v2/apps", "{\"id\":\"/web\",\"cmd\":\"one\"}");
        String version = client.get("/v2/apps/web").json().at("/app/version").asText();
        assertThat(client.get("/tide/v1/apps/web/weights").text()).isEqualTo("{\"weights\":[]}");
        String weights = "{\"weights\":[{\"version\":\"" + version + "\",\"weight\":90}]}";
        Reply set = client.put("/tide/v1/apps/web/weights", weights);
        assertThat(set.status()).as(set.text()).isEqualTo(200);
        assertThat(set.text()).isEqualTo(weights);
        assertThat(client.get("/tide/v1/apps//web/weights/").text()).isEqualTo(weights);
        assertThat(client.put("/tide/v1/apps/web/weights", weights.replace("90", "101")).status())
                .isEqualTo(422);
        assertThat(client.put("/tide/v1/apps/web/weights", weights.replace("90", "1.5")).status())
                .isEqualTo(422);
        assertThat(client.put("/tide/v1/apps/web/weights",
                weights.replace(version, "2014-03-01T23:29:30.158Z")).text())
                .contains("has no such version");
        assertThat(client.put("/tide/v1/apps/web/weights", "{}").status()).isEqualTo(422);
        assertThat(client.get("/tide/v1/apps/none/weights").status()).isEqualTo(404);
        assertThat(client.put("/tide/v1/apps/none/weights", weights).status()).isEqualTo(404);
    }

    @Test
    void raisesAnAlarmWhenChecksFailEverywhere() throws Exception {
        assertThat(client.get("/tide/v1/status").json().at("/alarms").isArray()).isTrue();
        client.post("/v2/apps", """
                {"id":"/web","cmd":"one","instances":20,"cpus":0.1,"mem":16,
                 "healthChecks":[{"protocol":"HTTP","path":"/"}]}""");
        cluster.report("a1", Condition.RUNNING, Health.ALIVE);
        cluster.report("a1", Condition.RUNNING, Health.DEAD);
        JsonNode alarm = client.get("/tide/v1/status").json().at("/alarms/0");
        assertThat(alarm.at("/name").asText()).isEqualTo("health-storm");
        assertThat(alarm.at("/since").asText()).endsWith("Z");
        assertThat(alarm.at("/message").asText())
                .startsWith("The health checks of 20 of 20 instances fail.");
        assertThat(client.get("/metrics/prometheus").text()).contains("tide_health_storm 1.0");
        cluster.report("a1", Condition.RUNNING, Health.ALIVE);
        assertThat(client.get("/tide/v1/status").json().at("/alarms")).isEmpty();
    }
}
