package io.springtide.cloud.ingress.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.cloud.spi.traffic.Front;
import io.springtide.cloud.spi.traffic.Service;
import io.springtide.cloud.spi.traffic.TrafficReport;
import io.springtide.cloud.spi.traffic.TrafficReport.EndpointLoad;
import io.springtide.cloud.spi.traffic.TrafficReport.ServiceLoad;
import io.springtide.cloud.spi.traffic.TrafficRules;
import io.springtide.cloud.spi.traffic.TrafficRules.Split;
import io.springtide.cloud.spi.traffic.TrafficTable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrafficJsonTest {

    private static final TrafficTable TABLE = new TrafficTable(4_294_967_297L,
            List.of(new Service("/shop/cart", 1,
                    new Front(Front.Protocol.HTTP, List.of("a.example", "*.b.example"), "/x", 10_001,
                            List.of("external")),
                    new TrafficRules(TrafficRules.Balance.SOURCE, "SID", 100, 10, 500, 3_000,
                            10_000, List.of(new Split("X-Beta", "", "1", 77))),
                    List.of(new Endpoint(12, "10.0.0.1", 31_000, 77, 50, true)))));

    @Test
    void readsTheTableItWrote() {
        assertThat(TrafficJson.readTable(TrafficJson.write(TABLE))).isEqualTo(TABLE);
    }

    @Test
    void readsTheReportItWrote() {
        IngressReport report = new IngressReport("edge-1", List.of("external"),
                new TrafficReport(3, "The disk is full.", 17,
                        List.of(new ServiceLoad("/a:0", 1.5, 0.5, 2,
                                List.of(new EndpointLoad(12, 1, 2, 3, 0, -1, -1))))));
        assertThat(TrafficJson.readReport(TrafficJson.write(report))).isEqualTo(report);
    }

    @Test
    void passesOverFieldsOfALaterRelease() {
        String json = new String(TrafficJson.write(TABLE), StandardCharsets.UTF_8)
                .replace("{\"revision\"", "{\"colour\":\"blue\",\"revision\"");
        assertThat(TrafficJson.readTable(bytes(json))).isEqualTo(TABLE);
    }

    @Test
    void refusesWhatIsNoTable() {
        for (String json : List.of("", "null", "[]", "{", "{\"revision\":1}", "{\"revision\":\"x\"}",
                "{\"revision\":1,\"services\":[]} more")) {
            assertThatThrownBy(() -> TrafficJson.readTable(bytes(json))).as(json)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("this is not a traffic table");
        }
    }

    @Test
    void refusesAReportWithoutAName() {
        assertThatThrownBy(() -> TrafficJson.readReport(bytes(
                "{\"id\":\" \",\"groups\":[],\"report\":{\"revision\":1,\"trouble\":\"\","
                        + "\"atMs\":0,\"services\":[]}}")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("id of an ingress");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
