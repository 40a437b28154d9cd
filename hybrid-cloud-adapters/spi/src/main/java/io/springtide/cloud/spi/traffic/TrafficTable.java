package io.springtide.cloud.spi.traffic;

import java.util.List;

/**
 * Everything that is to be served.
 *
 * @param revision rises with every change; a table of a new leader is higher than all before
 */
public record TrafficTable(long revision, List<Service> services) {

    /** Nothing is served, and nothing has been said yet. */
    public static final TrafficTable EMPTY = new TrafficTable(0, List.of());

    public TrafficTable {
        services = List.copyOf(services);
    }
}
