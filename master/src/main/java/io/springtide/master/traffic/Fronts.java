package io.springtide.master.traffic;

import io.springtide.api.marathon.RequestRefused;
import io.springtide.api.marathon.Timestamps;
import io.springtide.cloud.spi.traffic.Front;
import io.springtide.cloud.spi.traffic.TrafficRules;
import io.springtide.core.model.AppVersion;
import io.springtide.core.state.AppState;
import io.springtide.master.traffic.Published.Fault;
import io.springtide.master.traffic.Published.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The routes of an app with everything filled in that the cluster knows: service ports, and which
 * version a split means.
 *
 * @param faults those of the labels, and those that have come up here
 */
record Fronts(List<Of> routes, List<Fault> faults) {

    /** One port. */
    record Of(int portIndex, Front front, TrafficRules rules) {}

    Fronts {
        routes = List.copyOf(routes);
        faults = List.copyOf(faults);
    }

    /** Which ports of an instance they lead to, in order. */
    List<Integer> portIndices() {
        return routes.stream().map(Of::portIndex).toList();
    }

    static Fronts of(AppState app, Published published) {
        List<Fault> faults = new ArrayList<>(published.faults());
        List<Of> fronts = new ArrayList<>();
        for (Route route : published.routes()) {
            int port = servicePort(app, route);
            if (route.protocol() == Front.Protocol.TCP && port == 0) {
                faults.add(new Fault("TIDE_" + route.portIndex() + "_PORT",
                        "TCP needs a service port, and this port has none; it is not served"));
                continue;
            }
            fronts.add(new Of(route.portIndex(),
                    new Front(route.protocol(), route.hosts(), route.pathPrefix(), port,
                            route.groups()),
                    rules(app, route, faults)));
        }
        return new Fronts(fronts, faults);
    }

    private static int servicePort(AppState app, Route route) {
        if (route.servicePort() != Route.OF_THE_APP) {
            return route.servicePort();
        }
        List<Integer> ports = app.current().spec().servicePorts();
        return route.portIndex() < ports.size() ? ports.get(route.portIndex()) : 0;
    }

    private static TrafficRules rules(AppState app, Route route, List<Fault> faults) {
        TrafficRules rules = route.rules();
        if (route.splits().isEmpty()) {
            return rules;
        }
        List<TrafficRules.Split> splits = new ArrayList<>();
        for (Published.WantedSplit split : route.splits()) {
            OptionalLong version = version(app, split.version());
            if (version.isPresent()) {
                splits.add(new TrafficRules.Split(split.header(), split.cookie(), split.value(),
                        version.getAsLong()));
            } else {
                faults.add(new Fault("TIDE_" + route.portIndex() + "_SPLIT", "the app has no"
                        + " version '" + split.version() + "'; that split is left out"));
            }
        }
        return new TrafficRules(rules.balance(), rules.stickyCookie(),
                rules.requestsPerSecondMax(), rules.waitingMax(), rules.waitMsMax(),
                rules.slowStartMs(), rules.requestMsMax(), splits);
    }

    /** As endpoints have it: by when the configuration changed. */
    private static OptionalLong version(AppState app, String word) {
        long currentMs = app.current().configuredMs();
        if (word.equals("current")) {
            return OptionalLong.of(currentMs);
        }
        if (word.equals("previous")) {
            return app.versions().stream().mapToLong(AppVersion::configuredMs)
                    .filter(ms -> ms < currentMs).max();
        }
        try {
            Optional<AppVersion> named = app.version(Timestamps.parse(word));
            return named.isPresent()
                    ? OptionalLong.of(named.get().configuredMs())
                    : OptionalLong.empty();
        } catch (RequestRefused noTime) {
            return OptionalLong.empty();
        }
    }
}
