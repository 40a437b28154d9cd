package io.springtide.master.traffic;

import io.springtide.cloud.spi.traffic.Front.Protocol;
import io.springtide.cloud.spi.traffic.TrafficRules;
import java.time.Duration;
import java.util.List;

/**
 * What the labels of an app say about its traffic.
 *
 * @param routes one for each port that is published; none = the app is not served
 * @param drain so long an instance that is to end may go on with what it has begun; 0 = not at all
 * @param faults labels that could not be followed
 */
public record Published(List<Route> routes, Duration drain, List<Fault> faults) {

    /** If nothing is said. */
    public static final Duration DRAIN = Duration.ofSeconds(30);

    /** Of an app that says nothing about traffic. */
    public static final Published NOTHING = new Published(List.of(), DRAIN, List.of());

    public Published {
        routes = List.copyOf(routes);
        faults = List.copyOf(faults);
    }

    /**
     * How one port is published.
     *
     * @param servicePort a port of the load balancer; 0 = none, {@link #OF_THE_APP} = the app's own
     * @param rules without splits
     */
    record Route(int portIndex, Protocol protocol, List<String> hosts, String pathPrefix,
            int servicePort, List<String> groups, TrafficRules rules, List<WantedSplit> splits) {

        static final int OF_THE_APP = -1;

        Route {
            hosts = List.copyOf(hosts);
            groups = List.copyOf(groups);
            splits = List.copyOf(splits);
        }
    }

    /**
     * Requests that are to go to one version.
     *
     * @param version as somebody wrote it: {@code current}, {@code previous}, or a time
     */
    record WantedSplit(String header, String cookie, String value, String version) {}

    /** A label that could not be followed, and what is done instead. */
    public record Fault(String label, String text) {

        /** For people, in a line. */
        public String sentence() {
            return "label " + label + ": " + text;
        }
    }
}
