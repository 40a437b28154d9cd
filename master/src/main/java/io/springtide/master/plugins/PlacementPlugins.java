package io.springtide.master.plugins;

import io.springtide.core.placement.PlacementSettings;
import io.springtide.core.placement.Scorer;
import io.springtide.core.placement.Scorers;
import java.util.List;
import java.util.ServiceLoader;

/**
 * How this master places: with the built-in scorers and those that lie on the class path, each named in a
 * file {@code META-INF/services/io.springtide.core.placement.Scorer}. All masters of a cluster must have
 * the same ones.
 */
public final class PlacementPlugins {

    private static final PlacementSettings SETTINGS = load();

    private PlacementPlugins() {}

    /** Found once, when the master starts. */
    public static PlacementSettings settings() {
        return SETTINGS;
    }

    private static PlacementSettings load() {
        List<Scorer> added = ServiceLoader.load(Scorer.class).stream()
                .map(ServiceLoader.Provider::get).toList();
        return new PlacementSettings(new Scorers(added),
                PlacementSettings.DEFAULT.slackMarginPpm());
    }
}
