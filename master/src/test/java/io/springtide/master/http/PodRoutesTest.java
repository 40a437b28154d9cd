package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Goal;
import io.springtide.core.model.GroupSpec;
import io.springtide.master.http.TestClient.Reply;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class PodRoutesTest {

    private static final String POD = """
            {"id":"/shop/pod","labels":{"tier":"front"},"scaling":{"kind":"fixed","instances":2},
             "networks":[{"mode":"host"}],"volumes":[{"name":"data"}],
             "containers":[
              {"name":"web","resources":{"cpus":0.5,"mem":64},
               "exec":{"command":{"shell":"serve"}},"endpoints":[{"name":"http","hostPort":0}],
               "volumeMounts":[{"name":"data","mountPath":"data"}]},
              {"name":"side","resources":{"cpus":0.25,"mem":32},
               "exec":{"command":{"shell":"follow"}},
               "volumeMounts":[{"name":"data","mountPath":"data"}]}]}""";

    private TestCluster cluster;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        cluster = new TestCluster();
        cluster.agent("a1", 16);
        client = new TestClient(cluster.server.port());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static String pod(String id) {
        return POD.replace("/shop/pod", id);
    }

    private void created(String definition) throws Exception {
        Reply reply = client.post("/v2/pods", definition);
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
    }

    private static String message(Reply reply) {
        return reply.json().at("/message").asText();
    }

    private static List<String> ids(JsonNode array) {
        List<String> ids = new ArrayList<>();
        array.forEach(one -> ids.add(one.at("/id").asText()));
        return ids;
    }

    // ------------------------------------------------------------ definitions

    @Test
    void createsAPodAndShowsIt() throws Exception {
        assertThat(client.send("HEAD", "/v2/pods", "").status()).isEqualTo(200);
        assertThat(client.get("/v2/pods").json()).isEmpty();
        Reply created = client.post("/v2/pods", POD);
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        assertThat(created.header("Location")).isEqualTo("/shop/pod");
        assertThat(created.header("Marathon-Deployment-Id")).hasSize(36);
        JsonNode pod = client.get("/v2/pods//shop/pod/").json();
        assertThat(pod).isEqualTo(created.json());
        assertThat(pod.at("/scaling/instances").asInt()).isEqualTo(2);
        assertThat(pod.at("/containers/1/name").asText()).isEqualTo("side");
        assertThat(pod.at("/version").asText()).endsWith("Z");
        assertThat(client.get("/v2/pods").json()).containsExactly(pod);
        long cpusMilli = cluster.read(state -> state.app(new AppId("/shop/pod")).orElseThrow()
                .current().spec().shape().resources().cpusMilli());
        assertThat(cpusMilli).isEqualTo(850);
    }

    @Test
    void writingBackWhatWasReadChangesNothing() throws Exception {
        created(POD);
        JsonNode read = client.get("/v2/pods/shop/pod").json();
        Reply written = client.put("/v2/pods/shop/pod?force=true", read.toString());
        assertThat(written.status()).as(written.text()).isEqualTo(200);
        assertThat(written.header("Marathon-Deployment-Id")).hasSize(36);
        assertThat(written.json()).isEqualTo(read);
        assertThat(client.get("/v2/pods/shop/pod::versions").json()).hasSize(1);
    }

    @Test
    void refusesWhatCannotBe() throws Exception {
        assertThat(client.post("/v2/pods", "").status()).isEqualTo(400);
        assertThat(client.post("/v2/pods", "{").status()).isEqualTo(400);
        Reply shapeless = client.post("/v2/pods", "{\"id\":\"/p\"}");
        assertThat(shapeless.status()).isEqualTo(422);
        assertThat(message(shapeless)).isEqualTo("Invalid JSON");
        Reply relative = client.post("/v2/pods", pod("p"));
        assertThat(relative.json().at("/details/0/errors/0").asText())
                .isEqualTo("Path needs to be absolute");
        assertThat(client.get("/v2/pods").json()).isEmpty();
    }

    @Test
    void sharesItsIdsWithAppsAndGroups() throws Exception {
        created(POD);
        Reply again = client.post("/v2/pods", POD);
        assertThat(again.status()).isEqualTo(409);
        assertThat(message(again)).isEqualTo("A pod with id [/shop/pod] already exists.");
        client.post("/v2/apps", "{\"id\":\"/app\",\"cmd\":\"run it\"}");
        String shared = "Applications and Pods may not share the same id";
        for (Reply refused : List.of(client.post("/v2/pods", pod("/app")),
                client.put("/v2/pods/app", pod("/app")),
                client.put("/v2/pods/app?dryRun=true", pod("/app")),
                client.post("/v2/pods?dryRun=true", pod("/app")),
                client.post("/v2/apps", "{\"id\":\"/shop/pod\",\"cmd\":\"run it\"}"))) {
            assertThat(refused.status()).as(refused.text()).isEqualTo(422);
            assertThat(refused.json().at("/details/0/errors/0").asText()).isEqualTo(shared);
        }
        Reply group = client.post("/v2/pods", pod("/shop"));
        assertThat(group.status()).as(group.text()).isEqualTo(422);
        assertThat(group.json().at("/details/0/errors/0").asText())
                .isEqualTo("Groups and Pods may not have the same identifier.");
    }

    @Test
    void takesTheRoleOfAGroupThatEnforcesIt() throws Exception {
        cluster.command(new Command.SubmitApps(List.of(), List.of(),
                List.of(new Command.GroupChange(
                        new GroupSpec("/shop", List.of(), Optional.of(true)),
                        Command.GroupChange.Kind.SET)),
                false));
        created(POD);
        assertThat(client.get("/v2/pods/shop/pod").json().at("/role").asText())
                .isEqualTo("shop");
        created(pod("/bank/pod"));
        assertThat(client.get("/v2/pods/bank/pod").json().at("/role").asText()).isEqualTo("*");
    }

    @Test
    void replacesADefinitionAndKeepsItsVersions() throws Exception {
        created(POD);
        String first = client.get("/v2/pods/shop/pod").json().at("/version").asText();
        String more = POD.replace("\"instances\":2", "\"instances\":3");
        Reply locked = client.put("/v2/pods/shop/pod", more);
        assertThat(locked.status()).isEqualTo(409);
        assertThat(locked.json().at("/deployments/0/id").asText()).hasSize(36);
        Reply changed = client.put("/v2/pods/shop/pod?force=true", more);
        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        assertThat(changed.json().at("/scaling/instances").asInt()).isEqualTo(3);
        Reply other = client.put("/v2/pods/shop/pod", pod("/b"));
        assertThat(other.status()).isEqualTo(400);
        assertThat(message(other))
                .isEqualTo("'/shop/pod' does not match definition's id ('/b')");
        assertThat(client.put("/v2/pods/UPPER", POD).status()).isEqualTo(422);
        // As Marathon does it: what is not there is made.
        assertThat(client.put("/v2/pods/b", pod("/b")).status()).isEqualTo(200);

        JsonNode versions = client.get("/v2/pods/shop/pod::versions").json();
        assertThat(versions).hasSize(2);
        assertThat(versions.get(0)).isEqualTo(changed.json().at("/version"));
        assertThat(versions.get(1).asText()).isEqualTo(first);
        JsonNode old = client.get("/v2/pods/shop/pod::versions/" + first).json();
        assertThat(old.at("/scaling/instances").asInt()).isEqualTo(2);
        assertThat(client.get("/v2/pods/shop/pod::versions/yesterday").status()).isEqualTo(422);
        Reply none = client.get("/v2/pods/shop/pod::versions/2014-03-01T23:29:30.158Z");
        assertThat(none.status()).isEqualTo(404);
        assertThat(message(none)).isEqualTo(
                "Pod '/shop/pod' does not exist in version 2014-03-01T23:29:30.158Z");
    }

    @Test
    void replacesAgainWhenSomebodyElseWasFaster() throws Exception {
        created(POD);
        cluster.interfere(() -> assertThat(cluster.command(
                new Command.RestartApp(new AppId("/shop/pod"), true)))
                .isInstanceOf(Answer.Accepted.class));
        Reply changed = client.put("/v2/pods/shop/pod?force=true",
                POD.replace("\"instances\":2", "\"instances\":3"));
        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        assertThat(client.get("/v2/pods/shop/pod::versions").json()).hasSize(3);
    }

    @Test
    void rehearsesWithoutDoingIt() throws Exception {
        Reply fits = client.post("/v2/pods?dryRun=true", POD);
        assertThat(fits.status()).as(fits.text()).isEqualTo(200);
        assertThat(fits.json().at("/fits").asBoolean()).isTrue();
        assertThat(client.get("/v2/pods").json()).isEmpty();
        created(POD);
        ObjectNode kept = (ObjectNode) client.get("/v2/pods/shop/pod").json();
        kept.remove("version");
        assertThat(fits.json().at("/definition")).as("what would be kept is what is kept")
                .isEqualTo(kept);
        assertThat(client.post("/v2/pods?dryRun=true", POD).status()).isEqualTo(409);
        assertThat(client.put("/v2/pods/shop/pod?dryRun=true",
                POD.replace("\"instances\":2", "\"instances\":9")).json().at("/instances").asInt())
                .isEqualTo(9);
        assertThat(client.get("/v2/pods/shop/pod").json().at("/scaling/instances").asInt())
                .isEqualTo(2);
    }

    @Test
    void saysWhatIsNotThere() throws Exception {
        // Marathon puts JSON into the text of JSON here; its clients have got used to it.
        assertThat(message(client.get("/v2/pods/no")))
                .isEqualTo("{\"message\":\"Pod '/no' does not exist\"}");
        for (Reply reply : List.of(client.get("/v2/pods/no::status"),
                client.get("/v2/pods/no::versions"), client.delete("/v2/pods/no"),
                client.delete("/v2/pods/no::instances/no.instance-1"))) {
            assertThat(reply.status()).isEqualTo(404);
            assertThat(message(reply)).isEqualTo("Pod '/no' does not exist");
        }
        client.post("/v2/apps", "{\"id\":\"/app\",\"cmd\":\"run it\"}");
        assertThat(client.get("/v2/pods/app").status()).isEqualTo(404);
        assertThat(client.get("/v2/pods/app::status").status()).isEqualTo(404);
        assertThat(client.delete("/v2/pods/app").status()).isEqualTo(404);
        assertThat(client.get("/v2/apps/app").status()).isEqualTo(200);
        assertThat(client.get("/v2/pods/app::colour").status()).isEqualTo(404);
        assertThat(client.put("/v2/pods", POD).status()).isEqualTo(405);
    }

    @Test
    void isNoApp() throws Exception {
        created(POD);
        PodReports.running(cluster, "a1");
        client.post("/v2/apps", "{\"id\":\"/shop/app\",\"cmd\":\"run it\"}");
        assertThat(ids(client.get("/v2/apps").json().at("/apps"))).containsExactly("/shop/app");
        assertThat(ids(client.get("/v2/apps/shop/*").json().at("/*")))
                .containsExactly("/shop/app");
        assertThat(client.get("/v2/apps/shop/*/tasks").json().at("/tasks")).hasSize(1);
        assertThat(client.get("/v2/tasks").json().at("/tasks")).hasSize(1);
        assertThat(client.get("/v2/tasks", "Accept", "text/plain").text())
                .doesNotContain("shop_pod");
        for (Reply reply : List.of(client.get("/v2/apps/shop/pod"),
                client.get("/v2/apps/shop/pod/tasks"), client.get("/v2/apps/shop/pod/versions"),
                client.delete("/v2/apps/shop/pod"), client.delete("/v2/apps/shop/pod/tasks"),
                client.post("/v2/apps/shop/pod/restart", ""))) {
            assertThat(reply.status()).as(reply.text()).isEqualTo(404);
            assertThat(message(reply)).isEqualTo("App '/shop/pod' does not exist");
        }
        assertThat(client.get("/v2/pods/shop/pod").status()).isEqualTo(200);
    }

    @Test
    void waitsInTheQueueAsAPod() throws Exception {
        created(POD.replace("\"cpus\":0.5", "\"cpus\":500"));
        JsonNode item = client.get("/v2/queue?embed=lastUnusedOffers").json().at("/queue/0");
        assertThat(item.at("/pod/id").asText()).isEqualTo("/shop/pod");
        assertThat(item.at("/role").asText()).isEqualTo("*");
        assertThat(item.has("app")).isFalse();
        assertThat(client.delete("/v2/queue//shop/pod/delay").status()).isEqualTo(204);
    }

    // ------------------------------------------------------------ how it stands

    @Test
    void showsTheLifeOfItsInstances() throws Exception {
        created(POD);
        JsonNode status = client.get("/v2/pods/shop/pod::status").json();
        assertThat(status.at("/status").asText()).isEqualTo("DEGRADED");
        assertThat(status.at("/instances/0/status").asText()).isEqualTo("PENDING");
        assertThat(status.at("/instances/0/containers/0/status").asText())
                .isEqualTo("TASK_STAGING");
        assertThat(status.at("/spec")).isEqualTo(client.get("/v2/pods/shop/pod").json());
        assertThat(status.at("/terminationHistory").isArray()).isTrue();

        PodReports.all(cluster, "a1", Condition.STARTING, "web", Condition.RUNNING, "side",
                Condition.STARTING);
        status = client.get("/v2/pods/shop/pod::status").json();
        assertThat(status.at("/instances/0/status").asText()).isEqualTo("STAGING");
        assertThat(status.at("/instances/0/containers/0/status").asText())
                .isEqualTo("TASK_RUNNING");
        assertThat(status.at("/instances/0/containers/1/status").asText())
                .isEqualTo("TASK_STARTING");

        PodReports.running(cluster, "a1");
        status = client.get("/v2/pods/shop/pod::status").json();
        assertThat(status.at("/status").asText()).isEqualTo("STABLE");
        assertThat(status.at("/instances")).hasSize(2);
        JsonNode instance = status.at("/instances/0");
        String version = client.get("/v2/pods/shop/pod").json().at("/version").asText();
        assertThat(instance.at("/id").asText())
                .startsWith("shop_pod.instance-5f0c9e1a-d2b3-4c77-");
        assertThat(instance.at("/agentHostname").asText()).isEqualTo("127.0.0.1");
        assertThat(instance.at("/agentId").asText()).isEqualTo("a1");
        assertThat(instance.at("/agentRegion").asText()).isEqualTo("eu");
        assertThat(instance.at("/agentZone").asText()).isEqualTo("site-a");
        assertThat(instance.at("/role").asText()).isEqualTo("*");
        assertThat(instance.at("/resources").toString())
                .isEqualTo("{\"cpus\":0.85,\"mem\":128,\"disk\":10,\"gpus\":0}");
        assertThat(instance.at("/networks/0/addresses/0").asText()).isEqualTo("127.0.0.1");
        assertThat(instance.at("/specReference").asText())
                .isEqualTo("/v2/pods/shop/pod::versions/" + version);
        JsonNode web = instance.at("/containers/0");
        assertThat(web.at("/containerId").asText())
                .isEqualTo(instance.at("/id").asText() + ".web.1");
        assertThat(web.at("/endpoints/0/name").asText()).isEqualTo("http");
        assertThat(web.at("/endpoints/0/allocatedHostPort").asInt()).isBetween(31_000, 31_999);
        assertThat(web.at("/endpoints/0").has("healthy")).isFalse();
        assertThat(web.at("/conditions")).isEmpty();
        assertThat(web.at("/resources/cpus").decimalValue().toString()).isEqualTo("0.5");
        assertThat(instance.at("/containers/1/endpoints")).isEmpty();
        assertThat(ids(client.get("/v2/pods::status").json())).containsExactly("/shop/pod");
        assertThat(client.get("/v2/pods/::status").json()).hasSize(1);
    }

    @Test
    void showsHealthByContainerAndEndpoint() throws Exception {
        created(POD.replace("\"instances\":2", "\"instances\":1").replace("\"endpoints\":",
                "\"healthCheck\":{\"http\":{\"endpoint\":\"http\",\"path\":\"/\"}},"
                        + "\"endpoints\":"));
        PodReports.running(cluster, "a1");
        JsonNode status = client.get("/v2/pods/shop/pod::status").json();
        assertThat(status.at("/instances/0/status").asText()).isEqualTo("DEGRADED");
        JsonNode web = status.at("/instances/0/containers/0");
        assertThat(web.at("/conditions/0/value").asText()).isEqualTo("false");
        assertThat(web.at("/conditions/0/reason").asText())
                .isEqualTo("health-unreported-by-mesos");

        PodReports.healthy(cluster, "a1", true);
        status = client.get("/v2/pods/shop/pod::status").json();
        assertThat(status.at("/status").asText()).isEqualTo("STABLE");
        web = status.at("/instances/0/containers/0");
        assertThat(web.at("/conditions/0/name").asText()).isEqualTo("healthy");
        assertThat(web.at("/conditions/0/value").asText()).isEqualTo("true");
        assertThat(web.at("/endpoints/0/healthy").asBoolean()).isTrue();
        assertThat(status.at("/instances/0/containers/1/conditions")).isEmpty();

        PodReports.healthy(cluster, "a1", false);
        status = client.get("/v2/pods/shop/pod::status").json();
        assertThat(status.at("/status").asText()).isEqualTo("DEGRADED");
        assertThat(status.at("/instances/0/message").asText())
                .isEqualTo("at least one container is not healthy");
        assertThat(status.at("/instances/0/containers/0/endpoints/0/healthy").asBoolean(true))
                .isFalse();
    }

    @Test
    void showsHowContainersEndedAndTheLastFailure() throws Exception {
        created(POD.replace("\"instances\":2", "\"instances\":1"));
        PodReports.running(cluster, "a1");
        String id = client.get("/v2/pods/shop/pod::status").json().at("/instances/0/id").asText();
        PodReports.all(cluster, "a1", Condition.KILLING, "web", Condition.FAILED, "side",
                Condition.KILLING);
        JsonNode instance = client.get("/v2/pods/shop/pod::status").json().at("/instances/0");
        assertThat(instance.at("/status").asText()).isEqualTo("TERMINAL");
        assertThat(instance.at("/containers/0/status").asText()).isEqualTo("TASK_FAILED");
        assertThat(instance.at("/containers/0/termination/exitCode").asInt()).isEqualTo(3);
        assertThat(instance.at("/containers/0/message").asText()).isEqualTo("exited with 3");
        assertThat(instance.at("/containers/0/endpoints")).isEmpty();
        assertThat(instance.at("/containers/1/status").asText()).isEqualTo("TASK_KILLING");

        PodReports.all(cluster, "a1", Condition.FAILED, "web", Condition.FAILED, "side",
                Condition.KILLED);
        JsonNode status = client.get("/v2/pods/shop/pod::status").json();
        assertThat(status.at("/terminationHistory")).hasSize(1);
        assertThat(status.at("/terminationHistory/0/instanceID").asText()).isEqualTo(id);
        assertThat(status.at("/terminationHistory/0/message").asText())
                .isEqualTo("container web exited with 3");
    }

    @Test
    void aDeletedPodIsTerminalUntilItsLastInstanceHasEnded() throws Exception {
        created(POD);
        PodReports.running(cluster, "a1");
        Reply deleted = client.delete("/v2/pods/shop/pod");
        assertThat(deleted.status()).isEqualTo(202);
        assertThat(deleted.text()).isEmpty();
        assertThat(deleted.header("Marathon-Deployment-Id")).hasSize(36)
                .isEqualTo(deleted.header("Location"));
        assertThat(client.get("/v2/pods/shop/pod").status()).isEqualTo(404);
        assertThat(client.get("/v2/pods").json()).isEmpty();
        JsonNode status = client.get("/v2/pods/shop/pod::status").json();
        assertThat(status.at("/status").asText()).isEqualTo("TERMINAL");
        assertThat(status.at("/instances/0/status").asText()).isEqualTo("TERMINAL");
        PodReports.all(cluster, "a1", Condition.KILLED, "web", Condition.KILLED, "side",
                Condition.KILLED);
        assertThat(client.get("/v2/pods/shop/pod::status").status()).isEqualTo(404);
    }

    @Test
    void anAppInThePlaceOfAPodThatIsEndingShowsNothingOfIt() throws Exception {
        created(POD);
        PodReports.running(cluster, "a1");
        String ending = instances().getFirst();
        client.delete("/v2/pods/shop/pod");
        Reply app = client.post("/v2/apps?force=true",
                "{\"id\":\"/shop/pod\",\"cmd\":\"run it\",\"instances\":1}");
        assertThat(app.status()).as(app.text()).isEqualTo(201);
        assertThat(ending()).isEqualTo(2);
        for (String path : List.of("/v2/apps/shop/pod?embed=app.taskStats", "/v2/tasks",
                "/v2/apps/shop/pod/tasks", "/v2/apps?embed=apps.tasks")) {
            Reply shown = client.get(path);
            assertThat(shown.status()).as(shown.text()).isEqualTo(200);
            assertThat(shown.text()).doesNotContain(ending);
        }
        assertThat(client.get("/v2/apps/shop/pod/versions").json().at("/versions")).hasSize(1);
        assertThat(client.get("/v2/pods/shop/pod::status").status()).isEqualTo(404);
    }

    // ------------------------------------------------------------ ending instances

    private List<String> instances() throws Exception {
        return ids(client.get("/v2/pods/shop/pod::status").json().at("/instances"));
    }

    private long ending() {
        return cluster.read(state -> {
            var instances = state.app(new AppId("/shop/pod")).orElseThrow().instances();
            long ending = 0;
            for (int i = 0; i < instances.size(); i++) {
                ending += instances.get(i).goal() == Goal.DECOMMISSIONED ? 1 : 0;
            }
            return ending;
        });
    }

    @Test
    void endsOneInstance() throws Exception {
        created(POD);
        PodReports.running(cluster, "a1");
        String id = instances().getFirst();
        Reply killed = client.delete("/v2/pods/shop/pod::instances/" + id + "?wipe=true");
        assertThat(killed.status()).as(killed.text()).isEqualTo(200);
        JsonNode instance = killed.json();
        assertThat(instance.at("/instanceId").asText()).isEqualTo(id);
        assertThat(instance.at("/state/condition").asText()).isEqualTo("Running");
        assertThat(instance.at("/state/goal").asText()).isEqualTo("Running");
        assertThat(instance.at("/state/activeSince").asText()).endsWith("Z");
        assertThat(instance.at("/agentInfo/host").asText()).isEqualTo("127.0.0.1");
        assertThat(instance.at("/agentInfo/attributes/0/text").asText()).isEqualTo("ssd");
        assertThat(instance.at("/unreachableStrategy/inactiveAfterSeconds").isNumber()).isTrue();
        assertThat(ending()).isEqualTo(1);

        Reply unknown = client
                .delete("/v2/pods/shop/pod::instances/" + id.replace("pod.inst", "rod.inst"));
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(message(unknown)).startsWith("Task 'shop_rod.instance-");
        Reply malformed = client.delete("/v2/pods/shop/pod::instances/5");
        assertThat(malformed.status()).isEqualTo(422);
        assertThat(malformed.json().at("/details/0/errors/0").asText())
                .contains("'^(.+)\\.(instance-|marathon-)([^\\.]+)$'");
    }

    @Test
    void endsSeveralInstancesAndPassesOverUnknownOnes() throws Exception {
        created(POD);
        PodReports.running(cluster, "a1");
        List<String> ids = instances();
        String path = "/v2/pods/shop/pod::instances";
        assertThat(client.delete(path).status()).isEqualTo(400);
        assertThat(client.send("DELETE", path, "{}").status()).isEqualTo(422);
        Reply wrong = client.send("DELETE", path, "[\"x.instance-1\",\"nonsense\"]");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.json().at("/details/0/path").asText()).isEqualTo("/(1)");
        assertThat(ending()).isZero();
        Reply killed = client.send("DELETE", path, "[\"" + String.join("\",\"", ids)
                + "\",\"x.instance-1\"]", "Content-Type", "application/json");
        assertThat(killed.status()).as(killed.text()).isEqualTo(200);
        assertThat(killed.json()).hasSize(2);
        assertThat(ending()).isEqualTo(2);
    }

    @Test
    void isEndedAsATaskByTheIdOfAnInstanceOrContainer() throws Exception {
        created(POD);
        PodReports.running(cluster, "a1");
        List<String> ids = instances();
        Reply killed = client.post("/v2/tasks/delete", "{\"ids\":[\"" + ids.getFirst() + "\",\""
                + ids.getLast() + ".side.1\"]}");
        assertThat(killed.status()).as(killed.text()).isEqualTo(200);
        assertThat(killed.json().at("/tasks").isArray()).isTrue();
        assertThat(ending()).isEqualTo(2);
    }

    @Test
    void readsTheLogsOfEachContainer() throws Exception {
        created(POD);
        String id = instances().getFirst();
        assertThat(client.get("/tide/v1/tasks/" + id + ".side.1/files/stdout").text())
                .isEqualTo("containers/side/stdout of a1");
        assertThat(client.get("/tide/v1/tasks/" + id + "/files/stderr").text())
                .isEqualTo("stderr of a1");
        assertThat(client.get("/tide/v1/tasks/usage").json().at("/tasks/0/id").asText())
                .endsWith(".web.1");
    }

    // ------------------------------------------------------------ events

    @Test
    void tellsOfRequestsAndOfItsFirstContainer() throws Exception {
        HttpResponse<InputStream> stream = client.stream("/v2/events?event_type=pod_created_event"
                + "&event_type=pod_updated_event&event_type=pod_deleted_event"
                + "&event_type=status_update_event&event_type=failed_health_check_event");
        created(POD.replace("\"instances\":2", "\"instances\":1"));
        PodReports.running(cluster, "a1");
        client.put("/v2/pods/shop/pod", POD);
        client.delete("/v2/pods/shop/pod");
        List<String> types = new ArrayList<>();
        ArrayNode bodies = Json.object().arrayNode();
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            while (!types.contains("pod_deleted_event")) {
                String line = reader.readLine();
                if (line.startsWith("event: ")) {
                    types.add(line.substring(7));
                } else if (line.startsWith("data: ")) {
                    bodies.add(new JsonMapper()
                            .readTree(line.substring(6)));
                }
            }
        }
        assertThat(types).contains("pod_created_event", "pod_updated_event");
        ObjectNode request = (ObjectNode) bodies.get(types.indexOf("pod_created_event"));
        assertThat(request.at("/uri").asText()).isEqualTo("/v2/pods");
        assertThat(request.at("/clientIp").asText()).isEqualTo("127.0.0.1");
        assertThat(request.at("/timestamp").asText()).endsWith("Z");
        JsonNode update = bodies.get(types.indexOf("status_update_event"));
        assertThat(update.at("/appId").asText()).isEqualTo("/shop/pod");
        assertThat(update.at("/taskId").asText()).endsWith(".web.1");
    }
}
