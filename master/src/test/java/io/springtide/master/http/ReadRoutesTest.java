package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.springtide.core.model.Condition;
import io.springtide.master.http.TestClient.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tasks, queue, deployments, what the server says of itself, and our own endpoints. */
class ReadRoutesTest {

    private static final String WEB = "{\"id\":\"/shop/web\",\"cmd\":\"serve\",\"cpus\":1,"
            + "\"mem\":10,\"instances\":2}";

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
    void listsTasksAsJsonAndAsText() throws Exception {
        client.post("/v2/apps", WEB);
        assertThat(client.get("/v2/tasks?status=staging").json().at("/tasks")).hasSize(2);
        assertThat(client.get("/v2/tasks?status=running").json().at("/tasks")).isEmpty();
        cluster.report("a1", Condition.RUNNING);
        JsonNode task = client.get("/v2/tasks?status=running").json().at("/tasks/0");
        int servicePort = task.at("/servicePorts/0").asInt();
        assertThat(servicePort).isBetween(10_000, 19_999);
        String text = client.get("/v2/tasks", "Accept", "text/plain").text();
        assertThat(text).startsWith("shop_web\t" + servicePort + "\t127.0.0.1:31").endsWith("\t\n");
        assertThat(client.get("/v2/apps/shop/*/tasks").json().at("/tasks")).hasSize(2);
        assertThat(client.get("/v2/apps/none/tasks").status()).isEqualTo(404);
    }

    @Test
    void textHasALineForEachServicePortAlsoWhereNothingRuns() throws Exception {
        client.post("/v2/apps", "{\"id\":\"/two\",\"cmd\":\"serve\",\"cpus\":1,\"portDefinitions\":"
                + "[{\"port\":9001},{\"port\":9002}]}");
        cluster.report("a1", Condition.RUNNING);
        client.post("/v2/apps", "{\"id\":\"/a/idle\",\"cmd\":\"serve\",\"instances\":0,"
                + "\"portDefinitions\":[{\"port\":9003}]}");
        client.post("/v2/apps", "{\"id\":\"/no-port\",\"cmd\":\"serve\",\"cpus\":1,"
                + "\"portDefinitions\":[]}");
        String[] lines = client.get("/v2/tasks", "Accept", "text/plain").text().split("\n", -1);
        assertThat(lines[0]).isEqualTo("a_idle\t9003\t");
        assertThat(lines[1]).isEqualTo("no-port\t \t");
        assertThat(lines[2]).matches("two\t9001\t127\\.0\\.0\\.1:\\d+\t");
        assertThat(lines[3]).matches("two\t9002\t127\\.0\\.0\\.1:\\d+\t");
        assertThat(client.get("/v2/apps/two/tasks", "Accept", "text/plain").text().split("\n"))
                .containsExactly(lines[2], lines[3]);
        assertThat(client.get("/v2/apps/none/tasks", "Accept", "text/plain").status())
                .isEqualTo(404);
        assertThat(client.get("/v2/tasks", "Accept", "text/html").status()).isEqualTo(406);
    }

    @Test
    void aStatusThatNobodyKnowsAsksForNothingInParticular() throws Exception {
        client.post("/v2/apps", WEB);
        assertThat(client.get("/v2/tasks?status=what").json().at("/tasks")).hasSize(2);
        assertThat(client.get("/v2/tasks?status=what&status[]=RUNNING").json().at("/tasks"))
                .isEmpty();
        assertThat(client.get("/v2/tasks?status=running&status=staging").json().at("/tasks"))
                .hasSize(2);
        cluster.report("a1", Condition.STARTING);
        assertThat(client.get("/v2/tasks?status=staging").json().at("/tasks")).isEmpty();
    }

    @Test
    void killsTasks() throws Exception {
        client.post("/v2/apps", WEB);
        cluster.report("a1", Condition.RUNNING);
        JsonNode tasks = client.get("/v2/tasks").json().at("/tasks");
        String first = tasks.at("/0/id").asText();
        Reply killed = client.delete("/v2/apps/shop/web/tasks/" + first);
        assertThat(killed.json().at("/task/id").asText()).isEqualTo(first);
        Reply unknown = client.delete("/v2/apps/shop/web/tasks/nobody");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.text())
                .isEqualTo("{\"message\":\"Task 'nobody' does not exist\",\"details\":[]}");
        assertThat(client.delete("/v2/apps/shop/web/tasks?scale=true&wipe=true").text()).isEqualTo(
                "{\"message\":\"You cannot use scale and wipe at the same time.\"}");
        assertThat(client.delete("/v2/apps/shop/web/tasks?host=elsewhere").text())
                .isEqualTo("{\"tasks\":[]}");
        assertThat(client.post("/v2/tasks/delete", "{\"ids\":[\"what\"]}").status()).isEqualTo(400);
        Reply scaled = client.post("/v2/tasks/delete?scale=True&force=true",
                "{\"ids\":[\"" + tasks.at("/1/id").asText() + "\",\"old.marathon-1\"]}");
        assertThat(scaled.json().at("/deploymentId").asText()).hasSize(36);
        assertThat(client.get("/v2/apps/shop/web").json().at("/app/instances").asInt())
                .isEqualTo(1);
    }

    @Test
    void theQueueSaysWhatIsMissingWhere() throws Exception {
        client.post("/v2/apps", "{\"id\":\"/huge\",\"cmd\":\"x1\",\"cpus\":64,\"instances\":3}");
        JsonNode item = client.get("/v2/queue").json().at("/queue/0");
        assertThat(item.at("/count").asInt()).isEqualTo(3);
        assertThat(item.at("/delay/overdue").asBoolean()).isTrue();
        assertThat(item.at("/app/id").asText()).isEqualTo("/huge");
        JsonNode funnel = item.at("/processedOffersSummary/rejectSummaryLastOffers");
        assertThat(funnel.findValuesAsText("reason")).containsExactly("UnfulfilledRole",
                "UnfulfilledConstraint", "NoCorrespondingReservationFound", "AgentMaintenance",
                "InsufficientCpus", "InsufficientMemory", "InsufficientDisk", "InsufficientGpus",
                "InsufficientPorts", "DeclinedScarceResources");
        assertThat(funnel.at("/4/declined").asInt()).isEqualTo(1);
        assertThat(funnel.at("/4/processed").asInt()).isEqualTo(1);
        assertThat(funnel.at("/5/processed").asInt(-1)).isZero();
        JsonNode why = client.get("/tide/v1/apps/huge/why").json();
        assertThat(why.at("/blocked").asBoolean()).isTrue();
        assertThat(why.at("/sentence").asText()).isEqualTo(
                "3 of 3 instances wait: 1 agent, 1 without cpu, 0 left; closest: a1, short of 60"
                        + " cpu.");
        assertThat(why.at("/closest/agent").asText()).isEqualTo("a1");
        assertThat(why.at("/closest/missing").asDouble()).isEqualTo(60);
        assertThat(client.delete("/v2/queue/huge/delay").status()).isEqualTo(204);
        assertThat(client.delete("/v2/queue//none/delay").text()).isEqualTo(
                "{\"message\":\"Application /none not found in tasks queue.\",\"details\":[]}");
    }

    @Test
    void showsAndCancelsDeployments() throws Exception {
        assertThat(client.get("/v2/deployments").text()).isEqualTo("[]");
        String id = client.post("/v2/apps", WEB).header("Marathon-Deployment-Id");
        JsonNode running = client.get("/v2/deployments").json().at("/0");
        assertThat(running.at("/id").asText()).isEqualTo(id);
        assertThat(running.at("/affectedApps/0").asText()).isEqualTo("/shop/web");
        assertThat(running.at("/steps/0/actions/0/action").asText()).isEqualTo("StartApplication");
        assertThat(running.at("/currentActions/0/action").asText()).isEqualTo("ScaleApplication");
        Reply forced = client.delete("/v2/deployments/" + id + "?force=true");
        assertThat(forced.status()).isEqualTo(202);
        assertThat(forced.text()).isEmpty();
        Reply unknown = client.delete("/v2/deployments/" + id);
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.json().at("/message").asText())
                .isEqualTo("DeploymentPlan " + id + " does not exist");
        String next = client.put("/v2/apps/shop/web", "{\"cpus\":0.5}")
                .header("Marathon-Deployment-Id");
        assertThat(client.delete("/v2/deployments/" + next).status()).isEqualTo(200);
        assertThat(client.get("/v2/apps/shop/web").json().at("/app/cpus").asDouble()).isEqualTo(1);
    }

    @Test
    void saysWhatItIs() throws Exception {
        assertThat(client.get("/ping").text()).isEqualTo("pong");
        assertThat(client.get("/v2/leader").text()).isEqualTo("{\"leader\":\"localhost:8080\"}");
        assertThat(client.delete("/v2/leader").status()).isEqualTo(409);
        assertThat(client.get("/v2/plugins").text()).isEqualTo("{\"plugins\":[]}");
        JsonNode info = client.get("/v2/info").json();
        assertThat(info.at("/version").asText()).startsWith("1.11");
        assertThat(info.at("/http_config/http_port").asInt()).isEqualTo(cluster.server.port());
    }

    @Test
    void ownEndpointsTellOfTheClusterItsAgentsAndFiles() throws Exception {
        client.post("/v2/apps", WEB);
        cluster.report("a1", Condition.RUNNING);
        JsonNode status = client.get("/tide/v1/status").json();
        assertThat(status.at("/agents/live").asInt()).isEqualTo(1);
        assertThat(status.at("/instances/running").asInt()).isEqualTo(2);
        assertThat(status.at("/clusterId").asText()).isEqualTo(TestCluster.CLUSTER_ID);
        JsonNode agent = client.get("/tide/v1/agents").json().at("/agents/0");
        assertThat(agent.at("/used/cpus").asDouble()).isEqualTo(2);
        assertThat(agent.at("/runtimes")).hasSize(2);
        assertThat(agent.at("/attributes/disk").asText()).isEqualTo("ssd");
        String task = client.get("/v2/tasks").json().at("/tasks/0/id").asText();
        Reply file = client.get("/tide/v1/tasks/" + task + "/files/stdout?offset=-10&length=5");
        assertThat(file.text()).isEqualTo("stdout of a1");
        assertThat(file.header("X-Tide-Size")).isEqualTo("12");
        String ended = task.replace("00000001.", "0000ffff.").replace("00000002.", "0000ffff.");
        assertThat(client.get("/tide/v1/tasks/" + ended + "/files/stderr").text())
                .contains("?agent=ID");
        assertThat(client.get("/tide/v1/tasks/" + ended + "/files/stderr?agent=gone").status())
                .isEqualTo(503);
        assertThat(client.get("/tide/v1/tasks/usage").json().at("/tasks")).hasSize(2);
    }

    @Test
    void metricsTellOfTheClusterInBothFormats() throws Exception {
        client.post("/v2/apps", WEB);
        client.post("/v2/apps", "{\"id\":\"/huge\",\"cmd\":\"x1\",\"cpus\":64}");
        Reply scrape = client.get("/metrics/prometheus");
        assertThat(scrape.header("Content-Type")).startsWith("text/plain");
        assertThat(scrape.text()).contains("tide_instances{state=\"placed\"} 2.0")
                .contains("tide_agents{site=\"site-a\",state=\"live\"} 1.0")
                .contains("tide_agent_heartbeat_age_seconds_max 0.012")
                .containsPattern("tide_pending_oldest_seconds [1-9]")
                .contains("route=\"/v2/apps\"");
        for (String line : scrape.text().split("\n", -1)) {
            assertThat(line).matches("#.*|[a-zA-Z_:][a-zA-Z0-9_:]*(\\{.*})? [^ ]+|");
        }
        JsonNode json = client.get("/metrics").json();
        assertThat(json.at("/gauges/tide_instances_desired/value").asInt()).isEqualTo(3);
        assertThat(json.at("/gauges/jvm.memory.heap.used/value").asLong()).isPositive();
        assertThat(json.at("/histograms/tide_http_request_duration_seconds.POST.~1v2~1apps/count")
                .asInt()).isEqualTo(2);
        assertThat(json.has("timers")).isTrue();
    }
}
