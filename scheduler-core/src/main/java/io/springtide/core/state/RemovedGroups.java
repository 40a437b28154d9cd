package io.springtide.core.state;

import io.springtide.core.model.GroupSpec;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The groups that went last and what was said of them, for those who want them back. Only {@code apply} changes it. */
public final class RemovedGroups {

    /** As many as {@link RemovedApps}: most groups hold an app. */
    static final int GROUPS_MAX = 1_000;

    /** Of each group; older ones are not what anybody goes back to. */
    static final int VERSIONS_MAX = 10;

    /** One of them, with its newest versions, oldest first. */
    public record Removed(String path, NavigableMap<Long, GroupSpec> versions, Memory memory,
            long removedMs) {

        public Removed {
            versions = Collections.unmodifiableNavigableMap(new TreeMap<>(versions));
        }

        /** What was said of it at a time; empty if it was gone by then, or not there yet. */
        public Optional<GroupSpec> at(long timeMs) {
            return timeMs >= removedMs
                    ? Optional.empty()
                    : Optional.ofNullable(versions.floorEntry(timeMs)).map(entry -> entry
                            .getValue());
        }
    }

    final LinkedHashMap<String, Removed> byPath = new LinkedHashMap<>();

    public Optional<Removed> get(String path) {
        return Optional.ofNullable(byPath.get(path));
    }

    /** Those that went first come first. */
    public Collection<Removed> all() {
        return Collections.unmodifiableCollection(byPath.values());
    }

    void add(GroupState group, long removedMs) {
        TreeMap<Long, GroupSpec> kept = new TreeMap<>(group.versions);
        Memory memory = group.memory();
        while (kept.size() > VERSIONS_MAX) {
            memory = memory.forgetting(kept.pollFirstEntry().getKey());
        }
        Removed before = byPath.get(group.current().path());
        if (before != null) {
            memory = memory.after(before.memory(), before.removedMs());
        }
        add(new Removed(group.current().path(), kept, memory, removedMs));
    }

    void add(Removed removed) {
        byPath.remove(removed.path());
        byPath.put(removed.path(), removed);
        if (byPath.size() > GROUPS_MAX) {
            byPath.remove(byPath.keySet().iterator().next());
        }
    }
}
