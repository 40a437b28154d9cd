package io.springtide.cloud.spi.traffic;

import java.util.List;

/**
 * How a service is reached from outside.
 *
 * @param protocol what is spoken
 * @param hosts virtual hosts, lower case, without a port; {@code *.example.com} stands for all below; empty = any
 * @param pathPrefix of requests that are meant; {@code /} for all
 * @param servicePort a port of the load balancer that leads to this service alone; 0 = there is none
 * @param groups load balancers that serve it (HAPROXY_GROUP); empty = all
 */
public record Front(Protocol protocol, List<String> hosts, String pathPrefix, int servicePort,
        List<String> groups) {

    /** What is spoken. */
    public enum Protocol {
        HTTP, TCP
    }

    public Front {
        hosts = List.copyOf(hosts);
        groups = List.copyOf(groups);
    }
}
