package io.springtide.cloud.spi.support;

import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.cloud.spi.traffic.Front;
import io.springtide.cloud.spi.traffic.Service;
import io.springtide.cloud.spi.traffic.TrafficRules;
import io.springtide.cloud.spi.traffic.TrafficTable;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AddressesTest {

    private final Map<String, String> names = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final Addresses addresses = new Addresses(host -> {
        asked.add(host);
        return Optional.ofNullable(names.get(host))
                .orElseThrow(() -> new UnknownHostException(host));
    });

    private static TrafficTable table(String... hosts) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (String host : hosts) {
            endpoints.add(new Endpoint(endpoints.size() + 1, host, 80, 1, 100, false));
        }
        return new TrafficTable(1, List.of(new Service("/a", 0,
                new Front(Front.Protocol.HTTP, List.of("a.test"), "/", 0, List.of()),
                TrafficRules.DEFAULT, endpoints)));
    }

    @Test
    void aNameThatIsNotKnownAnyMoreKeepsItsAddress() {
        names.put("one", "10.0.0.1");
        addresses.begin(table("one", "two"));
        assertThat(addresses.of("one")).contains("10.0.0.1");
        assertThat(addresses.of("two")).isEmpty();
        assertThat(addresses.trouble()).isEmpty();
        names.clear();
        addresses.begin(table("one", "two"));
        assertThat(addresses.of("one")).contains("10.0.0.1");
        assertThat(addresses.of("two")).isEmpty();
        assertThat(addresses.trouble()).hasValueSatisfying(
                said -> assertThat(said).contains("1 host is unknown here now, e.g. 'one'"));
        names.putAll(Map.of("one", "10.0.0.9", "two", "10.0.0.2"));
        addresses.begin(table("one", "two"));
        assertThat(addresses.of("one")).contains("10.0.0.9");
        assertThat(addresses.of("two")).contains("10.0.0.2");
        assertThat(addresses.trouble()).isEmpty();
    }

    @Test
    void eachHostIsAskedForOnceInATurnAndForgottenWithItsTable() {
        names.put("one", "10.0.0.1");
        addresses.begin(table("one", "two"));
        for (int i = 0; i < 3; i++) {
            addresses.of("one");
            addresses.of("two");
        }
        assertThat(asked).containsExactly("one", "two");
        addresses.begin(table("two"));
        names.clear();
        addresses.begin(table("one"));
        assertThat(addresses.of("one")).isEmpty();
    }
}
