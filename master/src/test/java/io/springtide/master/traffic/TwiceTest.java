package io.springtide.master.traffic;

import io.springtide.cloud.spi.traffic.Front;
import io.springtide.cloud.spi.traffic.Service;
import io.springtide.cloud.spi.traffic.TrafficRules;
import io.springtide.core.model.AppId;
import io.springtide.master.traffic.Published.Fault;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TwiceTest {

    private static Service http(String app, String host, String path, int port, String... groups) {
        return service(app, new Front(Front.Protocol.HTTP, List.of(host), path, port,
                List.of(groups)));
    }

    private static Service service(String app, Front front) {
        return new Service(app, 0, front, TrafficRules.DEFAULT, List.of());
    }

    @Test
    void theLaterOneByNameIsTold() {
        Map<AppId, List<Fault>> faults = Twice.of(List.of(http("/a", "x.example", "/cart", 9_000),
                http("/b", "x.example", "/cart/", 0), http("/c", "y.example", "/", 9_000),
                service("/d", new Front(Front.Protocol.TCP, List.of(), "/", 9_000, List.of()))));
        assertThat(faults).containsOnlyKeys(new AppId("/b"), new AppId("/c"), new AppId("/d"));
        assertThat(faults.get(new AppId("/b"))).containsExactly(new Fault("TIDE_0_HOST",
                "host x.example path /cart/ is already served for /a:0, the first by name; change"
                        + " one of them"));
        assertThat(faults.get(new AppId("/d"))).extracting(Fault::label)
                .containsExactly("TIDE_0_PORT");
    }

    @Test
    void otherPathsAndOtherLoadBalancersAreNoMatter() {
        assertThat(Twice.of(List.of(http("/a", "x.example", "/", 9_000, "inside"),
                http("/b", "x.example", "/b", 0), http("/c", "x.example", "/", 9_000, "outside"))))
                .isEmpty();
    }

    @Test
    void itIsShownWithTheFaultsOfLabels() {
        TrafficWorld world = new TrafficWorld();
        world.served("/shop", 1);
        world.served("/tent", 1);
        world.timing.pass(20);
        Map<AppId, List<Fault>> faults = world.traffic.picture().faults();
        assertThat(faults).containsOnlyKeys(new AppId("/tent"));
        assertThat(faults).hasEntrySatisfying(new AppId("/tent"),
                told -> assertThat(told.getFirst().text()).contains("/shop:0"));
    }
}
