package io.springtide.cli;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What people see of traffic. */
class TrafficCommandsTest {

    private static final String SERVICE = """
            {"id":"/shop/cart:0","app":"/shop/cart","portIndex":0,"protocol":"http",
             "hosts":["shop.example"],"pathPrefix":"/cart","servicePort":10007,"groups":[],
             "open":2,"draining":1,"kept":0,
             "load":{"arrivalsPerSecond":41.5,"refusedPerSecond":0,"waiting":3},
             "endpoints":[{"instance":12,"host":"a1","port":31001,"weight":100,"state":"open",
               "version":"2026-01-02T03:04:05.000Z",
               "load":{"inFlight":4,"sessions":1,"requestsPerSecond":20.25,"errorsPerSecond":0,
                       "meanMs":5,"p99Ms":-1}}]}""";

    private final FakeMaster master = new FakeMaster();

    @AfterEach
    void stop() {
        master.close();
    }

    @Test
    void listsServicesAndTellsOfTrouble() {
        master.on("GET /tide/v1/traffic?endpoints=false", 200, "{\"services\":[" + SERVICE + "],"
                + "\"loads\":{\"/shop/cart\":{\"concurrency\":4,\"p99Ms\":9.5,"
                + "\"errorsPerSecond\":0}},"
                + "\"drivers\":[{\"name\":\"ingress\",\"trouble\":\"No ingress has been heard\"}],"
                + "\"empty\":[{\"app\":\"/b\",\"kept\":1,\"since\":\"2026-01-02T03:04:05.000Z\"}],"
                + "\"problems\":[{\"app\":\"/c\",\"label\":\"TIDE_0_RATE\",\"message\":\"odd\"}]}");
        Session listed = Session.run(master.url(), "traffic");
        assertThat(listed.code()).isZero();
        assertThat(listed.out()).contains("/shop/cart:0", "shop.example/cart, :10007",
                "2 +1 draining", "41.5", "9.5");
        assertThat(listed.err()).contains("driver ingress: No ingress", "tide traffic release /b",
                "/c, label TIDE_0_RATE: odd");
        assertThat(Session.run(master.url(), "traffic", "-o", "name").out())
                .isEqualTo("/shop/cart:0\n");
    }

    @Test
    void showsTheInstancesOfAnApp() {
        master.on("GET /tide/v1/apps/shop/cart/traffic", 200,
                "{\"app\":\"/shop/cart\",\"services\":[" + SERVICE + "],\"load\":"
                        + "{\"arrivalsPerSecond\":41.5,\"concurrency\":4,\"p99Ms\":9}}");
        Session shown = Session.run(master.url(), "traffic", "show", "shop/cart");
        assertThat(shown.out()).contains("41.5 requests/s", "p99 9 ms", "a1:31001", "open",
                "20.3");
        assertThat(Session.run(master.url(), "traffic", "show", "/none").code())
                .isEqualTo(Exit.NOT_FOUND.code());
    }

    @Test
    void watchesThroughAChangeOfLeaderAndUntilItIsGone() {
        String path = "GET /tide/v1/apps/shop/cart/traffic";
        String shown = "{\"app\":\"/shop/cart\",\"services\":[" + SERVICE + "]}";
        master.on(path, 200, shown).on(path, 503, "{\"message\":\"no master leads\"}")
                .on(path, 200, shown.replace("20.25", "77")).on(path, 404, "{}");
        Session watched = Session.run(master.url(), "traffic", "show", "shop/cart", "--watch");
        assertThat(watched.code()).isEqualTo(Exit.NOT_FOUND.code());
        assertThat(watched.out()).contains("20.3", "77");
    }

    @Test
    void saysThatAnAppWithoutLabelsIsNotServed() {
        master.on("GET /tide/v1/apps/plain/traffic", 200, "{\"app\":\"/plain\",\"services\":[]}");
        Session shown = Session.run(master.url(), "traffic", "show", "plain");
        assertThat(shown.code()).isZero();
        assertThat(shown.out()).isEqualTo(
                "It is not served: no label of it says how. See docs/traffic.md\n");
    }

    @Test
    void releases() {
        master.on("POST /tide/v1/apps/shop/cart/traffic/release", 200,
                "{\"app\":\"/shop/cart\",\"released\":true}");
        assertThat(Session.run(master.url(), "traffic", "release", "/shop/cart").err())
                .contains("Nothing is kept of /shop/cart any more");
        assertThat(master.requests().toString()).contains("POST /tide/v1/apps/shop/cart/traffic");
    }
}
