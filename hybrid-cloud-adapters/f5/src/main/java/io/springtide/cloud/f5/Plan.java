package io.springtide.cloud.f5;

import io.springtide.cloud.spi.support.Addresses;
import io.springtide.cloud.spi.support.Claims;
import io.springtide.cloud.spi.support.Words;
import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.cloud.spi.traffic.Front;
import io.springtide.cloud.spi.traffic.Service;
import io.springtide.cloud.spi.traffic.TrafficRules;
import io.springtide.cloud.spi.traffic.TrafficTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a BIG-IP is to be made of, names checked.
 *
 * @param pools by name
 * @param routes of the virtual hosts, in the order in which they are tried
 * @param ports virtual servers of one service each
 * @param troubles a sentence for each service or instance that cannot be served as it is said
 */
record Plan(Map<String, Pool> pools, List<Route> routes, List<Port> ports, List<String> troubles) {

    /**
     * Members between which the BIG-IP chooses.
     *
     * @param members by the number of their instance
     * @param draining whether one of them is about to end
     */
    record Pool(String name, String service, TrafficRules rules, Map<Long, Member> members,
            boolean draining, List<Choice> choices) {}

    /** Requests with this header or cookie go to the other pool. */
    record Choice(TrafficRules.Split split, String pool) {}

    /** Requests for a host, {@code *.} in front for all below and empty for any, and a path. */
    record Route(String host, String prefix, String pool) {}

    /** A virtual server of its own. */
    record Port(int port, boolean tcp, String pool) {}

    /** The pool of a route or a port. */
    Pool pool(String name) {
        return Optional.ofNullable(pools.get(name)).orElseThrow(
                () -> new IllegalStateException("a plan without its pool " + name));
    }

    /** Names of pools that a route, a port or a choice leads to. */
    Set<String> led() {
        Set<String> led = new TreeSet<>();
        routes.forEach(route -> led.add(route.pool()));
        ports.forEach(port -> led.add(port.pool()));
        pools.values().forEach(pool -> pool.choices().forEach(c -> led.add(c.pool())));
        return led;
    }

    /** Names an object that AS3 is told of. */
    private static final String PREFIX = "p_";

    /** Makes it; services that cannot be are left out, and the others stay. */
    static Plan of(TrafficTable table, F5Settings settings, Addresses addresses) {
        Map<String, Pool> pools = new TreeMap<>();
        List<Route> routes = new ArrayList<>();
        List<Port> ports = new ArrayList<>();
        List<String> troubles = new ArrayList<>();
        Claims claims = new Claims();
        addresses.begin(table);
        table.services().stream().filter(s -> Claims.meant(s, settings.groups()))
                .sorted(Comparator.comparing(Service::id)).forEach(service -> {
                    Front front = service.front();
                    Optional<String> refused = front.servicePort() == settings.httpPort()
                            ? Optional.of(Claims.leftOut(service, "port "
                                    + settings.httpPort() + " is that of all virtual hosts; take"
                                    + " another service port"))
                            : claims.take(service);
                    if (refused.isPresent()) {
                        troubles.add(refused.get());
                        return;
                    }
                    String name = Words.named(PREFIX, service.id());
                    pools(name, service, addresses, pools, troubles);
                    Claims.hosts(front)
                            .forEach(h -> routes.add(new Route(h, Claims.prefix(front), name)));
                    if (front.servicePort() > 0) {
                        ports.add(new Port(front.servicePort(),
                                front.protocol() == Front.Protocol.TCP, name));
                    }
                });
        // The first that fits counts: names before patterns before any, the longest first.
        routes.sort(Comparator
                .comparingInt(
                        (Route r) -> r.host().isEmpty() ? 2 : r.host().startsWith("*") ? 1 : 0)
                .thenComparingInt(r -> -r.host().length()).thenComparing(Route::host)
                .thenComparingInt(r -> -r.prefix().length()).thenComparing(Route::prefix));
        addresses.trouble().ifPresent(troubles::add);
        return new Plan(pools, routes, ports, troubles);
    }

    private static void pools(String name, Service service, Addresses addresses,
            Map<String, Pool> pools, List<String> troubles) {
        Map<Long, Member> members = new TreeMap<>();
        List<Endpoint> known = new ArrayList<>();
        for (Endpoint endpoint : service.endpoints()) {
            addresses.of(endpoint.host()).ifPresentOrElse(digits -> {
                members.put(endpoint.instance(), Member.of(endpoint, digits));
                known.add(endpoint);
            }, () -> troubles.add(Addresses.unknown(endpoint)));
        }
        List<Choice> choices = new ArrayList<>();
        for (TrafficRules.Split split : service.rules().splits()) {
            String pool = name + "_v" + Math.abs(split.versionMs());
            Map<Long, Member> some = new TreeMap<>();
            boolean draining = false;
            for (Endpoint endpoint : known) {
                Member member = members.get(endpoint.instance());
                if (member != null && endpoint.versionMs() == split.versionMs()) {
                    draining |= endpoint.draining();
                    // A split counts whatever the weights say.
                    some.put(endpoint.instance(), new Member(member.address(), member.port(),
                            member.ratio(), !endpoint.draining()));
                }
            }
            pools.put(pool, new Pool(pool, service.id(), service.rules(), some, draining,
                    List.of()));
            // A rule that leads to a pool of nobody would end in a reset.
            if (some.values().stream().anyMatch(Member::enabled)) {
                choices.add(new Choice(split, pool));
            }
        }
        pools.put(name, new Pool(name, service.id(), service.rules(), members,
                known.stream().anyMatch(Endpoint::draining), choices));
    }
}
