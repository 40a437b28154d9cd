package io.springtide.cloud.haproxy;

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
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * Makes a plan of a table. Services that cannot be expressed, or that want what another one has, are left
 * out, so that one bad label never costs the others their traffic.
 */
final class Planner {

    /** Before the names of all backends. */
    static final String PREFIX = "st_";

    private final HaproxySettings settings;
    private final Map<String, Integer> slots;
    private final IntPredicate portFree;
    private final Map<String, Plan.Backend> backends = new TreeMap<>();
    private final List<Plan.Route> routes = new ArrayList<>();
    private final List<Plan.Port> ports = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private final Claims claims = new Claims();

    private Planner(HaproxySettings settings, Map<String, Integer> slots, IntPredicate portFree) {
        this.settings = settings;
        this.slots = slots;
        this.portFree = portFree;
    }

    /**
     * Plans.
     *
     * @param slots of the backends that there are: kept as long as they suffice
     * @param portFree whether a port is open to us, or can be opened
     */
    static Plan plan(TrafficTable table, HaproxySettings settings, Map<String, Integer> slots,
            IntPredicate portFree) {
        Planner planner = new Planner(settings, slots, portFree);
        table.services().stream().filter(s -> Claims.meant(s, settings.groups()))
                .sorted(Comparator.comparing(Service::id)).forEach(planner::add);
        planner.routes.sort(Comparator.comparing(Plan.Route::host)
                .thenComparing(Plan.Route::pathPrefix));
        planner.ports.sort(Comparator.comparingInt(Plan.Port::port));
        return new Plan(List.copyOf(planner.backends.values()), planner.routes, planner.ports,
                planner.leftOut);
    }

    private void add(Service service) {
        Front front = service.front();
        if (settings.shared(front.servicePort())) {
            leftOut.add(Claims.leftOut(service, "port " + front.servicePort()
                    + " is that of all virtual hosts; take another service port"));
            return;
        }
        if (front.servicePort() > 0 && front.servicePort() <= 65_535
                && !portFree.test(front.servicePort())) {
            leftOut.add(Claims.leftOut(service, "port " + front.servicePort() + " of "
                    + settings.serviceBind() + " is in use by another process; free it, or change"
                    + " the service port"));
            return;
        }
        Optional<String> refused = claims.take(service);
        if (refused.isPresent()) {
            leftOut.add(refused.get());
            return;
        }
        boolean tcp = front.protocol() == Front.Protocol.TCP;
        String name = Words.named(PREFIX, service.id());
        List<Plan.Choice> choices = new ArrayList<>();
        for (TrafficRules.Split split : service.rules().splits()) {
            String version = name + "_v" + split.versionMs();
            choices.add(new Plan.Choice(split, version));
            backend(version, service, tcp, service.endpoints().stream()
                    .filter(e -> e.versionMs() == split.versionMs()).map(Planner::always).toList(),
                    List.of());
        }
        backend(name, service, tcp, service.endpoints(), choices);
        for (String host : Claims.hosts(front)) {
            routes.add(new Plan.Route(host, Claims.prefix(front), name));
        }
        if (front.servicePort() > 0) {
            ports.add(new Plan.Port(front.servicePort(), tcp, name));
        }
    }

    private void backend(String name, Service service, boolean tcp, List<Endpoint> endpoints,
            List<Plan.Choice> choices) {
        int there = slots.getOrDefault(name, 0);
        int room = there >= endpoints.size() && there >= settings.slotsMin()
                ? there
                : powerOfTwo(Math.max(settings.slotsMin(), 2 * endpoints.size()));
        backends.put(name, new Plan.Backend(name, service.id(), tcp, service.rules(), room,
                endpoints, choices));
    }

    /** A split counts whatever the weights say. */
    private static Endpoint always(Endpoint e) {
        return new Endpoint(e.instance(), e.host(), e.port(), e.versionMs(),
                Math.max(1, e.weight()), e.draining());
    }

    private static int powerOfTwo(int atLeast) {
        return atLeast <= 1 ? 1 : Integer.highestOneBit(atLeast - 1) << 1;
    }
}
