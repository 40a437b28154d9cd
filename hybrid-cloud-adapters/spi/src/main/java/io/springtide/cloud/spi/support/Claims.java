package io.springtide.cloud.spi.support;

import io.springtide.cloud.spi.traffic.Front;
import io.springtide.cloud.spi.traffic.Service;
import io.springtide.cloud.spi.traffic.TrafficRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Hosts, paths and ports that services want, each for one service. What a load balancer cannot be told, or
 * another service has already, is refused, so that one bad label never costs the others their traffic.
 */
public final class Claims {

    private final Set<String> taken = new HashSet<>();

    /** Whether a load balancer of these groups serves it; no groups on either side mean all. */
    public static boolean meant(Service service, List<String> groups) {
        List<String> wanted = service.front().groups();
        return groups.isEmpty() || wanted.isEmpty() || wanted.stream().anyMatch(groups::contains);
    }

    /**
     * Hosts on the port that all share; the empty one stands for any. A service that has a port of its own
     * and names neither host nor path is not there.
     */
    public static List<String> hosts(Front front) {
        if (front.protocol() == Front.Protocol.TCP) {
            return List.of();
        }
        if (!front.hosts().isEmpty()) {
            return List.copyOf(new TreeSet<>(front.hosts()));
        }
        boolean portOnly = front.servicePort() > 0 && prefix(front).equals("/");
        return portOnly ? List.of() : List.of("");
    }

    /** The path, with a slash at its end, so that {@code /cart} never means {@code /cartoon}. */
    public static String prefix(Front front) {
        String path = front.pathPrefix().isEmpty() ? "/" : front.pathPrefix();
        return path.endsWith("/") ? path : path + "/";
    }

    /** Takes what the service wants; if it cannot have it, takes nothing and gives a sentence that says why. */
    public Optional<String> take(Service service) {
        String wrong = wrong(service.front());
        if (wrong.isEmpty()) {
            wrong = wrong(service.rules());
        }
        List<String> wanted = wanted(service.front());
        for (String each : wanted) {
            if (wrong.isEmpty() && taken.contains(each)) {
                wrong = "another service has " + each + " already; change one of them";
            }
        }
        if (wrong.isEmpty()) {
            taken.addAll(wanted);
            return Optional.empty();
        }
        return Optional.of(leftOut(service, wrong));
    }

    /** The sentence that says it of a service. */
    public static String leftOut(Service service, String why) {
        return "service " + Words.shown(service.id()) + " is left out: " + why;
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

    private static String wrong(Front front) {
        for (String host : front.hosts()) {
            if (!Words.host(host)) {
                return "'" + Words.shown(host) + "' is no host name; correct its label";
            }
        }
        if (!front.pathPrefix().isEmpty() && !Words.path(front.pathPrefix())) {
            return "'" + Words.shown(front.pathPrefix()) + "' is no path that starts with / and has"
                    + " only characters of a URL in it; correct its label";
        }
        if (front.protocol() == Front.Protocol.TCP && front.servicePort() <= 0) {
            return "TCP needs a service port; give it one";
        }
        if (front.servicePort() < 0 || front.servicePort() > 65_535) {
            return "port " + front.servicePort() + " does not exist; correct its service port";
        }
        return "";
    }

    private static String wrong(TrafficRules rules) {
        if (!rules.stickyCookie().isEmpty() && !Words.name(rules.stickyCookie())) {
            return "'" + Words.shown(rules.stickyCookie()) + "' cannot be the name of a cookie;"
                    + " letters, digits, '.', '_' and '-' can";
        }
        for (TrafficRules.Split split : rules.splits()) {
            String name = split.header().isEmpty() ? split.cookie() : split.header();
            if (!Words.name(name) || !Words.value(split.value())) {
                return "its split by '" + Words.shown(name) + "' = '" + Words.shown(split.value())
                        + "' has characters that load balancers give a meaning to; use letters and"
                        + " digits";
            }
        }
        return "";
    }
}
