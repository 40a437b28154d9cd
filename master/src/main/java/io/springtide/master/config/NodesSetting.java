package io.springtide.master.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A pool of machines that an operator wants, {@code POOL=FILE.properties}.
 *
 * @param name of the pool
 * @param written as it stands in the option
 * @param settings of the pool and of its adapter
 */
public record NodesSetting(String name, String written, Map<String, String> settings) {

    /** Room for its machines' tokens in names of all clouds. */
    private static final String NAME = "[a-z]([a-z0-9-]{0,28}[a-z0-9])?";

    /** More are a mistake. */
    private static final int POOLS_MAX = 20;

    public NodesSetting {
        settings = Map.copyOf(settings);
    }

    /**
     * Reads what was given for {@code --nodes}.
     *
     * @throws IllegalArgumentException with a sentence for the operator
     */
    public static List<NodesSetting> parse(List<String> options) {
        List<NodesSetting> pools = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>();
        for (String option : options) {
            int equals = option.indexOf('=');
            String name = equals < 0 ? option : option.substring(0, equals);
            if (equals < 0 || !name.matches(NAME)) {
                throw new IllegalArgumentException("--nodes " + option
                        + ": write POOL=FILE.properties, the pool's name in small letters, digits"
                        + " and dashes, of at most 30 characters");
            }
            if (!names.add(name)) {
                throw new IllegalArgumentException("--nodes " + name + " is given twice");
            }
            pools.add(new NodesSetting(name, option, new TreeMap<>(
                    SettingsFile.read("--nodes " + option, option.substring(equals + 1)))));
        }
        if (pools.size() > POOLS_MAX) {
            throw new IllegalArgumentException(
                    "--nodes is given more than " + POOLS_MAX + " times");
        }
        return pools;
    }
}
