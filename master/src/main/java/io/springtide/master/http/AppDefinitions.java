package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.App;
import io.springtide.api.marathon.AppMeta;
import io.springtide.api.marathon.AppWriter;
import io.springtide.api.marathon.PodWriter;
import io.springtide.core.model.AppVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;

/**
 * Reads definitions back from their text, each once: load balancers fetch all apps every few seconds. What
 * the state no longer holds is forgotten by itself. Any thread.
 */
final class AppDefinitions {

    private final Map<String, Known> byText = new WeakHashMap<>();

    /** What has been made of a definition; it must not hold the definition itself. */
    private static final class Known {
        private final App app;
        private volatile Optional<AppText> text = Optional.empty();
        private volatile Optional<TaskParts> tasks = Optional.empty();

        Known(App app) {
            this.app = app;
        }
    }

    /** The app as it was asked for, service ports left to us still 0. */
    App app(AppVersion version) {
        return known(version).app.withInstances(version.spec().instances());
    }

    /** The app as clients see it, its service ports resolved; not for pods. */
    AppText text(AppVersion version) {
        Known known = known(version);
        List<Integer> servicePorts = version.spec().servicePorts();
        Optional<AppText> kept = known.text;
        if (kept.isPresent() && kept.get().servicePorts().equals(servicePorts)) {
            return kept.get();
        }
        AppText made = AppText.of(known.app, servicePorts);
        known.text = Optional.of(made);
        return made;
    }

    /** What its tasks have in common; not for pods. */
    TaskParts tasks(AppVersion version, String clusterId) {
        Known known = known(version);
        Optional<TaskParts> kept = known.tasks;
        if (kept.isPresent() && kept.get().clusterId().equals(clusterId)) {
            return kept.get();
        }
        TaskParts made = TaskParts.of(known.app, clusterId);
        known.tasks = Optional.of(made);
        return made;
    }

    private Known known(AppVersion version) {
        String text = version.spec().definition();
        synchronized (byText) {
            Known known = byText.get(text);
            if (known != null) {
                return known;
            }
        }
        Known read = new Known(AppWriter.fromDefinition(text, version.spec().instances()));
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
