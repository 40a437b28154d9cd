package io.springtide.core.state;

import io.springtide.core.event.Event;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The groups of a cluster, by path; the root is not among them. Only {@code apply} changes it. */
public final class GroupTable {

    final TreeMap<String, GroupState> byPath = new TreeMap<>();
    final RemovedGroups removed = new RemovedGroups();

    /** The newest groups that are gone. */
    public RemovedGroups removed() {
        return removed;
    }

    public Optional<GroupState> get(String path) {
        return Optional.ofNullable(byPath.get(path));
    }

    /** By path. */
    public NavigableMap<String, GroupState> all() {
        return Collections.unmodifiableNavigableMap(byPath);
    }

    /** The groups below one, by path, itself not included. */
    public NavigableMap<String, GroupState> below(String group) {
        if (group.equals("/")) {
            return all();
        }
        // '0' is what follows '/' in order.
        return Collections.unmodifiableNavigableMap(
                byPath.subMap(group + "/", true, group + "0", false));
    }

    void apply(Event.GroupChanged changed) {
        GroupState known = byPath.get(changed.group().path());
        if (known == null) {
            byPath.put(changed.group().path(),
                    new GroupState(changed.group(), changed.versionMs()));
        } else {
            known.add(changed.group(), changed.versionMs());
        }
    }

    void apply(Event.GroupRemoved removed) {
        GroupState gone = byPath.remove(removed.path());
        if (gone != null) {
            this.removed.add(gone, removed.atMs());
        }
    }
}
