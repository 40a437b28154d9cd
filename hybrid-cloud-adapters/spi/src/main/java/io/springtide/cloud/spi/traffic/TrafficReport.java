package io.springtide.cloud.spi.traffic;

import java.util.List;

/**
 * How far a driver has come, and what it has measured.
 *
 * @param revision of the newest table that is in force everywhere; 0 = none yet
 * @param trouble a sentence with what is wrong and what to do; empty if all is well
 * @param atMs when it was measured, by the clock of this process; 0 = nothing measured yet
 */
public record TrafficReport(long revision, String trouble, long atMs, List<ServiceLoad> services) {

    /** A driver that has not done anything yet. */
    public static final TrafficReport NOTHING = new TrafficReport(0, "", 0, List.of());

    public TrafficReport {
        services = List.copyOf(services);
    }

    /**
     * One service in about the last second.
     *
     * @param service its {@link Service#id}
     * @param arrivalsPerSecond requests that came, those that were refused included
     * @param refusedPerSecond turned away without having reached an endpoint
     * @param waiting requests that wait for an endpoint now
     */
    public record ServiceLoad(String service, double arrivalsPerSecond, double refusedPerSecond,
            int waiting, List<EndpointLoad> endpoints) {

        public ServiceLoad {
            endpoints = List.copyOf(endpoints);
        }
    }

    /**
     * One endpoint in about the last second.
     *
     * @param inFlight requests, or connections of a TCP service, that are under way now
     * @param sessions clients bound to it that may still come back
     * @param errorsPerSecond answers of 5xx, and requests without an answer
     * @param meanMs until the answer was complete; -1 = nothing was answered
     * @param p99Ms the same, of one in a hundred; -1 = unknown
     */
    public record EndpointLoad(long instance, int inFlight, int sessions, double requestsPerSecond,
            double errorsPerSecond, double meanMs, double p99Ms) {

        /** The same instance, as two load balancers that both send it traffic see it together. */
        public EndpointLoad plus(EndpointLoad other) {
            double requests = requestsPerSecond + other.requestsPerSecond;
            double mean = meanMs < 0 || other.meanMs < 0 || requests == 0
                    ? Math.max(meanMs, other.meanMs)
                    : (meanMs * requestsPerSecond + other.meanMs * other.requestsPerSecond)
                            / requests;
            // Of two tails nobody knows the tail of both: it is no further than the further one.
            return new EndpointLoad(instance, inFlight + other.inFlight,
                    sessions + other.sessions, requests, errorsPerSecond + other.errorsPerSecond,
                    mean, Math.max(p99Ms, other.p99Ms));
        }
    }
}
