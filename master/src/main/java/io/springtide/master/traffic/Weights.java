package io.springtide.master.traffic;

import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.core.model.AppVersion;
import io.springtide.core.state.AppState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the traffic of an app is shared between its versions: each version's part is divided over its
 * instances. Versions that differ in nothing but the count are one; what is not named gets nothing. If
 * no instance would get anything, all get the same: wrong weights must not turn everybody away.
 */
record Weights(Map<Long, Integer> byVersion) {

    static final Weights NONE = new Weights(Map.of());

    static Weights of(AppState app) {
        if (app.weights().isEmpty()) {
            return NONE;
        }
        Map<Long, Integer> byVersion = new TreeMap<>();
        app.weights().forEach((versionMs, weight) -> byVersion.merge(
                app.version(versionMs).map(AppVersion::configuredMs).orElse(versionMs), weight,
                Integer::sum));
        return new Weights(byVersion);
    }

    /** The same endpoints, weighted. */
    List<Endpoint> apply(List<Endpoint> endpoints) {
        if (byVersion.isEmpty()) {
            return endpoints;
        }
        Map<Long, Integer> counts = new HashMap<>();
        for (Endpoint one : endpoints) {
            counts.merge(one.versionMs(), one.draining() ? 0 : 1, Integer::sum);
        }
        double most = 0;
        for (Map.Entry<Long, Integer> one : counts.entrySet()) {
            most = Math.max(most, each(one.getKey(), one.getValue()));
        }
        if (most == 0) {
            return endpoints;
        }
        List<Endpoint> weighted = new ArrayList<>(endpoints.size());
        for (Endpoint one : endpoints) {
            double share = each(one.versionMs(), counts.getOrDefault(one.versionMs(), 0)) / most;
            int weight = share == 0 ? 0 : (int) Math.max(1, Math.round(share * Endpoint.WEIGHT));
            weighted.add(new Endpoint(one.instance(), one.host(), one.port(), one.versionMs(),
                    weight, one.draining()));
        }
        return weighted;
    }

    private double each(long versionMs, int count) {
        return count == 0 ? 0 : byVersion.getOrDefault(versionMs, 0) / (double) count;
    }
}
