package io.springtide.cloud.spi;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * One machine that is wanted.
 *
 * @param token makes the request repeatable: one machine for each token, however often it is asked for
 * @param clusterId whose machine it will be
 * @param template what the outside calls the image or template; may be empty
 * @param size of it, at least
 * @param site the failure domain it has to be in, and its agent has to name; may be empty
 * @param rack failure domain within the site that its agent has to name; may be empty
 * @param attributes its agent has to register with all of these: that is how it is recognised
 * @param labels put on the machine, for people and for finding it again
 */
public record ProvisionRequest(String token, String clusterId, String template, Size size,
        String site, String rack, Map<String, String> attributes, Map<String, String> labels) {

    /**
     * How large a machine has to be.
     *
     * @param cpusMilli thousandths of a processor
     * @param diskMib 0 if that does not matter
     */
    public record Size(long cpusMilli, long memMib, long diskMib, int gpus) {

        public Size {
            if (cpusMilli <= 0 || memMib <= 0 || diskMib < 0 || gpus < 0) {
                throw new IllegalArgumentException("a machine has processors and memory");
            }
        }
    }

    public ProvisionRequest {
        if (token.isBlank() || clusterId.isBlank()) {
            throw new IllegalArgumentException(
                    "a request for a machine needs a token and a cluster id");
        }
        attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }
}
