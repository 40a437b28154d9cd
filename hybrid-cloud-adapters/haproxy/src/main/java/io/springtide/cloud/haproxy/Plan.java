package io.springtide.cloud.haproxy;

import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.cloud.spi.traffic.TrafficRules;
import java.util.List;

/**
 * What HAProxy is to be made of, names checked.
 *
 * @param backends in the order of their names
 * @param routes of the virtual hosts
 * @param ports that lead to one service each
 * @param leftOut a sentence for each service that cannot be served as it is said
 */
record Plan(List<Backend> backends, List<Route> routes, List<Port> ports, List<String> leftOut) {

    Plan {
        backends = List.copyOf(backends);
        routes = List.copyOf(routes);
        ports = List.copyOf(ports);
        leftOut = List.copyOf(leftOut);
    }

    /**
     * Endpoints between which HAProxy chooses.
     *
     * @param service whose they are
     * @param slots servers there is room for
     * @param choices requests of some kind that another backend takes
     */
    record Backend(String name, String service, boolean tcp, TrafficRules rules, int slots,
            List<Endpoint> endpoints, List<Choice> choices) {

        Backend {
            endpoints = List.copyOf(endpoints);
            choices = List.copyOf(choices);
        }
    }

    /** Requests with this header or cookie go to the other backend, as long as something is open there. */
    record Choice(TrafficRules.Split split, String backend) {}

    /**
     * Requests for a host and a path.
     *
     * @param host with {@code *.} in front for all below; empty = any
     */
    record Route(String host, String pathPrefix, String backend) {}

    /** A port of its own. */
    record Port(int port, boolean tcp, String backend) {}
}
