package io.springtide.master.traffic;

import io.springtide.cloud.spi.support.Claims;
import io.springtide.cloud.spi.traffic.Front;
import io.springtide.cloud.spi.traffic.Service;
import io.springtide.core.model.AppId;
import io.springtide.master.traffic.Published.Fault;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Hosts with their paths, and ports, that more than one service wants of the same load balancers. The first
 * by name has them there, whoever came first.
 */
final class Twice {

    /** Those that have something, by what it is; no two of them are on the same load balancer. */
    private final Map<String, List<Service>> owners = new HashMap<>();
    private final Map<AppId, List<Fault>> faults = new TreeMap<>();

    private Twice() {}

    /** What is wrong with the apps that get less than they want. */
    static Map<AppId, List<Fault>> of(List<Service> services) {
        Twice twice = new Twice();
        services.forEach(twice::add);
        return twice.faults;
    }

    private void add(Service service) {
        Front front = service.front();
        for (String host : Claims.hosts(front)) {
            claim("host " + (host.isEmpty() ? "*" : host) + " path " + Claims.prefix(front), "HOST",
                    service);
        }
        if (front.servicePort() > 0) {
            claim("port " + front.servicePort(), "PORT", service);
        }
    }

    private void claim(String what, String word, Service service) {
        List<Service> known = owners.computeIfAbsent(what, unused -> new ArrayList<>());
        Optional<Service> owner = known.stream()
                .filter(one -> together(one.front().groups(), service.front().groups()))
                .findFirst();
        if (owner.isEmpty()) {
            known.add(service);
            return;
        }
        faults.computeIfAbsent(new AppId(service.app()), unused -> new ArrayList<>())
                .add(new Fault("TIDE_" + service.portIndex() + "_" + word,
                        what + " is already served for " + owner.get().id()
                                + ", the first by name; change one of them"));
    }

    private static boolean together(List<String> groups, List<String> others) {
        return groups.isEmpty() || others.isEmpty() || !Collections.disjoint(groups, others);
    }
}
