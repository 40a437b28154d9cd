package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.App;
import io.springtide.api.marathon.AppMeta;
import io.springtide.api.marathon.AppWriter;
import io.springtide.api.marathon.PodWriter;
import io.springtide.core.model.AppVersion;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Reads definitions back from their text, each once: load balancers fetch all apps every few seconds. What
 * the state no longer holds is forgotten by itself. Any thread.
 */
final class AppDefinitions {

    private final Map<String, App> byText = new WeakHashMap<>();

    /** The app as it was asked for, service ports left to us still 0. */
    App app(AppVersion version) {
        String text = version.spec().definition();
        synchronized (byText) {
            App known = byText.get(text);
            if (known != null) {
                return known.withInstances(version.spec().instances());
            }
        }
        App read = AppWriter.fromDefinition(text, version.spec().instances());
        synchronized (byText) {
            byText.put(text, read);
        }
        return read;
    }

    /** The pod as clients see it. */
    ObjectNode pod(AppVersion version) {
        return PodWriter.write(PodWriter.fromDefinition(version.spec().definition(),
                version.spec().instances()), version.versionMs());
    }

    /** What it says about its placement in our own words, which clients of Marathon do not see. */
    ObjectNode placement(AppVersion version) {
        return AppWriter.placement(app(version));
    }

    /** What it says about its changes in our own words, likewise. */
    ObjectNode rollout(AppVersion version) {
        return AppWriter.rollout(app(version));
    }

    /** What becomes of it in a partition, likewise. */
    String onPartition(AppVersion version) {
        return app(version).rollout().onPartition().json();
    }

    /** The app as clients see it, its service ports resolved. */
    ObjectNode json(AppVersion version) {
        if (PodJson.isPod(version)) {
            return PodJson.definition(version);
        }
        return AppWriter.write(app(version), new AppMeta(version.versionMs(), version.scaledMs(),
                version.configuredMs(), version.spec().servicePorts()));
    }
}
