package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.springtide.core.command.Command;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.Condition;
import io.springtide.master.http.TestClient.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Cordons, drains, agents that are forgotten, and storms of silence. */
class AgentControlTest {

    private TestCluster cluster;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        cluster = new TestCluster();
        cluster.agent("a1", 4);
        cluster.agent("a2", 4);
        client = new TestClient(cluster.server.port());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private JsonNode agent(String id) throws Exception {
        return client.get("/tide/v1/agents/" + id).json();
    }

    @Test
    void cordonsAndOpens() throws Exception {
        assertThat(agent("a1").at("/mode").asText()).isEqualTo("open");
        Reply reply = client.post("/tide/v1/agents/a1/cordon", "{}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.json().at("/mode").asText()).isEqualTo("cordoned");
        client.post("/v2/apps", json("{'id':'/web','cmd':'serve','cpus':1,'mem':10,'instances':3,"
                + "'portDefinitions':[]}"));
        assertThat(agent("a1").at("/tasks").asInt()).isZero();
        assertThat(agent("a2").at("/tasks").asInt()).isEqualTo(3);
        assertThat(client.get("/tide/v1/agents").json().at("/agents/0/mode").asText())
                .isEqualTo("cordoned");
        assertThat(client.post("/tide/v1/agents/a1/uncordon", "{}").json().at("/mode").asText())
                .isEqualTo("open");
    }

    @Test
    void drainsAndShowsHowFarItIs() throws Exception {
        client.post("/v2/apps", json("{'id':'/web','cmd':'serve','cpus':1,'mem':10,'instances':2,"
                + "'portDefinitions':[]}"));
        cluster.report("a1", Condition.RUNNING);
        cluster.report("a2", Condition.RUNNING);
        int before = agent("a1").at("/tasks").asInt();
        assertThat(before).isPositive();
        Reply reply = client.post("/tide/v1/agents/a1/drain", "{\"deadlineSeconds\":600}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        JsonNode drain = reply.json().at("/drain");
        assertThat(drain.at("/done").asBoolean()).isFalse();
        assertThat(drain.at("/left").asInt()).isEqualTo(before);
        assertThat(drain.at("/deadline").asText()).isNotEmpty();
        assertThat(drain.at("/apps/0/id").asText()).isEqualTo("/web");
        assertThat(drain.at("/apps/0/why").asText()).contains("when another one is healthy");
        cluster.report("a2", Condition.RUNNING);
        cluster.endKilled("a1");
        assertThat(agent("a1").at("/drain/done").asBoolean()).isTrue();
        assertThat(agent("a2").at("/tasks").asInt()).isEqualTo(2);
    }

    @Test
    void refusesADrainForWhichThereIsNoRoomUnlessForced() throws Exception {
        client.post("/v2/apps", json("{'id':'/big','cmd':'serve','cpus':3,'mem':10,'instances':2,"
                + "'portDefinitions':[]}"));
        cluster.report("a1", Condition.RUNNING);
        cluster.report("a2", Condition.RUNNING);
        Reply refused = client.post("/tide/v1/agents/a1/drain", "{}");
        assertThat(refused.status()).as(refused.text()).isEqualTo(409);
        assertThat(refused.text()).contains("agent a1 needs 3000", "force");
        JsonNode forced = client.post("/tide/v1/agents/a1/drain?force=true", "").json();
        assertThat(forced.at("/drain/apps/0/why").asText()).as(forced.toString())
                .contains("no other agent can take it", "short of cpu", "cordoned or drained");
    }

    @Test
    void refusesNonsense() throws Exception {
        for (String path : new String[]{"cordon", "uncordon", "drain"}) {
            assertThat(client.post("/tide/v1/agents/zz/" + path, "{}").status()).isEqualTo(404);
        }
        assertThat(client.get("/tide/v1/agents/zz").status()).isEqualTo(404);
        assertThat(client.delete("/tide/v1/agents/zz").status()).isEqualTo(404);
        assertThat(client.delete("/tide/v1/agents/a1").status()).isEqualTo(409);
        for (String body : new String[]{"{'deadlineSeconds':0}", "{'deadlineSeconds':'x'}",
                "{'deadline':5}"}) {
            assertThat(client.post("/tide/v1/agents/a1/drain", json(body)).status()).as(body)
                    .isEqualTo(422);
        }
        assertThat(client.post("/tide/v1/storm/release", "{}").status()).isEqualTo(409);
    }

    @Test
    void aStormIsAnAlarmUntilSomebodyReleasesIt() throws Exception {
        for (int i = 3; i <= 8; i++) {
            cluster.agent("a" + i, 1);
        }
        assertThat(client.get("/tide/v1/storm").text()).isEqualTo("{\"on\":false}");
        for (int i = 1; i <= 6; i++) {
            cluster.command(new Command.AgentFellSilent(new AgentId("a" + i)));
        }
        cluster.command(new Command.Tick());
        JsonNode storm = client.get("/tide/v1/storm").json();
        assertThat(storm.at("/silent").asInt()).isEqualTo(6);
        assertThat(storm.at("/agents").asInt()).isEqualTo(8);
        JsonNode alarm = client.get("/tide/v1/status").json().at("/alarms/0");
        assertThat(alarm.at("/name").asText()).isEqualTo("agent-storm");
        assertThat(alarm.at("/message").asText()).contains("6 of 8 agents",
                "tide storm --release");
        assertThat(client.post("/tide/v1/storm/release", "{}").json().at("/on").asBoolean())
                .isFalse();
        assertThat(client.get("/tide/v1/status").json().at("/alarms")).isEmpty();
    }

    @Test
    void onPartitionIsOursAndKeptAndChecked() throws Exception {
        String app = "{'id':'/one','cmd':'serve','mem':10,'portDefinitions':[],'onPartition':'stop',"
                + "'unreachableStrategy':{'inactiveAfterSeconds':%d,'expungeAfterSeconds':60}}";
        Reply early = client.post("/v2/apps", json(String.format(app, 5)));
        assertThat(early.status()).isEqualTo(422);
        assertThat(early.text()).contains("inactiveAfterSeconds", "must be at least 13");
        Reply made = client.post("/v2/apps", json(String.format(app, 30)));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.text()).doesNotContain("onPartition");
        assertThat(client.get("/v2/apps/one").text()).doesNotContain("onPartition");
        assertThat(client.get("/v2/apps/one?embed=app.onPartition").json().at("/app/onPartition")
                .asText()).isEqualTo("stop");
        client.put("/v2/apps/one?force=true", json("{'instances':2}"));
        assertThat(client.get("/v2/apps/one?embed=onPartition").text())
                .contains("\"onPartition\":\"stop\"");
        Reply wrong = client.put("/v2/apps/one?force=true", json("{'onPartition':'stpo'}"));
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(client.put("/v2/apps/one?force=true", json("{'onPartition':'keep'}"))
                .status()).isEqualTo(200);
        assertThat(client.get("/v2/apps/one?embed=onPartition").text())
                .contains("\"onPartition\":\"keep\"");
    }
}
