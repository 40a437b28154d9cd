package io.springtide.core.state;

import io.springtide.core.model.GroupSpec;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** A group, as it has been from time to time. Only {@code apply} changes it. */
public final class GroupState {

    static final int VERSIONS_MAX = 50;

    final TreeMap<Long, GroupSpec> versions = new TreeMap<>();
    Memory memory;

    GroupState(GroupSpec first, long versionMs) {
        versions.put(versionMs, first);
        this.memory = Memory.since(versionMs);
    }

    GroupState(NavigableMap<Long, GroupSpec> versions, Memory memory) {
        this.versions.putAll(versions);
        this.memory = memory;
    }

    /** What is said of it now. */
    public GroupSpec current() {
        return versions.lastEntry().getValue();
    }

    /** When that was said. */
    public long versionMs() {
        return versions.lastKey();
    }

    /** By the time from which it was said, oldest first. */
    public NavigableMap<Long, GroupSpec> versions() {
        return Collections.unmodifiableNavigableMap(versions);
    }

    /** How far back {@link #versions} tell what was said of it. */
    public Memory memory() {
        return memory;
    }

    /** What was said of it at a time; empty if it was not there yet. */
    public Optional<GroupSpec> at(long versionMs) {
        return Optional.ofNullable(versions.floorEntry(versionMs)).map(entry -> entry.getValue());
    }

    void add(GroupSpec group, long versionMs) {
        versions.put(versionMs, group);
        if (versions.size() > VERSIONS_MAX) {
            memory = memory.forgetting(versions.pollFirstEntry().getKey());
        }
    }
}
