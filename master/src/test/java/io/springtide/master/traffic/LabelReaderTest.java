package io.springtide.master.traffic;

import io.springtide.cloud.spi.traffic.Front.Protocol;
import io.springtide.cloud.spi.traffic.TrafficRules;
import io.springtide.cloud.spi.traffic.TrafficRules.Balance;
import io.springtide.master.traffic.Published.Route;
import io.springtide.master.traffic.Published.WantedSplit;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What labels mean; and that no label is worse than a word about it. */
class LabelReaderTest {

    private static Published read(int ports, String... namesAndValues) {
        Map<String, String> labels = new TreeMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            labels.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return LabelReader.read("/shop/cart", labels, ports);
    }

    private static Route only(Published published) {
        assertThat(published.routes()).hasSize(1);
        return published.routes().getFirst();
    }

    @Test
    void nothingIsPublishedThatNobodyAskedFor() {
        assertThat(read(2)).isEqualTo(Published.NOTHING);
        assertThat(read(2, "owner", "shop")).isEqualTo(Published.NOTHING);
        Published drainOnly = read(2, "TIDE_DRAIN", "5s");
        assertThat(drainOnly.routes()).isEmpty();
        assertThat(drainOnly.drain()).isEqualTo(Duration.ofSeconds(5));
        assertThat(drainOnly.faults()).isEmpty();
    }

    @Test
    void readsMarathonLbsLabels() {
        Published published = read(2, "HAPROXY_GROUP", "external,internal", "HAPROXY_0_VHOST",
                "Shop.Example.com, www.example.com", "HAPROXY_0_PATH", "/cart", "HAPROXY_0_STICKY",
                "true", "HAPROXY_0_BALANCE", "source", "HAPROXY_1_PORT", "9042");
        assertThat(published.faults()).isEmpty();
        Route web = published.routes().get(0);
        assertThat(web.protocol()).isEqualTo(Protocol.HTTP);
        assertThat(web.hosts()).containsExactly("shop.example.com", "www.example.com");
        assertThat(web.pathPrefix()).isEqualTo("/cart");
        assertThat(web.servicePort()).isEqualTo(Route.OF_THE_APP);
        assertThat(web.groups()).containsExactly("external", "internal");
        assertThat(web.rules().stickyCookie()).isEqualTo(LabelReader.HAPROXY_COOKIE);
        assertThat(web.rules().balance()).isEqualTo(Balance.SOURCE);
        Route other = published.routes().get(1);
        assertThat(other.protocol()).isEqualTo(Protocol.TCP);
        assertThat(other.servicePort()).isEqualTo(9_042);
        assertThat(other.hosts()).isEmpty();
    }

    @Test
    void readsOursWhichWin() {
        Published published = read(1, "HAPROXY_0_VHOST", "old.example", "TIDE_0_HOST",
                "*.example.com", "TIDE_0_STICKY", "SHOP", "TIDE_0_RATE", "500", "TIDE_0_QUEUE",
                "20", "TIDE_0_WAIT", "250ms", "TIDE_0_SLOW_START", "10s", "TIDE_0_TIMEOUT", "5s",
                "TIDE_0_SPLIT", "header:X-Canary=yes>current,cookie:ab=b>previous", "TIDE_DRAIN",
                "0");
        assertThat(published.faults()).isEmpty();
        Route route = only(published);
        assertThat(route.hosts()).containsExactly("*.example.com");
        assertThat(route.groups()).isEmpty();
        assertThat(route.servicePort()).isZero();
        TrafficRules rules = route.rules();
        assertThat(rules.stickyCookie()).isEqualTo("SHOP");
        assertThat(rules.requestsPerSecondMax()).isEqualTo(500);
        assertThat(rules.waitingMax()).isEqualTo(20);
        assertThat(rules.waitMsMax()).isEqualTo(250);
        assertThat(rules.slowStartMs()).isEqualTo(10_000);
        assertThat(rules.requestMsMax()).isEqualTo(5_000);
        assertThat(route.splits()).containsExactly(
                new WantedSplit("X-Canary", "", "yes", "current"),
                new WantedSplit("", "ab", "b", "previous"));
        assertThat(published.drain()).isZero();
    }

    @Test
    void httpWithoutHostAndPathGetsANameOfItsOwnAndNotAllRequests() {
        Route route = only(read(1, "HAPROXY_GROUP", "external", "HAPROXY_0_MODE", "http"));
        assertThat(route.protocol()).isEqualTo(Protocol.HTTP);
        assertThat(route.hosts()).containsExactly("cart.shop.tide");
        assertThat(route.servicePort()).isEqualTo(Route.OF_THE_APP);
        assertThat(only(read(1, "TIDE_0_PATH", "/")).hosts()).isEmpty();
    }

    @Test
    void aPortCanBeLeftOut() {
        Published published = read(2, "HAPROXY_GROUP", "external", "HAPROXY_1_ENABLED", "false");
        assertThat(only(published).portIndex()).isZero();
        assertThat(published.faults()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
            "HAPROXY_0_MODE; udp; 0; neither http nor tcp",
            "HAPROXY_0_VHOST; not a host!; 1; not the name of a host",
            "HAPROXY_0_VHOST; -; 0; no host is left",
            "TIDE_0_PATH; shop; 1; beginning of a path",
            "TIDE_0_PORT; 70000; 1; whole number from 1 to 65535",
            "TIDE_0_BALANCE; magic; 1; leastconn is taken",
            "HAPROXY_0_STICKY; yes; 1; not true, false",
            "TIDE_0_RATE; 0; 1; there is no limit",
            "TIDE_0_RATE; 99999999999999999999; 1; there is no limit",
            "TIDE_0_QUEUE; many; 1; 1000 is taken",
            "TIDE_0_WAIT; 5; 1; 5000ms is taken",
            "TIDE_0_SLOW_START; 9h; 1; the longest",
            "TIDE_0_SPLIT; header:X>current; 1; left out",
            "HAPROXY_0_SSL_CERT; /etc/x.pem; 0; has no effect here",
            "TIDE_HOST; shop.example; 0; a label of a port is like TIDE_0_HOST",
            "TIDE_DRIAN; 5s; 0; has no effect here",
            "TIDE_0_host; shop.example; 0; has no effect here",
            "TIDE_1000_HOST; shop.example; 0; has no effect here",
            "HAPROXY_00_VHOST; shop.example; 0; a label of a port is like",
            "HAPROXY_3_VHOST; shop.example; 0; has no port 3",
            "TIDE_DRAIN; soon; 0; 30000ms is taken",
            "TIDE_0_ENABLED; no; 1; neither true nor false"})
    void tellsWhatItCannotFollow(String label, String value, int routes, String words) {
        Published published = read(1, label, value);
        assertThat(published.routes()).hasSize(routes);
        assertThat(published.faults()).anySatisfy(fault -> {
            assertThat(fault.label()).isEqualTo(label);
            assertThat(fault.text()).contains(words);
        });
    }

    @Test
    void labelsOfOtherToolsAreNoBusinessOfOurs() {
        assertThat(read(1, "HAPROXY_DEPLOYMENT_GROUP", "blue", "TIDES", "x").faults()).isEmpty();
    }

    @Test
    void anAppWithoutPortsIsNotServed() {
        assertThat(read(0, "HAPROXY_GROUP", "external", "TIDE_0_HOST", "a.example").routes())
                .isEmpty();
        assertThat(read(0, "HAPROXY_GROUP", "external").faults()).hasSize(1);
    }
}
