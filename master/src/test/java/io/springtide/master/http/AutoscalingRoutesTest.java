package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.command.Command;
import io.springtide.core.elasticity.Observation;
import io.springtide.core.elasticity.Recommendation;
import io.springtide.core.elasticity.Sample;
import io.springtide.core.elasticity.ScalingReason;
import io.springtide.core.elasticity.Target;
import io.springtide.core.elasticity.Verdict;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AppId;
import io.springtide.master.http.TestClient.Reply;
import io.springtide.master.prefetch.Occasion;
import io.springtide.master.prefetch.Progress;
import io.springtide.master.scaling.Reading;
import io.springtide.master.scaling.Standing;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Policies over HTTP: what is refused, what is shown, and what others see of it. */
class AutoscalingRoutesTest {

    private static final String PATH = "/v2/apps/shop/web/autoscaling";
    private static final AppId APP = new AppId("/shop/web");

    private TestCluster cluster;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        cluster = new TestCluster();
        cluster.agent("a1", 100);
        client = new TestClient(cluster.server.port());
        assertThat(client.post("/v2/apps", json("{'id':'/shop/web','cmd':'serve','cpus':0.1,"
                + "'mem':10,'instances':3,'portDefinitions':[]}")).status()).isEqualTo(201);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static Map<String, List<String>> faults(Reply reply) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(422);
        Map<String, List<String>> faults = new TreeMap<>();
        for (JsonNode one : reply.json().path("details")) {
            List<String> errors = new ArrayList<>();
            one.path("errors").forEach(error -> errors.add(error.asText()));
            faults.put(one.path("path").asText(), errors);
        }
        return faults;
    }

    @Test
    void setsShowsAndTakesAwayAPolicy() throws Exception {
        assertThat(client.get(PATH).status()).isEqualTo(404);
        assertThat(client.delete(PATH).status()).isEqualTo(404);
        Reply set = client.put(PATH, json("{'min':5,'max':50,'targets':[{'metric':'requests',"
                + "'value':100},{'metric':'promql','value':0.5,'query':'sum(x)'}],"
                + "'schedules':[{'name':'open','cron':'0 9 * * 1-5','zone':'Asia/Shanghai',"
                + "'instances':40,'durationSeconds':3600,'leadSeconds':60}],"
                + "'down':{'steps':[{'percent':10,'periodSeconds':60}]},'standby':{'percent':20}}"));
        assertThat(set.status()).as(set.text()).isEqualTo(200);
        assertThat(set.json().path("policy").toString()).isEqualTo(json("{'min':5,'max':50,"
                + "'targets':[{'metric':'requests','value':100},{'metric':'promql','value':0.5,"
                + "'query':'sum(x)','perInstance':false}],'tolerance':0.1,"
                + "'up':{'stabilizationSeconds':0,'steps':[],'select':'most'},"
                + "'down':{'stabilizationSeconds':300,'steps':[{'percent':10,'periodSeconds':60}],"
                + "'select':'most'},'schedules':[{'name':'open','cron':'0 9 * * 1-5',"
                + "'zone':'Asia/Shanghai','instances':40,'durationSeconds':3600,'rampSeconds':0,"
                + "'leadSeconds':60}],'burst':{'windowSeconds':2,'factor':2,'holdSeconds':60},"
                + "'standby':{'percent':20},'dryRun':false}"));
        assertThat(set.json().at("/state/wanted").asInt()).as("within its bounds").isEqualTo(5);
        assertThat(set.json().at("/decision/sentence").asText()).contains("5 to 50");

        Reply again = client.put(PATH, set.json().path("policy").toString());
        assertThat(again.json().path("policy")).isEqualTo(set.json().path("policy"));
        assertThat(client.get("/v2/apps/shop/web").text()).doesNotContain("scaling")
                .doesNotContain("policy");

        assertThat(client.delete(PATH).status()).isEqualTo(204);
        assertThat(client.get(PATH).status()).isEqualTo(404);
        assertThat(client.get("/v2/apps/shop/web").json().at("/app/instances").asInt())
                .isEqualTo(5);
    }

    @Test
    void tellsAllFaultsAtOnce() throws Exception {
        Map<String, List<String>> faults = faults(client.put(PATH, json("{'min':9,'max':4,"
                + "'targets':[{'metric':'cpuu','value':-1},{'metric':'promql','value':5,"
                + "'query':' '},{'metric':'promql','value':5},{'metric':'latency','value':1,"
                + "'query':'x'}],'tolerence':1,"
                + "'up':{'steps':[{'instances':1,'percent':1,'periodSeconds':0}]},"
                + "'schedules':[{'name':'a','cron':'0 9 * *','zone':'Mars','instances':3,"
                + "'durationSeconds':60},{'name':'a','cron':'0 9 * * *','instances':-3,"
                + "'durationSeconds':60}],'burst':{'factor':1},'standby':{'count':1,'percent':1},"
                + "'dryRun':'yes'}")));
        assertThat(faults).containsOnlyKeys("/min", "/targets(0)/metric", "/targets(0)/value",
                "/targets(1)/query", "/targets(2)/query", "/targets(3)/query", "/tolerence",
                "/up/steps(0)", "/up/steps(0)/periodSeconds", "/schedules(0)/cron",
                "/schedules(0)/zone", "/schedules(1)/name", "/schedules(1)/instances", "/burst",
                "/burst/factor", "/standby", "/dryRun");
        assertThat(faults.get("/min")).containsExactly("must not be above max, which is 4");
        assertThat(faults.get("/targets(0)/metric")).first().asString()
                .contains("did you mean 'cpu'?");
        assertThat(faults.get("/tolerence")).first().asString()
                .contains("did you mean 'tolerance'?");
        assertThat(client.get(PATH).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"[]|/|error.expected.jsobject",
            "{'max':1}|/min|'min' is undefined on object", "{'min':1,'max':0}|/max|from 1 to",
            "{'min':1,'max':2e9}|/max|from 1 to 1000000", "{'min':1.5,'max':2}|/min|whole number",
            "{'min':1,'max':9,'tolerance':0.6}|/tolerance|from 0 to 0.5",
            "{'min':1,'max':9,'targets':[{'metric':'cpu','value':2000}]}|/targets(0)/value|1000",
            "{'min':1,'max':9,'targets':[{'metric':'cpu','value':5},{'metric':'CPU','value':6}]}"
                    + "|/targets(1)|same as an earlier target",
            "{'min':1,'max':9,'burst':true}|/burst|needs a target of requests",
            "{'min':1,'max':9,'schedules':[{'name':'a','cron':'0 9 * * *','instances':10,"
                    + "'durationSeconds':9}]}|/schedules(0)/instances|must not be above max",
            "{'min':1,'max':9,'schedules':[{'name':'a','cron':'0 9 * * *','instances':3,"
                    + "'durationSeconds':3600},{'name':'b','cron':'30 9 * * 1','instances':4,"
                    + "'durationSeconds':3600}]}|/schedules(1)|contradicts schedule 'a'"})
    void refusesNonsense(String body, String path, String text) throws Exception {
        assertThat(faults(client.put(PATH, json(body))).getOrDefault(path, List.of("")).getFirst())
                .contains(text);
    }

    @Test
    void isOnlyThereForApps() throws Exception {
        assertThat(client.put("/v2/apps/nobody/autoscaling", "{\"min\":1,\"max\":2}").status())
                .isEqualTo(404);
        assertThat(client.get("/v2/apps/nobody/autoscaling/history").status()).isEqualTo(404);
        assertThat(client.put(PATH, "{").status()).isEqualTo(400);
        assertThat(client.post(PATH, "{}").status()).isEqualTo(405);
    }

    @Test
    void showsHowItStands() throws Exception {
        client.put(PATH, json("{'min':2,'max':50,'targets':[{'metric':'requests','value':100},"
                + "{'metric':'cpu','value':60}]}"));
        Target requests = new Target(Target.Kind.REQUESTS, 100_000);
        Target cpu = new Target(Target.Kind.CPU, 60_000);
        long nowMs = System.currentTimeMillis();
        Sample sample = new Sample(912.5, nowMs - 400, 1_000);
        Verdict verdict = new Verdict(3, 10, true, Optional.empty(),
                List.of(new Recommendation("/targets(0)", ScalingReason.TARGET, OptionalInt.of(10),
                        "requests/s 912.5"),
                        new Recommendation("/targets(1)", ScalingReason.TARGET,
                                OptionalInt.empty(), "there is no sample")),
                "10 instead of 3");
        cluster.standings.now.put(APP, new Standing(APP, nowMs,
                new Observation(3, 2, 1, List.of(Optional.of(sample), Optional.empty()),
                        Optional.empty(), List.of()),
                verdict,
                List.of(new Reading(requests, Optional.of(sample), "", false),
                        new Reading(cpu, Optional.empty(), "no agent says what the instances use",
                                true)),
                nowMs - 9_000, nowMs - 9_000, true, List.of()));
        JsonNode shown = client.get(PATH).json();
        assertThat(shown.at("/state/ready").asInt()).isEqualTo(2);
        assertThat(shown.at("/state/launching").asInt()).isEqualTo(1);
        assertThat(shown.at("/state/frozen").asBoolean()).isTrue();
        assertThat(shown.at("/state/metrics/0/value").asDouble()).isEqualTo(912.5);
        assertThat(shown.at("/state/metrics/0/target").asInt()).isEqualTo(100);
        assertThat(shown.at("/state/metrics/0/asks").asInt()).isEqualTo(10);
        assertThat(shown.at("/state/metrics/0/ageSeconds").asDouble()).isBetween(0.4, 60.0);
        assertThat(shown.at("/state/metrics/1/value").isNull()).isTrue();
        assertThat(shown.at("/sentence").asText()).isEqualTo("The policy decides on the count of"
                + " /shop/web: 3 instances are wanted, 2 are ready. It does not shrink:"
                + " /targets(1): no agent says what the instances use.");

        JsonNode alarm = client.get("/tide/v1/status").json().at("/alarms/0");
        assertThat(alarm.at("/name").asText()).isEqualTo("metrics-missing");
        assertThat(alarm.at("/message").asText()).contains("/shop/web: /targets(1): no agent")
                .contains("It does not shrink until it is there again")
                .contains("still count");
    }

    /** It may shrink: only its schedules do not count. */
    @Test
    void alarmsSayWhatIsTrueForWhatIsWrong() throws Exception {
        long nowMs = System.currentTimeMillis();
        Verdict verdict = new Verdict(3, 3, false, Optional.empty(), List.of(), "3 instead of 3");
        cluster.standings.now.put(APP, new Standing(APP, nowMs,
                new Observation(3, 3, 0, List.of(), Optional.empty(), List.of()), verdict,
                List.of(), 0, nowMs - 60_000, true,
                List.of("schedule sale does not count, since its cron text or zone is no time"
                        + " zone")));
        JsonNode alarm = client.get("/tide/v1/status").json().at("/alarms/0");
        assertThat(alarm.at("/name").asText()).isEqualTo("metrics-missing");
        assertThat(alarm.at("/message").asText()).contains("schedule sale does not count")
                .doesNotContain("not shrink").doesNotContain("still count.");
        assertThat(Timestamps.parse(alarm.at("/since").asText())).isEqualTo(nowMs - 60_000);
    }

    @Test
    void showsHowFarWhatAScheduleNeedsHasBeenFetched() throws Exception {
        client.put(PATH, json("{'min':2,'max':50}"));
        assertThat(client.get(PATH).json().at("/state/prefetch").isMissingNode()).isTrue();
        Occasion occasion = new Occasion(APP, "sale", 1_700_000_060_000L, 1_700_000_120_000L, 20);
        cluster.standings.prefetches.put(APP, new Progress(occasion, "image registry/web:7", 12, 9,
                1, 0, 20, 4_096, 8_192, 0, List.of()));
        JsonNode shown = client.get(PATH).json().at("/state/prefetch");
        assertThat(shown.toString()).isEqualTo(json("{'schedule':'sale',"
                + "'begins':'2023-11-14T22:14:20.000Z','from':'2023-11-14T22:15:20.000Z',"
                + "'what':'image registry/web:7','missing':20,'placeable':20,'agents':12,'done':9,"
                + "'fetching':1,'failed':0,'bytesDone':4096,'bytesTotal':8192,'failures':[],"
                + "'sentence':'/shop/web\\u0027s image registry/web:7, needed for schedule sale,"
                + " is on 9 of 12 likely agents.'}").replace("\\u0027", "'"));
        assertThat(client.get("/tide/v1/status").text()).doesNotContain("prefetch-failed");

        cluster.standings.prefetches.put(APP, new Progress(occasion, "image registry/web:7", 12, 9,
                1, 2, 17, 4_096, 8_192, 1_700_000_030_000L,
                List.of(new Progress.Failure(new AgentId("agent-7"), "pull refused"))));
        shown = client.get(PATH).json().at("/state/prefetch");
        assertThat(shown.at("/failures/0/agent").asText()).isEqualTo("agent-7");
        assertThat(shown.at("/failures/0/error").asText()).isEqualTo("pull refused");
        assertThat(shown.at("/sentence").asText()).endsWith("is on 9 of 12 likely agents; there is"
                + " room for 17 of 20 missing instances now; agent-7: pull refused;"
                + " 1 more failed.");
        JsonNode alarm = client.get("/tide/v1/status").json().at("/alarms/0");
        assertThat(alarm.at("/name").asText()).isEqualTo("prefetch-failed");
        assertThat(alarm.at("/since").asText()).isEqualTo("2023-11-14T22:13:50.000Z");
        assertThat(alarm.at("/message").asText()).contains("agent-7: pull refused")
                .contains("Look at the registry");
    }

    @Test
    void tellsItsDecisionsInHistoryAndEventsButNotToStrictClients() throws Exception {
        client.put(PATH, json("{'min':2,'max':50,'targets':[{'metric':'requests','value':100}]}"));
        try (BufferedReader ours = events("?event_type=autoscale_event&event_type=api_post_event");
                BufferedReader all = events("")) {
            await(() -> cluster.events.clientCount() == 2);
            TreeMap<String, String> numbers = new TreeMap<>(Map.of("/targets(0)", "20: 2000/s"));
            cluster.command(new Command.Scale(APP, 20,
                    new ScalingReason("target", "20 instead of 3", numbers)));
            assertThat(client.put("/v2/apps/shop/web?force=true", "{\"labels\":{\"a\":\"b\"}}")
                    .status())
                    .isEqualTo(200);
            String event = upTo(ours, "api_post_event");
            assertThat(event).contains("autoscale_event").contains(json("'appId':'/shop/web',"
                    + "'from':3,'to':20,'dryRun':false,'kind':'target',"
                    + "'sentence':'20 instead of 3','numbers':{'/targets(0)':'20: 2000/s'}"));
            assertThat(upTo(all, "api_post_event")).doesNotContain("autoscale");
        }
        JsonNode decisions = client.get(PATH + "/history").json().path("decisions");
        assertThat(decisions).hasSize(1);
        assertThat(decisions.at("/0/to").asInt()).isEqualTo(20);
        assertThat(decisions.at("/0/numbers").properties()).hasSize(1);
    }

    private BufferedReader events(String query) throws Exception {
        return new BufferedReader(new InputStreamReader(
                client.stream("/v2/events" + query).body(), StandardCharsets.UTF_8));
    }

    private static String upTo(BufferedReader reader, String type) throws Exception {
        StringBuilder read = new StringBuilder();
        String line = reader.readLine();
        while (line != null && !line.equals("event: " + type)) {
            read.append(line).append('\n');
            line = reader.readLine();
        }
        return read.toString();
    }

    private static void await(java.util.function.BooleanSupplier holds) throws Exception {
        for (int i = 0; i < 2_000 && !holds.getAsBoolean(); i++) {
            Thread.sleep(5);
        }
        assertThat(holds.getAsBoolean()).isTrue();
    }

    @Test
    void saysWhoOwnsTheCount() throws Exception {
        client.put(PATH, json("{'min':2,'max':50}"));
        Reply put = client.put("/v2/apps/shop/web?force=true", "{\"instances\":30}");
        assertThat(put.status()).isEqualTo(200);
        assertThat(put.header("X-Tide-Autoscaling")).startsWith(
                "the autoscaling policy decides on the count: 3; see /v2/apps/shop/web");
        assertThat(client.put("/v2/apps/shop/web?force=true", "{\"cmd\":\"x\"}")
                .header("X-Tide-Autoscaling")).isEmpty();
        JsonNode why = client.get("/tide/v1/apps/shop/web/why").json();
        assertThat(why.at("/countOwner").asText()).isEqualTo("policy");
        assertThat(why.at("/sentence").asText()).contains("3 now and 2 to 50, is decided by its"
                + " autoscaling policy: tide autoscale show /shop/web");
        client.put(PATH, json("{'min':2,'max':50,'dryRun':true}"));
        assertThat(client.get("/tide/v1/apps/shop/web/why").json().at("/countOwner").asText())
                .isEqualTo("definition");
    }

    @Test
    void simulatesARecordedSeries() throws Exception {
        StringBuilder series = new StringBuilder();
        for (int second = 0; second < 120; second++) {
            series.append(second == 0 ? "" : ",").append("{'at':").append(second)
                    .append(",'requests':").append(second < 60 ? 180 : 5_000).append('}');
        }
        String policy = "{'min':2,'max':40,'targets':[{'metric':'requests','value':100}]}";
        Reply reply = client.post("/tide/v1/autoscaling/simulate",
                json("{'policy':" + policy + ",'startSeconds':3,'series':[" + series + "]}"));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        JsonNode result = reply.json();
        assertThat(result.at("/most").asInt()).isEqualTo(40);
        assertThat(result.at("/decisions/0/at").asInt()).isEqualTo(60);
        assertThat(result.at("/decisions/0/from").asInt()).isEqualTo(2);
        assertThat(result.at("/decisions/0/sentence").asText()).contains("requests/s 5000");
        assertThat(result.at("/points")).hasSize(120);
        assertThat(result.at("/points/62/ready").asInt()).isEqualTo(2);
        assertThat(result.at("/points/63/ready").asInt()).isEqualTo(40);
        assertThat(result.at("/points/63/capacity").asInt()).isEqualTo(4_000);
        assertThat(result.at("/overloadSeconds").asInt()).isEqualTo(60);

        assertThat(client.post(PATH + "/simulate", json("{'series':[{'at':0}]}")).status())
                .as("no policy").isEqualTo(404);
        client.put(PATH, json(policy));
        assertThat(client.post(PATH + "/simulate", json("{'series':[" + series + "]}")).json()
                .at("/most").asInt()).isEqualTo(40);
        assertThat(faults(client.post(PATH + "/simulate", json("{'policy':{'min':5,'max':1},"
                + "'series':[{'at':0}]}")))).containsOnlyKeys("/policy/min");
        assertThat(faults(client.post(PATH + "/simulate",
                json("{'series':[{'at':5,'cpuu':1},{'at':5},{'requests':-1}]}"))))
                .containsOnlyKeys("/series(0)/cpuu", "/series(1)/at", "/series(2)/at",
                        "/series(2)/requests");
        assertThat(faults(client.post("/tide/v1/autoscaling/simulate",
                json("{'series':[{'at':0}]}")))).containsOnlyKeys("/policy");
    }
}
