package io.springtide.core.state;

import io.springtide.core.model.AppId;
import io.springtide.core.model.AppVersion;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The apps that went last, so that a rollback can bring them back. Only {@code apply} changes it. */
public final class RemovedApps {

    /** Enough for the largest group that goes by mistake, little enough to keep. */
    static final int APPS_MAX = 1_000;

    /** Of each app; older ones are not what anybody goes back to. */
    static final int VERSIONS_MAX = 10;

    /** One of them, with its newest versions, oldest first. */
    public record Removed(AppId id, NavigableMap<Long, AppVersion> versions, Memory memory,
            long removedMs) {

        public Removed {
            versions = Collections.unmodifiableNavigableMap(new TreeMap<>(versions));
        }

        /** What it was at a time; empty if it was gone by then, or not there yet. */
        public Optional<AppVersion> at(long versionMs) {
            return versionMs >= removedMs
                    ? Optional.empty()
                    : Optional.ofNullable(versions.floorEntry(versionMs))
                            .map(Map.Entry::getValue);
        }
    }

    final LinkedHashMap<AppId, Removed> byId = new LinkedHashMap<>();

    public Optional<Removed> get(AppId id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Those that went first come first. */
    public Collection<Removed> all() {
        return Collections.unmodifiableCollection(byId.values());
    }

    void add(AppState app, long removedMs) {
        TreeMap<Long, AppVersion> kept = new TreeMap<>(app.versions);
        Memory memory = app.memory;
        while (kept.size() > VERSIONS_MAX) {
            memory = memory.forgetting(kept.pollFirstEntry().getKey());
        }
        Removed before = byId.get(app.id);
        if (before != null) {
            memory = memory.after(before.memory(), before.removedMs());
        }
        add(new Removed(app.id, kept, memory, removedMs));
    }

    void add(Removed removed) {
        byId.remove(removed.id());
        byId.put(removed.id(), removed);
        if (byId.size() > APPS_MAX) {
            byId.remove(byId.keySet().iterator().next());
        }
    }
}
