package io.springtide.master.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A traffic driver that an operator wants, {@code NAME} or {@code NAME=FILE.properties}.
 *
 * @param written as it stands in the option
 * @param settings by the driver's own names
 */
public record DriverSetting(String name, String written, Map<String, String> settings) {

    /** What is driven if nothing is said. */
    public static final List<DriverSetting> USUAL = List
            .of(new DriverSetting("ingress", "ingress", Map.of()));

    /** Says that nothing is driven. */
    private static final String NONE = "none";

    public DriverSetting {
        settings = Map.copyOf(settings);
    }

    /**
     * Reads what was given for {@code --traffic}.
     *
     * @throws IllegalArgumentException with a sentence for the operator
     */
    public static List<DriverSetting> parse(List<String> options) {
        if (options.isEmpty()) {
            return USUAL;
        }
        if (options.contains(NONE)) {
            if (options.size() > 1) {
                throw new IllegalArgumentException(
                        "--traffic none says that nothing is driven; leave out the others");
            }
            return List.of();
        }
        List<DriverSetting> drivers = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>();
        for (String option : options) {
            int equals = option.indexOf('=');
            String name = equals < 0 ? option : option.substring(0, equals);
            if (!names.add(name)) {
                throw new IllegalArgumentException("--traffic " + name
                        + " is given twice; one driver takes all groups it is to serve");
            }
            drivers.add(new DriverSetting(name, option,
                    equals < 0
                            ? Map.of()
                            : SettingsFile
                                    .read("--traffic " + option, option.substring(equals + 1))));
        }
        return drivers;
    }
}
