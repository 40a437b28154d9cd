package io.springtide.cloud.spi.traffic;

import java.util.Map;

/** Makes a driver from its configuration. Found with {@link java.util.ServiceLoader}. */
public interface TrafficDriverFactory {

    /** Names the driver in the master's {@code --traffic} option, e.g. {@code haproxy}. */
    String name();

    /**
     * A driver that works from its first table on. The outside need not answer yet.
     *
     * @param settings what the operator wrote, by the driver's own names
     * @throws IllegalArgumentException with a sentence for the operator, if a setting is missing or wrong
     */
    TrafficDriver open(Map<String, String> settings);
}
