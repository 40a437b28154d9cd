package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.springtide.core.model.Resources;
import io.springtide.master.http.TestClient.Reply;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Quota of roles, and questions of what if. */
class RoleRoutesTest {

    private static final Resources MACHINE = new Resources(4_000, 4_096, 1_000, 2);

    private TestCluster cluster;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        cluster = new TestCluster();
        cluster.agent("a1", "site-a", "r1", MACHINE, Map.of());
        cluster.agent("a2", "site-b", "r1", MACHINE, Map.of());
        client = new TestClient(cluster.server.port());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    @Test
    void setsShowsAndTakesBackWhatARoleIsEntitledTo() throws Exception {
        Reply set = client.put("/tide/v1/roles/shop", json("{'weight':3,"
                + "'guarantee':{'cpus':1.5,'mem':100},'limit':{'cpus':2,'gpus':0},"
                + "'scorer':'binpack'}"));
        assertThat(set.status()).as(set.text()).isEqualTo(200);
        assertThat(set.text()).isEqualTo(json("{'name':'shop','configured':true,'weight':3,"
                + "'guarantee':{'cpus':1.5,'mem':100,'disk':0,'gpus':0},"
                + "'limit':{'cpus':2.0,'gpus':0},'scorer':'binpack',"
                + "'used':{'cpus':0.0,'mem':0,'disk':0,'gpus':0.0},'instances':0,"
                + "'dominantShare':0.0}"));
        assertThat(client.put("/tide/v1/roles/shop", set.text().replaceAll(
                "\"(name|configured|used|instances|dominantShare)\":(\\{[^}]*\\}|[^,}]*),?", "")
                .replace(",}", "}")).text()).isEqualTo(set.text());

        client.post("/v2/apps", json("{'id':'/shop/web','cmd':'serve it','cpus':1,'mem':10,"
                + "'role':'shop','instances':2,'portDefinitions':[]}"));
        JsonNode role = client.get("/tide/v1/roles").json().at("/roles/0");
        assertThat(role.at("/used/cpus").asDouble()).isEqualTo(2);
        assertThat(role.at("/instances").asInt()).isEqualTo(2);
        assertThat(role.at("/dominantShare").asDouble()).isEqualTo(0.25);
        assertThat(role.at("/dominantResource").asText()).isEqualTo("cpus");

        assertThat(client.delete("/tide/v1/roles/shop").status()).isEqualTo(204);
        assertThat(client.get("/tide/v1/roles/shop").json().at("/configured").asBoolean(true))
                .isFalse();
        assertThat(client.delete("/tide/v1/roles/shop").status()).isEqualTo(404);
        assertThat(client.get("/tide/v1/roles/nobody").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{'weigth':1}|/weigth|did you mean 'weight'?",
            "{'weight':0}|/weight|from 1 to 1000", "{'weight':1.5}|/weight|whole number",
            "{'guarantee':{'cpus':-1}}|/guarantee/cpus|from 0 to",
            "{'limit':{'mem':1e400}}|/limit/mem|from 0 to",
            "{'limit':{'mem':1.5}}|/limit/mem|whole number",
            "{'limit':{'ports':1}}|/limit/ports|is not known; cpus, mem, disk, gpus are",
            "{'guarantee':{'cpus':2},'limit':{'cpus':1}}|/limit/cpus|below the guarantee",
            "{'guarantee':{'gpus':2},'limit':{'gpus':1}}|/limit/gpus|below the guarantee",
            "{'scorer':'best'}|/scorer|there are binpack", "[]|/|error.expected.jsobject"})
    void refusesNonsense(String body, String path, String text) throws Exception {
        Reply reply = client.put("/tide/v1/roles/shop", json(body));
        assertThat(reply.status()).as(reply.text()).isEqualTo(422);
        assertThat(reply.json().at("/details/0/path").asText()).isEqualTo(path);
        assertThat(reply.json().at("/details/0/errors/0").asText()).contains(text);
        assertThat(client.get("/tide/v1/roles").json().at("/roles")).isEmpty();
    }

    @Test
    void refusesNamesThatNoRoleCanHave() throws Exception {
        assertThat(client.put("/tide/v1/roles/a%20b", "{}").json().at("/details/0/path").asText())
                .isEqualTo("/name");
        assertThat(client.put("/tide/v1/roles/-x", "{}").status()).isEqualTo(422);
        assertThat(client.put("/tide/v1/roles/*", "{}").status()).isEqualTo(200);
    }

    @Test
    void tellsWhatWouldNotFitWithoutASite() throws Exception {
        client.post("/v2/apps", json("{'id':'/shop/web','cmd':'serve it','cpus':1,'mem':10,"
                + "'instances':6,'portDefinitions':[]}"));
        Reply reply = client.post("/tide/v1/what-if", json("{'without':{'sites':['site-a']}}"));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.json().at("/displaced").asInt()).isEqualTo(3);
        assertThat(reply.json().at("/placed").asInt()).isEqualTo(1);
        assertThat(reply.json().at("/missing").asInt()).isEqualTo(2);
        assertThat(reply.json().at("/unfit/0/app").asText()).isEqualTo("/shop/web");
        assertThat(reply.json().at("/unfit/0/missing").asInt()).isEqualTo(2);
        assertThat(reply.json().at("/unfit/0/sentence").asText()).startsWith(
                "2 agents, 1 gone or silent, 1 without cpu, 0 left; closest: a2, short of");
        assertThat(reply.json().at("/sentence").asText()).isEqualTo("Without 1 agent, 3 instances"
                + " would have to move: 1 would find a place, 2 of 1 app would not.");
        assertThat(client.get("/v2/queue").json().at("/queue")).isEmpty();

        assertThat(client.post("/tide/v1/what-if",
                json("{'without':{'racks':['r1'],'agents':['a1']}}")).json().at("/agents").asInt())
                .isEqualTo(2);
        assertThat(client.post("/tide/v1/what-if", json("{'without':{'racks':['site-b/r1']}}"))
                .json().at("/agents").asInt()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{}|/without|'without' is undefined on object",
            "{'without':{}}|/without|must name agents, sites or racks",
            "{'without':{'site':['a']}}|/without/site|did you mean 'sites'?",
            "{'without':{'sites':'a'}}|/without/sites|error.expected.jsarray",
            "{'without':{'sites':[3]}}|/without/sites(0)|must be a name",
            "{'without':{'sites':['site-a','x']}}|/without/sites(1)|is no site of any agent",
            "{'without':{'agents':['x']}}|/without/agents(0)|is no agent",
            "{'without':{'racks':['']}}|/without/racks(0)|is no rack of any agent"})
    void refusesQuestionsThatMakeNoSense(String body, String path, String text)
            throws Exception {
        Reply reply = client.post("/tide/v1/what-if", json(body));
        assertThat(reply.status()).as(reply.text()).isEqualTo(422);
        assertThat(reply.json().at("/details/0/path").asText()).isEqualTo(path);
        assertThat(reply.json().at("/details/0/errors/0").asText()).contains(text);
    }
}
