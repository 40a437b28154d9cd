package io.springtide.master.http;

import io.springtide.api.marathon.PathId;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.GroupSpec;
import io.springtide.core.model.RunKind;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.GroupState;
import io.springtide.core.state.Memory;
import io.springtide.core.state.RemovedApps;
import io.springtide.core.state.RemovedGroups;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An app, a pod or a group from when it came to be until it went; what has the same path later is another
 * one.
 *
 * @param what for people, such as {@code app '/shop/web'}
 * @param versions those that are kept
 * @param memory how far back these tell what it was
 * @param endMs when it went; {@link Long#MAX_VALUE} if it is there
 */
record Life<V>(String what, NavigableMap<Long, V> versions, Memory memory, long endMs) {

    Life {
        versions = Collections.unmodifiableNavigableMap(new TreeMap<>(versions));
    }

    /** All in a group at any depth, the group itself included. */
    static List<Life<?>> within(ClusterState state, PathId group) {
        List<Life<?>> all = new ArrayList<>(ofApps(state, group));
        all.addAll(ofGroups(state, group));
        return all;
    }

    /** Of the apps and pods in a group: those that are gone first. */
    static List<Life<AppVersion>> ofApps(ClusterState state, PathId group) {
        List<Life<AppVersion>> lives = new ArrayList<>();
        for (RemovedApps.Removed gone : state.removed().all()) {
            if (new PathId(gone.id().path()).isBelow(group)) {
                lives.add(new Life<>(name(gone.versions(), gone.id().path()), gone.versions(),
                        gone.memory(), gone.removedMs()));
            }
        }
        for (AppState app : state.appsBelow(group.path()).values()) {
            lives.add(new Life<>(name(app.history(), app.id().path()), app.history(),
                    app.memory(), Long.MAX_VALUE));
        }
        return lives;
    }

    /** Of a group and those in it: those that are gone first. */
    static List<Life<GroupSpec>> ofGroups(ClusterState state, PathId group) {
        List<Life<GroupSpec>> lives = new ArrayList<>();
        for (RemovedGroups.Removed gone : state.groups().removed().all()) {
            PathId path = new PathId(gone.path());
            if (path.equals(group) || path.isBelow(group)) {
                lives.add(new Life<>("group '" + path + "'", gone.versions(), gone.memory(),
                        gone.removedMs()));
            }
        }
        state.groups().get(group.path()).ifPresent(self -> lives.add(of(group.path(), self)));
        state.groups().below(group.path()).forEach((path, one) -> lives.add(of(path, one)));
        return lives;
    }

    private static Life<GroupSpec> of(String path, GroupState group) {
        return new Life<>("group '" + path + "'", group.versions(), group.memory(),
                Long.MAX_VALUE);
    }

    private static String name(NavigableMap<Long, AppVersion> versions, String path) {
        boolean pod = versions.lastEntry().getValue().spec().kind() == RunKind.POD;
        return (pod ? "pod '" : "app '") + path + "'";
    }

    /** When it changed, its end included. */
    NavigableSet<Long> changesMs() {
        TreeSet<Long> all = new TreeSet<>(versions.keySet());
        if (endMs != Long.MAX_VALUE) {
            all.add(endMs);
        }
        return all;
    }

    /** What it was at a time; empty if it was not there. */
    Optional<V> at(long timeMs) {
        return timeMs >= endMs
                ? Optional.empty()
                : Optional.ofNullable(versions.floorEntry(timeMs)).map(entry -> entry.getValue());
    }

    /** Whether it was there at a time, or may have been, and nobody knows as what. */
    boolean forgottenAt(long timeMs) {
        return timeMs < endMs && !memory.covers(timeMs, versions);
    }

    /** From when on it is known what it was, or that it was gone. */
    long forgottenUntilMs() {
        return Math.min(endMs, memory.knownFromMs(versions));
    }

    /** The times at which one of them is forgotten: from, and up to but not including. */
    static NavigableMap<Long, Long> forgotten(List<Life<?>> lives) {
        TreeMap<Long, Long> spans = new TreeMap<>();
        for (Life<?> life : lives) {
            long fromMs = life.memory.createdMs();
            if (fromMs < life.forgottenUntilMs()) {
                spans.merge(fromMs, life.forgottenUntilMs(), Math::max);
            }
        }
        return spans;
    }
}
