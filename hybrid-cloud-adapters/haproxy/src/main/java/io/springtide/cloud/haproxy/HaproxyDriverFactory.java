package io.springtide.cloud.haproxy;

import io.springtide.cloud.spi.traffic.TrafficDriver;
import io.springtide.cloud.spi.traffic.TrafficDriverFactory;
import java.util.Map;

/** Makes drivers of HAProxy; docs/traffic-haproxy.md says what the settings mean. */
public final class HaproxyDriverFactory implements TrafficDriverFactory {

    @Override
    public String name() {
        return HaproxyDriver.NAME;
    }

    @Override
    public TrafficDriver open(Map<String, String> settings) {
        return new HaproxyDriver(HaproxySettings.of(settings));
    }
}
