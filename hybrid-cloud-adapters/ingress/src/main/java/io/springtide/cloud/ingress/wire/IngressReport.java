package io.springtide.cloud.ingress.wire;

import io.springtide.cloud.spi.traffic.TrafficReport;
import java.util.List;

/**
 * What an ingress tells the masters, once a second and at once when a further table is in force.
 *
 * <p>Every service that it serves is in it, also if nothing came; of the endpoints only those with
 * something to say, so that one that is missing has no request under way and no session.
 *
 * @param id names the ingress; two that run at the same time have different ones
 * @param groups whose services it serves; empty = those of all
 * @param report the loads were counted after the report's revision had come into force, so that a request
 *     sent to an endpoint under an older table is in them
 */
public record IngressReport(String id, List<String> groups, TrafficReport report) {

    /** Characters of an id at most; a longer one is refused. */
    public static final int ID_LENGTH_MAX = 128;

    public IngressReport {
        groups = List.copyOf(groups);
        if (id.isBlank() || id.length() > ID_LENGTH_MAX) {
            throw new IllegalArgumentException("the id of an ingress has 1 to " + ID_LENGTH_MAX
                    + " characters, this one has " + id.length());
        }
    }
}
