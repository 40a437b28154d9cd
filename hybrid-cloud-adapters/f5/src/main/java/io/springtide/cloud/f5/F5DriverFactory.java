package io.springtide.cloud.f5;

import io.springtide.cloud.spi.traffic.TrafficDriver;
import io.springtide.cloud.spi.traffic.TrafficDriverFactory;
import java.util.Map;

/** Makes drivers of BIG-IPs; docs/traffic-f5.md says what the settings mean. */
public final class F5DriverFactory implements TrafficDriverFactory {

    @Override
    public String name() {
        return F5Driver.NAME;
    }

    @Override
    public TrafficDriver open(Map<String, String> settings) {
        return new F5Driver(F5Settings.of(settings), F5Driver.Pace.USUAL);
    }
}
