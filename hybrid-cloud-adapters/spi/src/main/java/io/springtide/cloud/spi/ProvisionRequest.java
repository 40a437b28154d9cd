package io.springtide.cloud.spi;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * One machine that is wanted.
 *
 * @param token makes the request repeatable: one machine for each token, however often it is asked for
 * @param clusterId whose machine it will be
 * @param template what the outside calls the image or template
 * @param cpusMilli at least so many thousandths of a processor
 * @param memMib at least so much memory
 * @param site the failure domain it has to be in
 * @param labels put on the machine, for people and for finding it again
 */
public record ProvisionRequest(String token, String clusterId, String template, long cpusMilli,
        long memMib,
        String site, Map<String, String> labels) {

    public ProvisionRequest {
        if (token.isBlank() || clusterId.isBlank()) {
            throw new IllegalArgumentException(
                    "a request for a machine needs a token and a cluster id");
        }
        if (cpusMilli <= 0 || memMib <= 0) {
            throw new IllegalArgumentException("a machine has processors and memory");
        }
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }
}
