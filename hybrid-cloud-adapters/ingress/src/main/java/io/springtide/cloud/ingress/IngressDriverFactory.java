package io.springtide.cloud.ingress;

import io.springtide.cloud.spi.traffic.TrafficDriver;
import io.springtide.cloud.spi.traffic.TrafficDriverFactory;
import java.util.Map;

/** Makes the master's side of the embedded load balancer. It has no settings: the ingresses come by themselves. */
public final class IngressDriverFactory implements TrafficDriverFactory {

    @Override
    public String name() {
        return IngressDriver.NAME;
    }

    @Override
    public TrafficDriver open(Map<String, String> settings) {
        if (!settings.isEmpty()) {
            throw new IllegalArgumentException("the traffic driver 'ingress' has no settings, but "
                    + settings.keySet() + " was given; an ingress is configured where it runs:"
                    + " tide ingress --help");
        }
        return new IngressDriver();
    }
}
