package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.master.http.TestClient.Reply;
import io.springtide.master.ring.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AppRoutesTest {

    private static final String CART = """
            {"id":"/shop/cart","cmd":"sleep 1","instances":2,"cpus":0.5,"mem":32,
             "labels":{"tier":"front"}}""";

    private TestCluster cluster;
    private TestClient client;

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

    @Test
    void createsAnAppAndShowsIt() throws Exception {
        Reply created = client.post("/v2/apps", CART);
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        assertThat(created.header("Location")).isEqualTo("/shop/cart");
        String deployment = created.header("Marathon-Deployment-Id");
        assertThat(created.json().at("/deployments/0/id").asText()).isEqualTo(deployment)
                .matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        assertThat(created.json().at("/tasksRunning").asInt(-1)).isZero();

        cluster.report("a1", Condition.RUNNING);
        JsonNode app = client.get("/v2/apps//shop/cart/").json().at("/app");
        assertThat(app.at("/tasksRunning").asInt()).isEqualTo(2);
        assertThat(app.at("/tasks")).hasSize(2);
        assertThat(app.at("/deployments")).isEmpty();
        JsonNode task = app.at("/tasks/0");
        assertThat(task.at("/state").asText()).isEqualTo("TASK_RUNNING");
        assertThat(task.at("/host").asText()).isEqualTo("127.0.0.1");
        assertThat(task.at("/slaveId").asText()).isEqualTo("a1");
        assertThat(task.at("/ports/0").asInt()).isBetween(31_000, 31_999);
        assertThat(task.at("/ipAddresses/0/ipAddress").asText()).isEqualTo("127.0.0.1");
        assertThat(task.at("/startedAt").asText()).endsWith("Z");
        assertThat(task.has("servicePorts")).isFalse();
        assertThat(client.get("/v2/apps/shop%2Fcart").status()).isEqualTo(200);
    }

    @Test
    void answersWithMarathonsHeaders() throws Exception {
        Reply reply = client.get("/v2/apps");
        assertThat(reply.header("X-Marathon-Leader")).isEqualTo("http://localhost:8080");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-cache, no-store, must-revalidate");
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(client.send("HEAD", "/v2/apps", "").status()).isEqualTo(200);
    }

    @Test
    void listsByLabelCommandAndId() throws Exception {
        client.post("/v2/apps", CART);
        client.post("/v2/apps", "{\"id\":\"/db\",\"cmd\":\"run db\"}");
        assertThat(client.get("/v2/apps/?embed=apps.tasks").json().at("/apps")).hasSize(2);
        assertThat(ids("/v2/apps?label=tier%3D%3Dfront")).containsExactly("/shop/cart");
        assertThat(ids("/v2/apps?label=tier%20notin%20(back)")).containsExactly("/shop/cart");
        assertThat(ids("/v2/apps?cmd=run")).containsExactly("/db");
        assertThat(ids("/v2/apps?id=cart")).containsExactly("/shop/cart");
        assertThat(client.get("/v2/apps?label=a%3D").status()).isEqualTo(422);
        assertThat(client.get("/v2/apps/shop/*").json().at("/*")).hasSize(1);
    }

    private List<String> ids(String path) throws Exception {
        List<String> ids = new ArrayList<>();
        client.get(path).json().at("/apps").forEach(app -> ids.add(app.at("/id").asText()));
        return ids;
    }

    @Test
    void refusesASecondAppOfTheSameIdAndAnAppThatIsLocked() throws Exception {
        client.post("/v2/apps", CART);
        Reply again = client.post("/v2/apps", CART);
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.json().at("/message").asText())
                .isEqualTo("An app with id [/shop/cart] already exists.");
        Reply locked = client.put("/v2/apps/shop/cart", "{\"instances\":3}");
        assertThat(locked.status()).isEqualTo(409);
        assertThat(locked.json().at("/message").asText()).startsWith(
                "App is locked by one or more deployments. Override with the option '?force=true'.");
        assertThat(locked.json().at("/deployments/0/id").asText()).hasSize(36);
        assertThat(client.put("/v2/apps/shop/cart?force=True", "{\"instances\":3}").status())
                .isEqualTo(200);
    }

    @Test
    void updatesKeepWhatTheyDoNotName() throws Exception {
        client.post("/v2/apps", CART);
        cluster.report("a1", Condition.RUNNING);
        Reply scaled = client.put("/v2/apps/shop/cart", "{\"instances\":3,\"ports\":null}");
        assertThat(scaled.status()).as(scaled.text()).isEqualTo(200);
        assertThat(scaled.json().at("/deploymentId").asText())
                .isEqualTo(scaled.header("Marathon-Deployment-Id"));
        JsonNode app = client.get("/v2/apps/shop/cart").json().at("/app");
        assertThat(app.at("/instances").asInt()).isEqualTo(3);
        assertThat(app.at("/cmd").asText()).isEqualTo("sleep 1");
        assertThat(app.at("/version")).isEqualTo(scaled.json().at("/version"));
        assertThat(client.put("/v2/apps/new", "{\"cmd\":\"x1\"}").status()).isEqualTo(201);
        assertThat(client.patch("/v2/apps/none", "{\"cmd\":\"x1\"}").status()).isEqualTo(404);
        assertThat(client.put("/v2/apps?force=true", "[{\"id\":\"/new\",\"instances\":0},"
                + "{\"id\":\"/newer\",\"cmd\":\"x2\",\"instances\":0}]").status()).isEqualTo(200);
        assertThat(client.patch("/v2/apps", "[{\"id\":\"/none\",\"instances\":0}]").status())
                .isEqualTo(404);
        assertThat(client.get("/v2/apps/newer").status()).isEqualTo(200);
    }

    @Test
    void writingBackWhatWasReadChangesNothing() throws Exception {
        client.post("/v2/apps", CART);
        cluster.report("a1", Condition.RUNNING);
        JsonNode read = client.get("/v2/apps/shop/cart").json().at("/app");
        int port = read.at("/portDefinitions/0/port").asInt();
        assertThat(port).isBetween(10_000, 19_999);
        Reply written = client.put("/v2/apps/shop/cart",
                "{\"portDefinitions\":" + read.at("/portDefinitions") + ",\"cmd\":\"sleep 1\"}");
        assertThat(written.status()).isEqualTo(200);
        JsonNode after = client.get("/v2/apps/shop/cart").json().at("/app");
        assertThat(after.at("/version")).isEqualTo(read.at("/version"));
    }

    @Test
    void mergesAgainWhenSomebodyElseWasFaster() throws Exception {
        client.post("/v2/apps", CART);
        cluster.report("a1", Condition.RUNNING);
        cluster.interfere(() -> {
            Answer restarted = cluster.command(
                    new Command.RestartApp(new AppId("/shop/cart"), true));
            assertThat(restarted).isInstanceOf(Answer.Accepted.class);
        });
        Reply scaled = client.put("/v2/apps/shop/cart?force=true", "{\"instances\":3}");
        assertThat(scaled.status()).as(scaled.text()).isEqualTo(200);
        assertThat(client.get("/v2/apps/shop/cart/versions").json().at("/versions")).hasSize(3);
    }

    @Test
    void rollsBackRestartsAndDeletes() throws Exception {
        String first = client.post("/v2/apps", CART).json().at("/version").asText();
        client.put("/v2/apps/shop/cart?force=true", "{\"cmd\":\"sleep 2\"}");
        Reply back = client.put("/v2/apps/shop/cart?force=true",
                "{\"version\":\"" + first + "\"}");
        assertThat(back.status()).as(back.text()).isEqualTo(200);
        assertThat(client.get("/v2/apps/shop/cart").json().at("/app/cmd").asText())
                .isEqualTo("sleep 1");
        assertThat(client.put("/v2/apps/shop/cart?force=true",
                "{\"version\":\"2014-03-01T23:29:30.158Z\"}").json().at("/message").asText())
                .isEqualTo("App '/shop/cart' does not exist in version 2014-03-01T23:29:30.158Z");
        assertThat(client.get("/v2/apps/shop/cart/versions/" + first).json().at("/cmd").asText())
                .isEqualTo("sleep 1");
        assertThat(client.get("/v2/apps/shop/cart/versions/yesterday").status()).isEqualTo(422);
        assertThat(client.post("/v2/apps/shop/cart/restart?force=true", "").status())
                .isEqualTo(200);
        assertThat(client.post("/v2/apps/shop/cart/restart", "").status()).isEqualTo(409);
        Reply deleted = client.delete("/v2/apps/shop/cart");
        assertThat(deleted.status()).isEqualTo(200);
        assertThat(deleted.json().at("/deploymentId").asText()).hasSize(36);
        Reply gone = client.get("/v2/apps/shop/cart");
        assertThat(gone.status()).isEqualTo(404);
        assertThat(gone.json().at("/message").asText())
                .isEqualTo("App '/shop/cart' does not exist");
    }

    @Test
    void showsHealthAndTheLastFailure() throws Exception {
        client.post("/v2/apps", """
                {"id":"/web","cmd":"serve","cpus":0.1,
                 "healthChecks":[{"protocol":"MESOS_HTTP","path":"/"}]}""");
        cluster.report("a1", Condition.RUNNING, Health.ALIVE);
        JsonNode app = client.get("/v2/apps/web?embed=apps.taskStats").json().at("/app");
        assertThat(app.at("/tasksHealthy").asInt()).isEqualTo(1);
        assertThat(app.at("/tasks/0/healthCheckResults/0/alive").asBoolean()).isTrue();
        assertThat(app.at("/taskStats/totalSummary/stats/counts/healthy").asInt()).isEqualTo(1);
        cluster.report("a1", Condition.FAILED);
        JsonNode failure = client.get("/v2/apps/web").json().at("/app/lastTaskFailure");
        assertThat(failure.at("/state").asText()).isEqualTo("TASK_FAILED");
        assertThat(failure.at("/message").asText()).isEqualTo("exited with 3");
        assertThat(failure.at("/slaveId").asText()).isEqualTo("a1");
    }

    @Test
    void aFullRingIs503AndAStoppedEngineToo() throws Exception {
        cluster.force(new Outcome.Busy());
        Reply busy = client.post("/v2/apps", CART);
        assertThat(busy.status()).isEqualTo(503);
        assertThat(busy.header("Retry-After")).isEqualTo("1");
        cluster.force(new Outcome.Stopped("the disk is full"));
        Reply stopped = client.post("/v2/apps", CART);
        assertThat(stopped.status()).isEqualTo(503);
        assertThat(stopped.json().at("/message").asText()).contains("the disk is full");
    }

    @Test
    void placementIsChosenByLabel() throws Exception {
        Reply wrong = client.post("/v2/apps",
                "{\"id\":\"/p\",\"cmd\":\"x1\",\"labels\":{\"SPRINGTIDE_PLACEMENT\":\"heap\"}}");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.json().at("/details/0/path").asText())
                .isEqualTo("/labels/SPRINGTIDE_PLACEMENT");
        assertThat(client.post("/v2/apps",
                "{\"id\":\"/p\",\"cmd\":\"x1\",\"labels\":{\"SPRINGTIDE_PLACEMENT\":\"binpack\"}}")
                .status()).isEqualTo(201);
    }
}
