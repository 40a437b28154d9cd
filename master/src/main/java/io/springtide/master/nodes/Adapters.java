package io.springtide.master.nodes;

import io.springtide.cloud.spi.NodeProvider;
import io.springtide.cloud.spi.NodeProviderFactory;
import io.springtide.master.config.NodesSetting;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** Finds adapters of machines by their names. */
public final class Adapters {

    private Adapters() {}

    /**
     * A pool and who orders its machines.
     *
     * @param provider closed by whoever opened it
     */
    record Opened(PoolSettings settings, NodeProvider provider) {}

    /**
     * Opens the adapters of pools.
     *
     * @throws IllegalArgumentException with a sentence for the operator, if one is unknown or a setting is
     *     refused; none is left open then
     */
    static List<Opened> open(List<NodesSetting> settings) {
        if (settings.isEmpty()) {
            return List.of();
        }
        TreeMap<String, NodeProviderFactory> known = new TreeMap<>();
        ServiceLoader.load(NodeProviderFactory.class, Adapters.class.getClassLoader())
                .forEach(factory -> known.put(factory.name(), factory));
        List<Opened> opened = new ArrayList<>();
        boolean all = false;
        try {
            for (NodesSetting one : settings) {
                PoolSettings pool = PoolSettings.of(one);
                NodeProviderFactory factory = known.get(pool.adapter());
                if (factory == null) {
                    throw new IllegalArgumentException("--nodes " + one.written()
                            + ": there is no adapter '" + pool.adapter() + "'; there are "
                            + String.join(", ", known.keySet()));
                }
                opened.add(new Opened(pool, open(factory, one, pool)));
            }
            all = true;
            return opened;
        } finally {
            if (!all) {
                opened.forEach(one -> one.provider().close());
            }
        }
    }

    private static NodeProvider open(NodeProviderFactory factory, NodesSetting written,
            PoolSettings pool) {
        try {
            return factory.open(pool.own());
        } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException(
                    "--nodes " + written.written() + ": " + refused.getMessage(), refused);
        }
    }

    /**
     * Tries whether the adapters can be opened.
     *
     * @throws IllegalArgumentException as {@link #open}
     */
    public static void check(List<NodesSetting> settings) {
        open(settings).forEach(one -> one.provider().close());
    }
}
