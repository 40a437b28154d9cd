package io.springtide.api.marathon;

import java.util.List;

/**
 * What the server knows of an app beyond its definition.
 *
 * @param versionMs when this version was made
 * @param lastScalingAtMs when the wanted number of instances changed last
 * @param lastConfigChangeAtMs when anything else changed last
 * @param servicePorts as assigned, by position; they stand in for ports that were asked for as 0
 */
public record AppMeta(long versionMs, long lastScalingAtMs, long lastConfigChangeAtMs,
        List<Integer> servicePorts) {

    /** Keeps its own copy. */
    public AppMeta {
        servicePorts = List.copyOf(servicePorts);
    }

    /** All times alike, no ports assigned. */
    public static AppMeta at(long versionMs) {
        return new AppMeta(versionMs, versionMs, versionMs, List.of());
    }
}
