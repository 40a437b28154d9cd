package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.springtide.api.marathon.AppReader;
import io.springtide.api.marathon.JsonInput;
import io.springtide.api.marathon.ServerSettings;
import io.springtide.core.command.Command;
import io.springtide.core.model.Condition;
import io.springtide.master.http.TestClient.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class GroupRoutesTest {

    /** The front depends on the store: both in groups of their own. */
    private static final String SHOP = """
            {"id":"/shop","groups":[
              {"id":"store","apps":[{"id":"db","cmd":"run db","cpus":0.1,"mem":16}]},
              {"id":"front","dependencies":["/shop/store"],
               "apps":[{"id":"web","cmd":"run web","instances":2,"cpus":0.1,"mem":16}]}]}""";

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

    private void shop() throws Exception {
        Reply created = client.post("/v2/groups", SHOP);
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        settle();
    }

    /** Lets everything that has been asked for come to its end. */
    private void settle() throws Exception {
        for (int i = 0; i < 10 && !client.get("/v2/deployments").json().isEmpty(); i++) {
            cluster.report("a1", Condition.RUNNING);
            cluster.endKilled("a1");
        }
        assertThat(client.get("/v2/deployments").json()).isEmpty();
    }

    private List<String> apps() throws Exception {
        List<String> ids = new ArrayList<>();
        client.get("/v2/apps").json().at("/apps").forEach(app -> ids.add(app.at("/id").asText()));
        return ids;
    }

    private static String error(Reply reply) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(422);
        return reply.json().at("/details/0/path").asText() + " "
                + reply.json().at("/details/0/errors/0").asText();
    }

    @Test
    void createsAGroupInOneDeploymentStepByStep() throws Exception {
        Reply created = client.post("/v2/groups", SHOP);
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        assertThat(created.header("Location")).isEqualTo("/shop");
        assertThat(created.json().at("/deploymentId").asText()).hasSize(36)
                .isEqualTo(created.header("Marathon-Deployment-Id"));

        JsonNode running = client.get("/v2/deployments").json().at("/0");
        assertThat(running.at("/steps")).hasToString("[{\"actions\":["
                + "{\"action\":\"StartApplication\",\"app\":\"/shop/store/db\"},"
                + "{\"action\":\"StartApplication\",\"app\":\"/shop/front/web\"}]},"
                + "{\"actions\":[{\"action\":\"ScaleApplication\",\"app\":\"/shop/store/db\"}]},"
                + "{\"actions\":[{\"action\":\"ScaleApplication\",\"app\":\"/shop/front/web\"}]}]");
        assertThat(running.at("/affectedApps")).hasSize(2);
        assertThat(running.at("/currentStep").asInt()).isEqualTo(2);
        assertThat(running.at("/totalSteps").asInt()).isEqualTo(3);
        assertThat(running.at("/currentActions/0/app").asText()).isEqualTo("/shop/store/db");
        assertThat(client.get("/v2/apps/shop/front/web/tasks").json().at("/tasks")).isEmpty();

        cluster.report("a1", Condition.RUNNING);
        running = client.get("/v2/deployments").json().at("/0");
        assertThat(running.at("/currentStep").asInt()).isEqualTo(3);
        assertThat(running.at("/currentActions/0/app").asText()).isEqualTo("/shop/front/web");
        assertThat(client.get("/v2/apps/shop/front/web/tasks").json().at("/tasks")).hasSize(2);
        cluster.report("a1", Condition.RUNNING);
        assertThat(client.get("/v2/deployments").json()).isEmpty();
    }

    @Test
    void showsTheTree() throws Exception {
        shop();
        client.post("/v2/apps", "{\"id\":\"/alone\",\"cmd\":\"run\"}");
        JsonNode root = client.get("/v2/groups").json();
        assertThat(root.at("/id").asText()).isEqualTo("/");
        assertThat(root.at("/apps/0/id").asText()).isEqualTo("/alone");
        assertThat(root.at("/pods")).isEmpty();
        JsonNode shop = root.at("/groups/0");
        assertThat(shop.at("/id").asText()).isEqualTo("/shop");
        assertThat(shop.at("/version").asText()).isEqualTo(
                client.get("/v2/apps/shop/front/web").json().at("/app/version").asText());
        assertThat(shop.has("enforceRole")).isFalse();
        JsonNode front = shop.at("/groups/0");
        assertThat(front.at("/dependencies/0").asText()).isEqualTo("/shop/store");
        JsonNode web = front.at("/apps/0");
        assertThat(web.at("/id").asText()).isEqualTo("/shop/front/web");
        assertThat(web.has("tasks")).isFalse();
        assertThat(web.has("tasksRunning")).isFalse();

        for (String path : List.of("/v2/groups//shop/front/", "/v2/groups/shop%2Ffront",
                "/v2/groups/shop/front?embed=group.apps&embed=group.apps.tasks")) {
            assertThat(client.get(path).json().at("/id").asText()).as(path)
                    .isEqualTo("/shop/front");
        }
        assertThat(client.get("/v2/groups/shop/front?embed=group.apps&embed=group.apps.tasks"
                + "&embed=group.apps.counts").json().at("/apps/0/tasks")).hasSize(2);
        JsonNode bare = client.get("/v2/groups?embed=group.apps").json();
        assertThat(bare.at("/apps")).hasSize(1);
        assertThat(bare.at("/groups")).isEmpty();
        JsonNode apps = client.get("/v2/groups/shop/apps").json();
        assertThat(apps).hasSize(2);
        assertThat(apps.at("/0/id").asText()).isEqualTo("/shop/front/web");
        assertThat(client.get("/v2/groups/apps").json()).hasSize(3);
    }

    @Test
    void doesNotKnowWhatIsNotThere() throws Exception {
        for (String path : List.of("/v2/groups/none", "/v2/groups/none/versions",
                "/v2/groups/none/versions/2014-03-01T23:29:30.158Z")) {
            Reply reply = client.get(path);
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.json().at("/message").asText())
                    .startsWith("Group '/none' does not exist");
        }
        assertThat(client.get("/v2/groups/NOT").status()).isEqualTo(404);
        assertThat(client.delete("/v2/groups/none").status()).isEqualTo(404);
        assertThat(client.put("/v2/groups/none", "{\"scaleBy\":2}").status()).isEqualTo(404);
        assertThat(client.patch("/v2/groups/none", "{\"enforceRole\":true}").status())
                .isEqualTo(404);
        assertThat(client.get("/v2/groups").status()).isEqualTo(200);
        assertThat(client.get("/v2/groups").json().at("/version").asText())
                .isEqualTo("1970-01-01T00:00:00.000Z");
        Reply patched = client.patch("/v2/groups", "{\"enforceRole\":true}");
        assertThat(patched.status()).isEqualTo(405);
        assertThat(error(client.put("/v2/groups/NOT", "{}"))).isEqualTo("/id error.pattern");
    }

    @Test
    void refusesToCreateWhatIsThere() throws Exception {
        shop();
        Reply again = client.post("/v2/groups", SHOP);
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.json().at("/message").asText()).isEqualTo(
                "Group /shop is already created. Use PUT to change this group.");
        Reply root = client.post("/v2/groups", "{\"apps\":[]}");
        assertThat(root.json().at("/message").asText())
                .isEqualTo("Group / is already created. Use PUT to change this group.");
        Reply app = client.post("/v2/groups/shop/store", "{\"id\":\"db\"}");
        assertThat(app.status()).isEqualTo(409);
        assertThat(app.json().at("/message").asText())
                .isEqualTo("An app with the path /shop/store/db already exists.");
        assertThat(client.post("/v2/groups/shop", "{\"id\":\"empty\"}").header("Location"))
                .isEqualTo("/shop/empty");
        assertThat(client.get("/v2/groups/shop/empty").status()).isEqualTo(200);
    }

    @Test
    void keepsWhatIsNotGivenAndTakesAwayWhatAListDoesNotName() throws Exception {
        shop();
        Reply more = client.put("/v2/groups/shop",
                "{\"apps\":[{\"id\":\"cart\",\"cmd\":\"run cart\"}],\"groups\":null}");
        assertThat(more.status()).as(more.text()).isEqualTo(200);
        assertThat(apps()).containsExactly("/shop/cart", "/shop/front/web", "/shop/store/db");
        settle();
        client.put("/v2/groups/shop", "{\"groups\":[{\"id\":\"store\"}]}");
        assertThat(client.get("/v2/deployments").json().at("/0/steps/0/actions")).hasToString(
                "[{\"action\":\"StopApplication\",\"app\":\"/shop/front/web\"}]");
        settle();
        assertThat(apps()).containsExactly("/shop/cart", "/shop/store/db");
        assertThat(client.get("/v2/groups/shop/front").status()).isEqualTo(404);
        client.put("/v2/groups/shop", "{\"apps\":[]}");
        settle();
        assertThat(apps()).containsExactly("/shop/store/db");
    }

    @Test
    void changesNothingForWhatIsThereAlready() throws Exception {
        shop();
        String version = client.get("/v2/apps/shop/front/web").json().at("/app/version").asText();
        Reply again = client.put("/v2/groups/shop", SHOP);
        assertThat(again.status()).as(again.text()).isEqualTo(200);
        assertThat(again.json().at("/deploymentId").asText()).hasSize(36);
        assertThat(client.get("/v2/deployments").json()).isEmpty();
        assertThat(client.get("/v2/apps/shop/front/web").json().at("/app/version").asText())
                .isEqualTo(version);
        Reply dry = client.put("/v2/groups/shop?dryRun=true", SHOP);
        assertThat(dry.text()).isEqualTo("{\"steps\":[]}");
    }

    @Test
    void plansWithoutDoing() throws Exception {
        shop();
        Reply plan = client.put("/v2/groups/shop?dryRun=True", """
                {"groups":[
                  {"id":"store","apps":[{"id":"db","cmd":"run db 2","cpus":0.1,"mem":16}]},
                  {"id":"new","dependencies":["../store"],"apps":[{"id":"x","cmd":"run x"}]}]}""");
        assertThat(plan.status()).as(plan.text()).isEqualTo(200);
        assertThat(plan.text()).isEqualTo("{\"steps\":["
                + "{\"actions\":[{\"action\":\"StopApplication\",\"app\":\"/shop/front/web\"}]},"
                + "{\"actions\":[{\"action\":\"StartApplication\",\"app\":\"/shop/new/x\"}]},"
                + "{\"actions\":[{\"action\":\"RestartApplication\",\"app\":\"/shop/store/db\"}]},"
                + "{\"actions\":[{\"action\":\"ScaleApplication\",\"app\":\"/shop/new/x\"}]}]}");
        assertThat(apps()).containsExactly("/shop/front/web", "/shop/store/db");
        assertThat(client.get("/v2/deployments").json()).isEmpty();
        assertThat(client.put("/v2/groups/shop?dryRun=true", "{\"scaleBy\":0}").text())
                .contains("ScaleApplication");
    }

    /** Goal: a rehearsal of what does not exist yet neither makes it nor hides why it would be refused. */
    @Test
    void plansAGroupThatIsNewWithoutMakingIt() throws Exception {
        Reply plan = client.post("/v2/groups?dryRun=true", """
                {"id":"/new","apps":[{"id":"x","cmd":"run x","cpus":0.1,"mem":16}]}""");
        assertThat(plan.status()).as(plan.text()).isEqualTo(200);
        assertThat(plan.text()).isEqualTo("{\"steps\":["
                + "{\"actions\":[{\"action\":\"StartApplication\",\"app\":\"/new/x\"}]},"
                + "{\"actions\":[{\"action\":\"ScaleApplication\",\"app\":\"/new/x\"}]}]}");
        assertThat(plan.header("Location")).isEmpty();
        assertThat(client.get("/v2/groups/new").status()).isEqualTo(404);
        assertThat(client.get("/v2/deployments").json()).isEmpty();
        shop();
        assertThat(client.post("/v2/groups?dryRun=true", "{\"id\":\"/shop\"}").status())
                .isEqualTo(409);
        assertThat(client.post("/v2/groups/shop?dryRun=true", "{\"id\":\"below\"}").text())
                .isEqualTo("{\"steps\":[]}");
        assertThat(client.get("/v2/groups/shop/below").status()).isEqualTo(404);
    }

    @Test
    void scalesAllApps() throws Exception {
        shop();
        assertThat(client.put("/v2/groups/shop", "{\"scaleBy\":1.5}").status()).isEqualTo(200);
        assertThat(instances("/shop/store/db")).isEqualTo(2);
        assertThat(instances("/shop/front/web")).isEqualTo(3);
        // Fewer are always granted, whatever is under way.
        assertThat(client.put("/v2/groups", "{\"scaleBy\":0}").status()).isEqualTo(200);
        assertThat(instances("/shop/front/web")).isZero();
        assertThat(error(client.put("/v2/groups/shop", "{\"scaleBy\":2,\"apps\":[]}")))
                .isEqualTo("/scaleBy not allowed in conjunction with other properties.");
    }

    private int instances(String app) throws Exception {
        return client.get("/v2/apps" + app).json().at("/app/instances").asInt(-1);
    }

    @Test
    void goesBackToAVersion() throws Exception {
        shop();
        String version = client.get("/v2/groups/shop").json().at("/version").asText();
        client.put("/v2/groups/shop", """
                {"groups":[{"id":"front","apps":[
                  {"id":"web","cmd":"run web 2","instances":1},{"id":"new","cmd":"run"}]}]}""");
        settle();
        assertThat(apps()).containsExactly("/shop/front/new", "/shop/front/web");
        JsonNode versions = client.get("/v2/groups/shop/versions").json();
        assertThat(versions).hasSizeGreaterThan(2);
        List<String> known = new ArrayList<>();
        versions.forEach(one -> known.add(one.asText()));
        assertThat(known).contains(version).isSortedAccordingTo((a, b) -> b.compareTo(a));
        JsonNode before = client.get("/v2/groups/shop/versions/" + version).json();
        assertThat(before.at("/version").asText()).isEqualTo(version);
        assertThat(before.at("/groups/1/apps/0/id").asText()).isEqualTo("/shop/store/db");
        assertThat(before.at("/groups/0/apps/0/cmd").asText()).isEqualTo("run web");

        Reply back = client.put("/v2/groups/shop", "{\"version\":\"" + version + "\"}");
        assertThat(back.status()).as(back.text()).isEqualTo(200);
        settle();
        assertThat(apps()).containsExactly("/shop/front/web", "/shop/store/db");
        assertThat(client.get("/v2/apps/shop/front/web").json().at("/app/cmd").asText())
                .isEqualTo("run web");
        assertThat(instances("/shop/front/web")).isEqualTo(2);
        assertThat(client.get("/v2/groups/shop/front").json().at("/dependencies/0").asText())
                .isEqualTo("/shop/store");

        Reply never = client.put("/v2/groups/shop", "{\"version\":\"2014-03-01T23:29:30.158Z\"}");
        assertThat(never.status()).isEqualTo(404);
        assertThat(never.json().at("/message").asText()).isEqualTo(
                "Group '/shop' does not exist in version 2014-03-01T23:29:30.158Z");
        assertThat(client.put("/v2/groups/shop", "{\"version\":\"old\"}").status())
                .isEqualTo(422);
    }

    @Test
    void bringsBackAGroupThatIsGoneWithWhatItDependedOn() throws Exception {
        shop();
        String version = client.get("/v2/groups/shop").json().at("/version").asText();
        assertThat(client.delete("/v2/groups/shop/front").status()).isEqualTo(200);
        settle();
        assertThat(client.get("/v2/groups/shop/front").status()).isEqualTo(404);
        assertThat(client.get("/v2/groups/shop").json().at("/version").asText())
                .isGreaterThan(version);
        assertThat(client.get("/v2/groups/shop/versions/" + version).json()
                .at("/groups/0/dependencies/0").asText()).isEqualTo("/shop/store");

        Reply back = client.put("/v2/groups/shop", "{\"version\":\"" + version + "\"}");
        assertThat(back.status()).as(back.text()).isEqualTo(200);
        settle();
        JsonNode front = client.get("/v2/groups/shop/front").json();
        assertThat(front.at("/dependencies/0").asText()).isEqualTo("/shop/store");
        assertThat(front.at("/apps/0/id").asText()).isEqualTo("/shop/front/web");
    }

    @Test
    void anAppThatComesBackDoesNotTakeAPortThatAnotherHasByNow() throws Exception {
        client.put("/v2/groups/shop", "{\"apps\":[{\"id\":\"a\",\"cmd\":\"run\",\"instances\":0},"
                + "{\"id\":\"b\",\"cmd\":\"run\",\"instances\":0}]}");
        String version = client.get("/v2/groups/shop").json().at("/version").asText();
        int ofA = port("/shop/a");
        int ofB = port("/shop/b");
        client.put("/v2/groups/shop", "{\"apps\":[]}");
        settle();
        client.post("/v2/apps", "{\"id\":\"/other\",\"cmd\":\"run\",\"instances\":0}");
        assertThat(port("/other")).isEqualTo(ofA);
        assertThat(client.put("/v2/groups/shop", "{\"version\":\"" + version + "\"}").status())
                .isEqualTo(200);
        assertThat(port("/shop/a")).isNotIn(ofA, ofB);
        assertThat(port("/shop/b")).isEqualTo(ofB);
    }

    private int port(String app) throws Exception {
        return client.get("/v2/apps" + app).json().at("/app/portDefinitions/0/port").asInt(-1);
    }

    @Test
    void saysWhichVersionsAreNotKept() throws Exception {
        client.put("/v2/groups/shop", "{\"dependencies\":[\"/db\"]}");
        String empty = client.get("/v2/groups/shop").json().at("/version").asText();
        client.put("/v2/apps/shop/web", "{\"cmd\":\"run\",\"instances\":0}");
        String first = client.get("/v2/apps/shop/web").json().at("/app/version").asText();
        for (int i = 0; i < 60; i++) {
            client.put("/v2/apps/shop/web", "{\"cmd\":\"run " + i + "\"}");
        }
        List<String> kept = new ArrayList<>();
        client.get("/v2/groups/shop/versions").json().forEach(one -> kept.add(one.asText()));
        assertThat(kept).contains(empty).doesNotContain(first).hasSize(51);
        for (String version : kept) {
            assertThat(client.get("/v2/groups/shop/versions/" + version).status()).as(version)
                    .isEqualTo(200);
        }
        Reply gone = client.put("/v2/groups/shop", "{\"version\":\"" + first + "\"}");
        assertThat(gone.status()).isEqualTo(404);
        assertThat(gone.json().at("/message").asText()).isEqualTo(
                "Group '/shop' does not exist in version " + first + " any more: of app"
                        + " '/shop/web' nothing is kept from before " + kept.get(49)
                        + ". Versions that are kept are listed at /v2/groups/shop/versions");
        Reply back = client.put("/v2/groups/shop", "{\"version\":\"" + kept.get(49) + "\"}");
        assertThat(back.status()).as(back.text()).isEqualTo(200);
        assertThat(client.get("/v2/apps/shop/web").json().at("/app/cmd").asText())
                .isEqualTo("run 10");
        // From before there was the app, as much is known as of any time.
        assertThat(client.put("/v2/groups/shop", "{\"version\":\"" + empty + "\"}").status())
                .isEqualTo(200);
        settle();
        assertThat(apps()).isEmpty();
    }

    @Test
    void namesTheKindThatHasTheSameName() throws Exception {
        client.post("/v2/pods", "{\"id\":\"/pod\",\"containers\":[{\"name\":\"c\",\"exec\":"
                + "{\"command\":{\"shell\":\"run\"}},\"resources\":{\"cpus\":0.1,\"mem\":32}}]}");
        client.post("/v2/apps", "{\"id\":\"/app\",\"cmd\":\"run\",\"instances\":0}");
        String pods = "/ Groups and Pods may not have the same identifier.";
        String apps = "/ Groups and Applications may not have the same identifier.";
        assertThat(error(client.put("/v2/groups/pod", "{}"))).isEqualTo(pods);
        assertThat(error(client.post("/v2/groups", "{\"id\":\"/pod\"}"))).isEqualTo(pods);
        assertThat(error(client.put("/v2/groups/pod/below", "{}"))).isEqualTo(pods);
        assertThat(error(client.put("/v2/apps/pod/below", "{\"cmd\":\"run\"}"))).isEqualTo(pods);
        assertThat(error(client.put("/v2/groups/app", "{}"))).isEqualTo(apps);
        assertThat(error(client.put("/v2/apps/app/below", "{\"cmd\":\"run\"}"))).isEqualTo(apps);
        client.put("/v2/groups/group", "{}");
        for (String query : List.of("", "?dryRun=true")) {
            assertThat(error(client.put("/v2/apps/group" + query, "{\"cmd\":\"run\"}")))
                    .isEqualTo(apps);
            assertThat(error(client.post("/v2/apps" + query,
                    "{\"id\":\"/group\",\"cmd\":\"run\"}"))).isEqualTo(apps);
            assertThat(error(client.put("/v2/pods/group" + query,
                    "{\"id\":\"/group\",\"containers\":[{\"name\":\"c\",\"exec\":{\"command\":"
                            + "{\"shell\":\"run\"}},\"resources\":{\"cpus\":0.1,\"mem\":32}}]}")))
                    .isEqualTo(pods);
            assertThat(error(client.post("/v2/apps" + query,
                    "{\"id\":\"/pod\",\"cmd\":\"run\"}"))).isEqualTo(
                            "/ Applications and Pods may not share the same id");
        }
    }

    @Test
    void replacementsGetTheRoleOfTheirGroupHoweverTheyCome() throws Exception {
        client.put("/v2/groups/shop", "{\"enforceRole\":true}");
        String body = "{\"id\":\"/shop/%s\",\"cmd\":\"run\",\"instances\":0}";
        assertThat(client.put("/v2/apps/shop/one?partialUpdate=false",
                body.formatted("one")).status()).isEqualTo(201);
        Reply many = client.put("/v2/apps?partialUpdate=false", "[" + body.formatted("two") + ","
                + body.formatted("three") + ",{\"id\":\"/alone\",\"cmd\":\"run\","
                + "\"instances\":0}]");
        assertThat(many.status()).as(many.text()).isEqualTo(200);
        for (String app : List.of("one", "two", "three")) {
            assertThat(client.get("/v2/apps/shop/" + app).json().at("/app/role").asText()).as(app)
                    .isEqualTo("shop");
        }
        assertThat(client.get("/v2/apps/alone").json().at("/app/role").asText()).isEqualTo("*");
        client.put("/v2/apps?partialUpdate=false&force=true", "[" + body.formatted("two") + "]");
        assertThat(client.get("/v2/apps/shop/two").json().at("/app/role").asText())
                .isEqualTo("shop");
    }

    @Test
    void givesAppsTheRoleOfTheirGroup() throws Exception {
        shop();
        assertThat(client.patch("/v2/groups/shop", "{\"enforceRole\":true}").status())
                .isEqualTo(200);
        assertThat(client.get("/v2/groups/shop").json().at("/enforceRole").asBoolean()).isTrue();
        assertThat(client.get("/v2/apps/shop/front/web").json().at("/app/role").asText())
                .isEqualTo("*");
        client.post("/v2/apps", "{\"id\":\"/shop/one\",\"cmd\":\"run\"}");
        client.put("/v2/apps/shop/two", "{\"cmd\":\"run\"}");
        client.put("/v2/groups/shop/three", "{\"apps\":[{\"id\":\"x\",\"cmd\":\"run\"}]}");
        for (String app : List.of("one", "two", "three/x")) {
            assertThat(client.get("/v2/apps/shop/" + app).json().at("/app/role").asText()).as(app)
                    .isEqualTo("shop");
        }
        assertThat(error(client.patch("/v2/groups/shop/front", "{\"enforceRole\":true}")))
                .isEqualTo("/enforceRole enforceRole can only be set for top-level groups, and"
                        + " /shop/front is not top-level");
        assertThat(error(client.put("/v2/groups/shop",
                "{\"enforceRole\":false,\"apps\":[{\"id\":\"y\",\"cmd\":\"run\"}]}")))
                .isEqualTo("/enforceRole enforceRole cannot be modified in a request that adds,"
                        + " removes or modifies services; please make these changes in separate"
                        + " requests.");
        assertThat(client.get("/v2/apps/shop/y").status()).isEqualTo(404);
    }

    @Test
    void removesGroupsWhateverIsUnderWay() throws Exception {
        assertThat(client.delete("/v2/groups").json().at("/deploymentId").asText()).hasSize(36);
        client.post("/v2/groups", SHOP);
        Reply front = client.delete("/v2/groups/shop/front");
        assertThat(front.status()).as(front.text()).isEqualTo(200);
        assertThat(apps()).containsExactly("/shop/store/db");
        assertThat(client.get("/v2/groups/shop/front").status()).isEqualTo(404);
        client.post("/v2/groups", "{\"id\":\"/empty\"}");
        assertThat(client.delete("/v2/groups/empty").status()).isEqualTo(200);
        assertThat(client.get("/v2/groups/empty").status()).isEqualTo(404);
        assertThat(client.delete("/v2/groups").status()).isEqualTo(200);
        settle();
        JsonNode root = client.get("/v2/groups").json();
        assertThat(root.at("/apps")).isEmpty();
        assertThat(root.at("/groups")).isEmpty();
    }

    @Test
    void changesNothingIfOneAppIsLocked() throws Exception {
        shop();
        client.put("/v2/apps/shop/store/db", "{\"instances\":2}");
        String change = """
                {"groups":[
                  {"id":"store","apps":[{"id":"db","cmd":"other","cpus":0.1,"mem":16}]},
                  {"id":"front","apps":[{"id":"web","cmd":"other","instances":2}]}]}""";
        Reply locked = client.put("/v2/groups/shop", change);
        assertThat(locked.status()).isEqualTo(409);
        assertThat(locked.json().at("/message").asText()).startsWith("App is locked by one");
        assertThat(locked.json().at("/deployments/0/id").asText()).hasSize(36);
        assertThat(client.get("/v2/apps/shop/front/web").json().at("/app/cmd").asText())
                .isEqualTo("run web");
        // An app that stays as it is, is in nobody's way.
        Reply other = client.put("/v2/groups/shop/front",
                "{\"apps\":[{\"id\":\"web\",\"cmd\":\"other\",\"instances\":2}]}");
        assertThat(other.status()).as(other.text()).isEqualTo(200);
        assertThat(client.put("/v2/groups/shop?force=True", change).status()).isEqualTo(200);
        assertThat(client.get("/v2/apps/shop/store/db").json().at("/app/cmd").asText())
                .isEqualTo("other");
    }

    @Test
    void startsAnewWhenSomebodyWasFaster() throws Exception {
        shop();
        cluster.interfere(() -> {
            try {
                client.put("/v2/apps/shop/store/db", "{\"labels\":{\"by\":\"other\"}}");
                cluster.report("a1", Condition.RUNNING);
                cluster.endKilled("a1");
                cluster.report("a1", Condition.RUNNING);
            } catch (Exception broken) {
                throw new AssertionError(broken);
            }
        });
        Reply scaled = client.put("/v2/groups/shop?force=true", "{\"scaleBy\":3}");
        assertThat(scaled.status()).as(scaled.text()).isEqualTo(200);
        JsonNode app = client.get("/v2/apps/shop/store/db").json().at("/app");
        assertThat(app.at("/instances").asInt()).isEqualTo(3);
        assertThat(app.at("/labels/by").asText()).isEqualTo("other");
    }

    @Test
    void refusesWhatCannotBe() throws Exception {
        shop();
        assertThat(error(client.put("/v2/groups/shop/front", "{\"dependencies\":[\"/shop\"]}")))
                .isEqualTo("/ Dependency graph has cyclic dependencies.");
        // A circle through an app that the request does not name.
        assertThat(error(client.put("/v2/groups/shop/store",
                "{\"dependencies\":[\"/shop/front\"]}")))
                .isEqualTo("/ Dependency graph has cyclic dependencies.");
        assertThat(error(client.put("/v2/groups/shop/store/db", "{}")))
                .isEqualTo("/ Groups and Applications may not have the same identifier.");
        assertThat(error(client.put("/v2/groups",
                "{\"apps\":[{\"id\":\"/shop\",\"cmd\":\"run\"}]}"))).endsWith(
                        "Groups and Applications may not have the same identifier.");
        assertThat(error(client.put("/v2/groups/shop",
                "{\"groups\":[{\"id\":\"front\",\"apps\":[{\"id\":\"web\",\"instances\":\"2\"}]}]}")))
                .startsWith("/groups(0)/apps(0)/instances error.expected");
        assertThat(error(client.post("/v2/groups", "{\"id\":\"/x\",\"apps\":[{\"id\":\"/y/z\","
                + "\"cmd\":\"run\"}]}"))).isEqualTo(
                        "/apps(0)/id Identifier is not child of '/x'");
        assertThat(client.put("/v2/groups/shop", "{").status()).isEqualTo(400);
        assertThat(error(client.put("/v2/groups/a" + "/a".repeat(200), "{}")))
                .isEqualTo("/id has more than 100 names, one within the other");
        assertThat(apps()).containsExactly("/shop/front/web", "/shop/store/db");
    }

    @Test
    void sendsALargeTreePieceByPiece() throws Exception {
        AppReader reader = new AppReader(ServerSettings.DEFAULTS);
        List<Command.AppChange> many = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            String json = "{\"id\":\"/g" + i % 10 + "/a" + i
                    + "\",\"cmd\":\"run\",\"instances\":0,\"portDefinitions\":[]}";
            many.add(new Command.AppChange(AppSpecs.spec(reader.read(
                    JsonInput.parse(json.getBytes(StandardCharsets.UTF_8)))),
                    Command.AppChange.ABSENT));
        }
        cluster.command(new Command.SubmitApps(many, false));
        Reply all = client.get("/v2/groups");
        assertThat(all.header("Transfer-Encoding")).isEqualTo("chunked");
        assertThat(all.json().at("/groups")).hasSize(10)
                .allSatisfy(group -> assertThat(group.at("/apps")).hasSize(200));
        assertThat(client.get("/v2/groups/apps").json()).hasSize(2_000);
        assertThat(client.put("/v2/groups", "{\"scaleBy\":1}").status()).isEqualTo(200);
        assertThat(client.delete("/v2/groups").status()).isEqualTo(200);
        assertThat(apps()).isEmpty();
    }
}
