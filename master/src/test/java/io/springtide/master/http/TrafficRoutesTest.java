package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.springtide.cloud.ingress.IngressDriver;
import io.springtide.cloud.ingress.wire.IngressReport;
import io.springtide.cloud.ingress.wire.TrafficJson;
import io.springtide.cloud.spi.traffic.TrafficReport;
import io.springtide.cloud.spi.traffic.TrafficReport.EndpointLoad;
import io.springtide.cloud.spi.traffic.TrafficReport.ServiceLoad;
import io.springtide.cloud.spi.traffic.TrafficTable;
import io.springtide.core.model.Condition;
import io.springtide.master.agents.Timing;
import io.springtide.master.http.TestClient.Reply;
import io.springtide.master.traffic.ServiceReader;
import io.springtide.master.traffic.Traffic;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What people see of traffic, and what ingresses fetch and say, over HTTP. */
class TrafficRoutesTest {

    private static final String SHOP = """
            {"id":"/shop/cart","cmd":"serve","cpus":1,"mem":10,"instances":2,
             "labels":{"HAPROXY_GROUP":"external","HAPROXY_0_VHOST":"shop.example",
                       "HAPROXY_0_MODE":"udp","TIDE_1_HOST":"shop.example","TIDE_1_RATE":"lots"},
             "portDefinitions":[{"port":0},{"port":0}]}""";

    private TestCluster cluster;
    private TestClient client;
    private Traffic traffic;

    @BeforeEach
    void start() throws Exception {
        cluster = new TestCluster();
        traffic = new Traffic(4, List.of(new IngressDriver()), new ServiceReader(),
                Timing.onThread(), InstantSource.system());
        cluster.view.listen(traffic);
        traffic.begin(cluster);
        cluster.traffic = traffic;
        client = new TestClient(cluster.server.port());
        cluster.agent("a1", 8);
    }

    @AfterEach
    void stop() {
        traffic.close();
        cluster.close();
    }

    private TrafficTable fetch(long known, long waitMs) throws Exception {
        Reply reply = client.get("/tide/v1/traffic/table?ingress=i1&revision=" + known + "&waitMs="
                + waitMs);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return TrafficJson.readTable(reply.text().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void takesLabelsThatItCannotFollowAndWarns() throws Exception {
        Reply created = client.post("/v2/apps", SHOP);
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        assertThat(created.header("X-Tide-Warning"))
                .contains("/shop/cart: label HAPROXY_0_MODE: 'udp' is neither http nor tcp",
                        "label TIDE_1_RATE");
        JsonNode why = client.get("/tide/v1/apps/shop/cart/why").json();
        assertThat(why.at("/labels/0/label").asText()).isEqualTo("HAPROXY_0_MODE");
        JsonNode one = client.get("/tide/v1/apps/shop/cart/traffic").json();
        assertThat(one.at("/problems")).hasSize(2);
        assertThat(client.post("/v2/apps", "{\"id\":\"/plain\",\"cmd\":\"x\"}")
                .header("X-Tide-Warning")).isEmpty();
    }

    @Test
    void ingressesFetchTheTableAndAreHeard() throws Exception {
        client.post("/v2/apps", SHOP);
        cluster.report("a1", Condition.RUNNING);
        TrafficTable table = fetch(0, 2_000);
        while (table.services().isEmpty()
                || table.services().getFirst().endpoints().size() < 2) {
            table = fetch(table.revision(), 5_000);
        }
        assertThat(table.services().getFirst().id()).isEqualTo("/shop/cart:1");
        Reply nothing = client.get("/tide/v1/traffic/table?ingress=i1&revision="
                + table.revision() + "&waitMs=50");
        assertThat(nothing.status()).isEqualTo(304);

        long instance = table.services().getFirst().endpoints().getFirst().instance();
        byte[] report = TrafficJson.write(new IngressReport("i1", List.of(),
                new TrafficReport(table.revision(), "", 1_700_000_000_000L,
                        List.of(new ServiceLoad("/shop/cart:1", 40, 1, 2,
                                List.of(new EndpointLoad(instance, 3, 1, 39, 0, 4, 9)))))));
        assertThat(client.post("/tide/v1/traffic/reports",
                new String(report, StandardCharsets.UTF_8)).status()).isEqualTo(204);
        JsonNode all = client.get("/tide/v1/traffic").json();
        for (int i = 0; i < 100 && (all.at("/loads").isEmpty()
                || !all.at("/drivers/0/inForce").asBoolean()); i++) {
            Thread.sleep(20);
            all = client.get("/tide/v1/traffic").json();
        }
        assertThat(all.at("/loads/~1shop~1cart/concurrency").asInt()).as(all.toString())
                .isEqualTo(3);
        assertThat(all.at("/drivers/0/inForce").asBoolean()).isTrue();
        JsonNode service = all.at("/services/0");
        assertThat(service.at("/open").asInt()).isEqualTo(2);
        assertThat(service.at("/endpoints/0/load/inFlight").asInt()).isEqualTo(3);
        assertThat(client.get("/tide/v1/traffic?endpoints=false").json()
                .at("/services/0/endpoints").isMissingNode()).isTrue();
    }

    @Test
    void refusesWhatIsNone() throws Exception {
        assertThat(client.post("/tide/v1/traffic/reports", "{\"id\":").status()).isEqualTo(400);
        assertThat(client.post("/tide/v1/traffic/reports", "{\"id\":\"\"}").status())
                .isEqualTo(400);
        assertThat(client.get("/tide/v1/traffic/table").status()).isEqualTo(400);
        assertThat(client.get("/tide/v1/traffic/table?ingress=i&revision=x").status())
                .isEqualTo(400);
        assertThat(client.get("/tide/v1/apps/none/traffic").status()).isEqualTo(404);
        assertThat(client.post("/tide/v1/apps/none/traffic/release", "").status()).isEqualTo(404);
    }

    @Test
    void alarmsAndReleases() throws Exception {
        client.post("/v2/apps", SHOP);
        cluster.report("a1", Condition.RUNNING);
        cluster.report("a1", Condition.FAILED);
        JsonNode alarm = client.get("/tide/v1/status").json().at("/alarms/0");
        assertThat(alarm.at("/name").asText()).isEqualTo("traffic-empty");
        assertThat(alarm.at("/message").asText()).contains("No instance of /shop/cart serves",
                "tide traffic release /shop/cart");
        Reply released = client.post("/tide/v1/apps/shop/cart/traffic/release", "");
        assertThat(released.json().at("/released").asBoolean()).isTrue();
        assertThat(client.get("/tide/v1/status").json().at("/alarms")).isEmpty();
    }

    @Test
    void whoDoesNotLeadKnowsNothing() throws Exception {
        cluster.traffic = null;
        assertThat(client.get("/tide/v1/traffic").status()).isEqualTo(503);
        assertThat(client.get("/tide/v1/status").status()).isEqualTo(200);
    }
}
