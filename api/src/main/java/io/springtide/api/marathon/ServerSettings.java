package io.springtide.api.marathon;

import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the rules for apps depend on beside the app itself; named after Marathon's command line.
 *
 * @param features switched on, of {@link #SECRETS}, {@link #GPU_RESOURCES}, {@link #EXTERNAL_VOLUMES}
 * @param mesosRole the role of an app that names none
 * @param defaultNetworkName for container networks without a name
 */
public record ServerSettings(Set<String> features, String mesosRole,
        Optional<String> defaultNetworkName) {

    /** Apps may refer to secrets. */
    public static final String SECRETS = "secrets";

    /** Apps may ask for GPUs. */
    public static final String GPU_RESOURCES = "gpu_resources";

    /** Apps may use volumes of a storage provider. */
    public static final String EXTERNAL_VOLUMES = "external_volumes";

    /** A server started without any option. */
    public static final ServerSettings DEFAULTS = new ServerSettings(Set.of(), "*",
            Optional.empty());

    /** Keeps its own copy. */
    public ServerSettings {
        features = Collections.unmodifiableSet(new TreeSet<>(features));
    }

    /** Whether a feature is on. */
    public boolean has(String feature) {
        return features.contains(feature);
    }

    /** The same with another role, for instance in a group that enforces its own. */
    public ServerSettings withMesosRole(String role) {
        return new ServerSettings(features, role, defaultNetworkName);
    }
}
