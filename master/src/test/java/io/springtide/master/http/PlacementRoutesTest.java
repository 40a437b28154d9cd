package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Constraint;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.Preferences;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Rules;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.model.Shape;
import io.springtide.master.http.TestClient.Reply;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What clients say about placement, and what they are told about it. */
class PlacementRoutesTest {

    private static final Resources MACHINE = new Resources(4_000, 4_096, 1_000, 2);

    private TestCluster cluster;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        cluster = new TestCluster();
        cluster.agent("a1", "site-a", "a1", MACHINE, Map.of());
        cluster.agent("a2", "site-b", "b1", MACHINE, Map.of());
        client = new TestClient(cluster.server.port());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    /** An app of these fields, and of plain ones for what they leave out. */
    private Reply create(String fields) throws Exception {
        StringBuilder app = new StringBuilder("{'id':'/shop/web','cmd':'serve it',"
                + "'portDefinitions':[],");
        app.append(fields.contains("'cpus'") ? "" : "'cpus':1,");
        app.append(fields.contains("'mem'") ? "" : "'mem':10,");
        return client.post("/v2/apps", json(app.append(fields).append('}').toString()));
    }

    private Shape shape() {
        return cluster.read(state -> state.app(new AppId("/shop/web")).orElseThrow().current()
                .spec().shape());
    }

    @Test
    void whatMarathonSaysBecomesRules() throws Exception {
        Reply created = create("'instances':2,'role':'shop','acceptedResourceRoles':['shop'],"
                + "'constraints':[['hostname','unique'],['disk','LIKE','s.*'],['@zone','CLUSTER',''],"
                + "['rack','GROUP_BY','2'],['x','UNLIKE','y'],['z','MAX_PER','3'],['w','IS','v']]");
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        Rules rules = shape().rules();
        assertThat(rules.constraints()).extracting(Constraint::text).containsExactly(
                "hostname UNIQUE", "disk LIKE s.*", "@zone CLUSTER", "rack GROUP_BY 2",
                "x UNLIKE y", "z MAX_PER 3", "w IS v");
        assertThat(rules.role()).isEqualTo("shop");
        assertThat(rules.roleUse()).isEqualTo(Rules.RoleUse.RESERVED);
        assertThat(shape().policy()).isEqualTo(PlacementPolicy.SPREAD);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"['*']|UNRESERVED", "['shop']|RESERVED",
            "['*','shop']|ANY", "null|ANY"})
    void acceptedRolesSayWhichResources(String accepted, Rules.RoleUse use) throws Exception {
        create("'role':'shop','acceptedResourceRoles':" + accepted);
        assertThat(shape().rules().roleUse()).isEqualTo(use);
    }

    @Test
    void ourOwnWordsBecomeRules() throws Exception {
        create("'labels':{'SPRINGTIDE_PRIORITY':'low','SPRINGTIDE_CLASS':'burstable'},"
                + "'placement':{'scorer':'binpack','priority':'high','disruptionBudget':0.2,"
                + "'gpuShare':0.25,'spread':{'site':100,'rack':3},"
                + "'prefer':[{'attribute':'ssd','is':'true','weight':50}],"
                + "'near':[{'app':'/db','scope':'site','weight':10}],"
                + "'apart':[{'app':'/shop/web','weight':20,'required':true}]}");
        assertThat(shape().resources()).isEqualTo(new Resources(1_000, 10, 0, 0, 250));
        assertThat(shape().policy()).isEqualTo(PlacementPolicy.WEIGHTED);
        assertThat(shape().rules()).isEqualTo(new Rules(List.of(), "*", Rules.RoleUse.ANY, 100,
                ServiceClass.BURSTABLE, 200_000,
                new Preferences("binpack", 100, 3, 0,
                        List.of(new Preferences.Attribute("ssd", "true", 50)),
                        List.of(new Preferences.Neighbour(new AppId("/db"),
                                Preferences.Scope.SITE, 10, false),
                                new Preferences.Neighbour(new AppId("/shop/web"),
                                        Preferences.Scope.HOST, -20, true)))));
    }

    @Test
    void labelsSayTheSame() throws Exception {
        create("'labels':{'SPRINGTIDE_PRIORITY':'-7','SPRINGTIDE_CLASS':'best-effort',"
                + "'SPRINGTIDE_PLACEMENT':'gpu-fragmentation'}");
        assertThat(shape().rules().priority()).isEqualTo(-7);
        assertThat(shape().rules().serviceClass()).isEqualTo(ServiceClass.BEST_EFFORT);
        assertThat(shape().policy()).isEqualTo(PlacementPolicy.GPU_FRAGMENTATION);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "'labels':{'SPRINGTIDE_PRIORITY':'urgent'}|/labels/SPRINGTIDE_PRIORITY|whole number",
            "'labels':{'SPRINGTIDE_CLASS':'x'}|/labels/SPRINGTIDE_CLASS|'best-effort'",
            "'labels':{'SPRINGTIDE_PLACEMENT':'x'}|/labels/SPRINGTIDE_PLACEMENT|'binpack'",
            "'placement':{'scorer':'best'}|/placement/scorer|there are binpack",
            "'placement':{'clas':'x'}|/placement/clas|did you mean 'class'?",
            "'constraints':[['a','LIKE','(x)\\1']]|/constraints(0)|backreferences",
            "'constraints':[['a','LIKE','((x{99}){99}){99}']]|/constraints(0)|too large",
            "'constraints':[['a','UNIQUE'],['a','GROUP_BY','x']]|/constraints(1)|GROUP BY must",
            "'constraints':[['a','MAX_PER','x']]|/constraints(0)|MAX_PER requires an integer",
            "'constraints':[['a','UNIQUE','x']]|/constraints(0)|UNIQUE does not accept a value",
            "'constraints':[['a','NEAR','x']]|/constraints(0)|operator must be one of",
            "'cpus':1e300|/cpus|is not an amount", "'mem':-1|/mem|error.min",
            "'disk':1e400|/disk|error.expected.jsnumber"})
    void tellsWhatIsWrongAtItsPath(String fields, String path, String text) throws Exception {
        Reply reply = create(fields.replace("'(x)\\1'", "'(x)\\\\1'"));
        assertThat(reply.status()).as(reply.text()).isEqualTo(422);
        assertThat(reply.json().at("/details/0/path").asText()).isEqualTo(path);
        assertThat(reply.json().at("/details/0/errors/0").asText()).contains(text);
    }

    @Test
    void boundsTheConstraints() throws Exception {
        String rule = "['a','UNLIKE','x']";
        Reply fifty = create("'constraints':[" + (rule + ",").repeat(49) + rule + "]");
        assertThat(fifty.status()).isEqualTo(201);
        Reply more = client.put("/v2/apps/shop/web?force=true",
                json("{'constraints':[" + (rule + ",").repeat(50) + rule + "]}"));
        assertThat(more.status()).isEqualTo(422);
        assertThat(more.json().at("/details/0/path").asText()).isEqualTo("/constraints");
    }

    @Test
    void takesNoNumberThatIsNone() throws Exception {
        assertThat(create("'mem':NaN").status()).isEqualTo(400);
    }

    @Test
    void strictClientsNeitherSeeNorLoseOurWords() throws Exception {
        Reply created = create("'placement':{'priority':'high'}");
        assertThat(created.json().has("placement")).isFalse();
        assertThat(client.get("/v2/apps").text()).doesNotContain("placement");
        assertThat(client.get("/v2/queue").text()).doesNotContain("placement");
        JsonNode app = client.get("/v2/apps/shop/web?embed=app.placement").json().at("/app");
        assertThat(app.at("/placement/priority").asInt()).isEqualTo(100);
        assertThat(client.get("/v2/apps?embed=apps.placement").json()
                .at("/apps/0/placement/priority").asInt()).isEqualTo(100);
        String version = app.at("/version").asText();
        assertThat(client.get("/v2/apps/shop/web/versions/" + version).json().has("placement"))
                .isFalse();
        assertThat(client.get("/v2/apps/shop/web/versions/" + version + "?embed=placement").json()
                .at("/placement/priority").asInt()).isEqualTo(100);

        for (String partial : List.of("true", "false")) {
            Reply back = client.put("/v2/apps/shop/web?force=true&partialUpdate=" + partial,
                    json("{'cmd':'serve " + partial + "','cpus':1,'mem':10,"
                            + "'portDefinitions':[]}"));
            assertThat(back.status()).as(back.text()).isEqualTo(200);
            assertThat(shape().rules().priority()).isEqualTo(100);
        }
        client.put("/v2/apps/shop/web?force=true", json("{'placement':{}}"));
        assertThat(shape().rules().priority()).isZero();
    }

    @Test
    void aDryRunTellsWhereAndChangesNothing() throws Exception {
        String app = json("{'id':'/shop/web','cmd':'serve it','cpus':2,'mem':10,'instances':3,"
                + "'portDefinitions':[]}");
        Reply reply = client.post("/v2/apps?dryRun=true", app);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.json().at("/fits").asBoolean()).isTrue();
        assertThat(reply.json().at("/placeable").asInt()).isEqualTo(3);
        assertThat(reply.json().at("/agents")).hasSize(2);
        assertThat(reply.json().at("/agents/0/host").asText()).isEqualTo("a1.example");
        assertThat(reply.json().at("/sentence").asText())
                .isEqualTo("all 3 instances would fit, on 2 agents.");
        assertThat(client.get("/v2/apps").json().at("/apps")).isEmpty();

        Reply tooMany = client.post("/v2/apps?dryRun=True", app.replace("\"instances\":3",
                "\"instances\":5,\"constraints\":[[\"hostname\",\"UNIQUE\"]]"));
        assertThat(tooMany.json().at("/fits").asBoolean()).isFalse();
        assertThat(tooMany.json().at("/sentence").asText()).isEqualTo(
                "2 of 5 instances would fit; for one more: 2 agents, 2 by hostname UNIQUE, 0 left.");
        assertThat(tooMany.json().at("/rejections/0/constraint/1").asText()).isEqualTo("UNIQUE");

        client.post("/v2/apps", app);
        ObjectNode kept = (ObjectNode) client
                .get("/v2/apps/shop/web?embed=placement&embed=rollout").json().at("/app");
        kept.remove(List.of("version", "versionInfo", "tasks", "tasksStaged", "tasksRunning",
                "tasksHealthy", "tasksUnhealthy", "deployments"));
        assertThat(reply.json().at("/definition")).as("what would be kept is what is kept")
                .isEqualTo(kept);
        assertThat(client.post("/v2/apps?dryRun=true", app).status()).isEqualTo(409);
        Reply more = client.put("/v2/apps/shop/web?dryRun=true", "{\"instances\":5}");
        assertThat(more.json().at("/kept").asInt()).isEqualTo(3);
        assertThat(more.json().at("/sentence").asText()).isEqualTo("3 are there already; 1 of 2"
                + " instances would fit; for one more: 2 agents, 2 without cpu, 0 left; closest:"
                + " a1, short of 2 cpu.");
        assertThat(client.get("/v2/apps/shop/web").json().at("/app/instances").asInt())
                .isEqualTo(3);
        Reply many = client.put("/v2/apps?dryRun=true",
                json("[{'id':'/shop/web','instances':3},{'id':'/x','cmd':'run x','cpus':99}]"));
        assertThat(many.json().at("/fits").asBoolean(true)).isFalse();
        assertThat(many.json().at("/apps/0/fits").asBoolean()).isTrue();
        assertThat(client.put("/v2/apps/nosuch?dryRun=true", "{\"instances\":5}").status())
                .isEqualTo(422);
        assertThat(client.send("PATCH", "/v2/apps/nosuch?dryRun=true", "{\"instances\":5}")
                .status()).isEqualTo(404);
    }

    @Test
    void theQueueShowsWhatAgentsHaveLeft() throws Exception {
        create("'instances':3,'constraints':[['hostname','UNIQUE']]");
        JsonNode item = client.get("/v2/queue").json().at("/queue/0");
        assertThat(item.has("lastUnusedOffers")).isFalse();
        assertThat(item.at("/processedOffersSummary/rejectSummaryLastOffers/1/declined").asInt())
                .isEqualTo(2);
        JsonNode offers = client.get("/v2/queue?embed=lastUnusedOffers").json()
                .at("/queue/0/lastUnusedOffers");
        assertThat(offers).hasSize(2);
        JsonNode first = offers.path(0);
        assertThat(first.at("/reason/0").asText()).isEqualTo("UnfulfilledConstraint");
        assertThat(first.at("/timestamp").asText()).endsWith("Z");
        assertThat(first.at("/offer/agentId").asText()).isEqualTo("a1");
        assertThat(first.at("/offer/hostname").asText()).isEqualTo("a1.example");
        assertThat(first.at("/offer/resources/0/scalar").asDouble()).isEqualTo(3);
        assertThat(first.at("/offer/resources/4/ranges/0/begin").asInt()).isEqualTo(31_000);
        assertThat(first.at("/offer/attributes/0/text").asText()).isEqualTo("ssd");
    }

    @Test
    void showsReservationsAndAgentsThatHaveShrunk() throws Exception {
        create("'instances':4,'cpus':1.5");
        cluster.agent("a1", "site-a", "a1", new Resources(2_000, 4_096, 1_000, 0),
                Map.of("shop", new Resources(500, 100, 0, 0)));
        JsonNode agent = client.get("/tide/v1/agents").json().at("/agents/0");
        assertThat(agent.at("/overcommitted/cpus").asDouble()).isEqualTo(1);
        assertThat(agent.at("/overcommitted/mem").asLong()).isZero();
        assertThat(agent.at("/reservations/shop/cpus").asDouble()).isEqualTo(0.5);
        assertThat(client.get("/tide/v1/agents").json().at("/agents/1").has("overcommitted"))
                .isFalse();
    }
}
