package io.springtide.cloud.haproxy;

import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.cloud.spi.traffic.Front;
import io.springtide.cloud.spi.traffic.Service;
import io.springtide.cloud.spi.traffic.TrafficRules;
import io.springtide.cloud.spi.traffic.TrafficRules.Balance;
import io.springtide.cloud.spi.traffic.TrafficTable;
import java.util.ArrayList;
import java.util.List;

/** What tests serve. */
final class Tables {

    private Tables() {}

    static Front http(String host, String path, int port) {
        return new Front(Front.Protocol.HTTP, host.isEmpty() ? List.of() : List.of(host), path,
                port, List.of());
    }

    static Front tcp(int port) {
        return new Front(Front.Protocol.TCP, List.of(), "/", port, List.of());
    }

    static Endpoint up(long instance, int port) {
        return new Endpoint(instance, "127.0.0.1", port, 1, Endpoint.WEIGHT, false);
    }

    static Endpoint going(long instance, int port) {
        return new Endpoint(instance, "127.0.0.1", port, 1, Endpoint.WEIGHT, true);
    }

    static Service service(String app, Front front, Endpoint... endpoints) {
        return service(app, front, TrafficRules.DEFAULT, endpoints);
    }

    static Service service(String app, Front front, TrafficRules rules, Endpoint... endpoints) {
        return new Service(app, 0, front, rules, List.of(endpoints));
    }

    static TrafficRules sticky(String cookie) {
        return rules(Balance.ROUND_ROBIN, cookie, 0, List.of());
    }

    static TrafficRules rules(Balance balance, String cookie, int perSecond,
            List<TrafficRules.Split> splits) {
        return new TrafficRules(balance, cookie, perSecond, 100, 2_000, 0, 5_000, splits);
    }

    static TrafficTable table(long revision, Service... services) {
        return new TrafficTable(revision, new ArrayList<>(List.of(services)));
    }
}
