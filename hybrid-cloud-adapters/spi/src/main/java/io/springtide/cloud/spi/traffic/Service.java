package io.springtide.cloud.spi.traffic;

import java.util.List;

/**
 * One port of an app, as it is reached from outside.
 *
 * @param app e.g. {@code /shop/cart}
 * @param portIndex which of the app's ports
 * @param front how it is reached
 * @param rules how traffic is shared and bounded
 * @param endpoints the instances, those that are leaving included; drivers keep the order of none
 */
public record Service(String app, int portIndex, Front front, TrafficRules rules,
        List<Endpoint> endpoints) {

    public Service {
        endpoints = List.copyOf(endpoints);
    }

    /** Names the service in reports, e.g. {@code /shop/cart:0}. */
    public String id() {
        return app + ":" + portIndex;
    }
}
