package io.springtide.master.traffic;

import io.springtide.cloud.spi.traffic.TrafficDriver;
import io.springtide.cloud.spi.traffic.TrafficDriverFactory;
import io.springtide.master.config.DriverSetting;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** Finds drivers by their names. */
public final class Drivers {

    private Drivers() {}

    /**
     * Opens drivers; they work from their first table on.
     *
     * @throws IllegalArgumentException with a sentence for the operator, if one is unknown or refuses its
     *     settings; none is left open then
     */
    public static List<TrafficDriver> open(List<DriverSetting> settings) {
        if (settings.isEmpty()) {
            return List.of();
        }
        TreeMap<String, TrafficDriverFactory> known = new TreeMap<>();
        ServiceLoader.load(TrafficDriverFactory.class, Drivers.class.getClassLoader())
                .forEach(factory -> known.put(factory.name(), factory));
        List<TrafficDriver> drivers = new ArrayList<>();
        boolean opened = false;
        try {
            for (DriverSetting one : settings) {
                TrafficDriverFactory factory = known.get(one.name());
                if (factory == null) {
                    throw new IllegalArgumentException("--traffic " + one.written()
                            + ": there is no driver of that name; there are "
                            + String.join(", ", known.keySet()) + ", and none");
                }
                drivers.add(open(factory, one));
            }
            opened = true;
            return drivers;
        } finally {
            if (!opened) {
                drivers.forEach(TrafficDriver::close);
            }
        }
    }

    private static TrafficDriver open(TrafficDriverFactory factory, DriverSetting setting) {
        try {
            return factory.open(setting.settings());
        } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException(
                    "--traffic " + setting.written() + ": " + refused.getMessage(), refused);
        }
    }

    /**
     * Tries whether drivers can be opened.
     *
     * @throws IllegalArgumentException as {@link #open}
     */
    public static void check(List<DriverSetting> settings) {
        open(settings).forEach(TrafficDriver::close);
    }
}
