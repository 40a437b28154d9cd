package io.springtide.cloud.spi.traffic;

import java.util.List;

/**
 * How the traffic of a service is shared and bounded.
 *
 * @param balance which endpoint takes the next request
 * @param stickyCookie name of the cookie that binds a client to an endpoint; empty = not bound
 * @param requestsPerSecondMax beyond it requests wait or are refused; 0 = no limit
 * @param waitingMax so many requests may wait for an endpoint or for the limit; further ones are refused at once
 * @param waitMsMax so long a request waits at most
 * @param slowStartMs an endpoint's weight rises from a tenth to all of it within this time; 0 = at once
 * @param requestMsMax so long an endpoint may take to begin its answer
 * @param splits requests that go to one version of the app whatever the weights say; the first match counts
 */
public record TrafficRules(Balance balance, String stickyCookie, int requestsPerSecondMax,
        int waitingMax, int waitMsMax, int slowStartMs, int requestMsMax, List<Split> splits) {

    /** Which endpoint takes the next request. */
    public enum Balance {
        LEAST_CONNECTIONS, ROUND_ROBIN, SOURCE
    }

    /**
     * Requests with a header or a cookie of this value go to a version.
     *
     * @param header name of a header; empty if a cookie is meant
     * @param cookie name of a cookie; empty if a header is meant
     */
    public record Split(String header, String cookie, String value, long versionMs) {}

    /** Least connections, a short wait, half a minute for an answer. */
    public static final TrafficRules DEFAULT = new TrafficRules(Balance.LEAST_CONNECTIONS, "", 0,
            1_000, 5_000, 0, 30_000, List.of());

    public TrafficRules {
        splits = List.copyOf(splits);
    }
}
