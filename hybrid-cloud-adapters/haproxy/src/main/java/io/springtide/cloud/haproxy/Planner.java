package io.springtide.cloud.haproxy;

import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.cloud.spi.traffic.Front;
import io.springtide.cloud.spi.traffic.Service;
import io.springtide.cloud.spi.traffic.TrafficRules;
import io.springtide.cloud.spi.traffic.TrafficTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/**
 * Makes a plan of a table. Services that cannot be expressed, or that want what another one has, are left
 * out, so that one bad label never costs the others their traffic.
 */
final class Planner {

    private final HaproxySettings settings;
    private final Map<String, Integer> slots;
    private final IntPredicate portFree;
    private final Map<String, Plan.Backend> backends = new TreeMap<>();
    private final List<Plan.Route> routes = new ArrayList<>();
    private final List<Plan.Port> ports = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private final Set<String> taken = new HashSet<>();

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
        table.services().stream().filter(planner::ours)
                .sorted(Comparator.comparing(Service::id)).forEach(planner::add);
        planner.routes.sort(Comparator.comparing(Plan.Route::host)
                .thenComparing(Plan.Route::pathPrefix));
        planner.ports.sort(Comparator.comparingInt(Plan.Port::port));
        return new Plan(List.copyOf(planner.backends.values()), planner.routes, planner.ports,
                planner.leftOut);
    }

    private boolean ours(Service service) {
        List<String> groups = service.front().groups();
        return settings.groups().isEmpty() || groups.isEmpty()
                || groups.stream().anyMatch(settings.groups()::contains);
    }

    private void add(Service service) {
        String wrong = wrong(service);
        if (!wrong.isEmpty()) {
            leftOut.add("service " + service.id() + " is left out: " + wrong);
            return;
        }
        Front front = service.front();
        boolean tcp = front.protocol() == Front.Protocol.TCP;
        String name = Words.backend(service.id());
        List<Plan.Choice> choices = new ArrayList<>();
        for (TrafficRules.Split split : service.rules().splits()) {
            String version = name + "_v" + split.versionMs();
            choices.add(new Plan.Choice(split, version));
            backend(version, service, tcp, service.endpoints().stream()
                    .filter(e -> e.versionMs() == split.versionMs()).toList(), List.of());
        }
        backend(name, service, tcp, service.endpoints(), choices);
        for (String key : wanted(front)) {
            taken.add(key);
        }
        for (String host : hosts(front)) {
            routes.add(new Plan.Route(host, prefix(front), name));
        }
        if (front.servicePort() > 0) {
            ports.add(new Plan.Port(front.servicePort(), tcp, name));
        }
    }

    private void backend(String name, Service service, boolean tcp, List<Endpoint> endpoints,
            List<Plan.Choice> choices) {
        int there = slots.getOrDefault(name, 0);
        int room = there >= endpoints.size() && there >= settings.slotsMin() ? there
                : powerOfTwo(Math.max(settings.slotsMin(), 2 * endpoints.size()));
        backends.put(name, new Plan.Backend(name, service.id(), tcp, service.rules(), room,
                endpoints, choices, !name.matches(".*_v-?[0-9]+")));
    }

    private static int powerOfTwo(int atLeast) {
        return atLeast <= 1 ? 1 : Integer.highestOneBit(atLeast - 1) << 1;
    }

    /** Hosts of the port that all share; a service that has a port of its own need not be there. */
    private static List<String> hosts(Front front) {
        if (front.protocol() == Front.Protocol.TCP) {
            return List.of();
        }
        if (!front.hosts().isEmpty()) {
            return new ArrayList<>(new TreeSet<>(front.hosts()));
        }
        boolean portOnly = front.servicePort() > 0 && prefix(front).equals("/");
        return portOnly ? List.of() : List.of("");
    }

    /** Ends with a slash, so that {@code /cart} never means {@code /cartoon}. */
    private static String prefix(Front front) {
        String path = front.pathPrefix().isEmpty() ? "/" : front.pathPrefix();
        return path.endsWith("/") ? path : path + "/";
    }

    private static List<String> wanted(Front front) {
        List<String> keys = new ArrayList<>();
        for (String host : hosts(front)) {
            keys.add("the route " + (host.isEmpty() ? "*" : host) + prefix(front));
        }
        if (front.servicePort() > 0) {
            keys.add("port " + front.servicePort());
        }
        return keys;
    }

    private String wrong(Service service) {
        Front front = service.front();
        for (String host : front.hosts()) {
            if (!Words.host(host)) {
                return "'" + shown(host) + "' is no host name; correct its label";
            }
        }
        if (!front.pathPrefix().isEmpty() && !Words.path(front.pathPrefix())) {
            return "'" + shown(front.pathPrefix()) + "' is no path that starts with / and has"
                    + " only characters of a URL in it; correct its label";
        }
        if (front.protocol() == Front.Protocol.TCP && front.servicePort() <= 0) {
            return "TCP needs a service port; give it one";
        }
        int port = front.servicePort();
        if (port < 0 || port > 65_535) {
            return "port " + port + " does not exist; correct its service port";
        }
        String rules = wrong(service.rules());
        if (!rules.isEmpty()) {
            return rules;
        }
        for (String key : wanted(front)) {
            if (taken.contains(key)) {
                return "another service has " + key + " already; change one of them";
            }
        }
        if (port > 0 && !portFree.test(port)) {
            return "port " + port + " of " + settings.serviceBind() + " is in use by another"
                    + " process; free it, or change the service port";
        }
        return "";
    }

    private static String wrong(TrafficRules rules) {
        if (!rules.stickyCookie().isEmpty() && !Words.name(rules.stickyCookie())) {
            return "'" + shown(rules.stickyCookie()) + "' cannot be the name of a cookie; letters,"
                    + " digits, '.', '_' and '-' can";
        }
        for (TrafficRules.Split split : rules.splits()) {
            String name = split.header().isEmpty() ? split.cookie() : split.header();
            if (!Words.name(name) || !Words.value(split.value())) {
                return "its split by '" + shown(name) + "' = '" + shown(split.value())
                        + "' has characters that HAProxy's configuration gives a meaning to;"
                        + " use letters and digits";
            }
        }
        return "";
    }

    /** For a sentence: foreign text without what could break a log's line. */
    private static String shown(String text) {
        String clean = text.replaceAll("[^ -~]", "?");
        return clean.length() <= 80 ? clean : clean.substring(0, 80) + "...";
    }
}
