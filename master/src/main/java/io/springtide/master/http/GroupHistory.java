package io.springtide.master.http;

import io.springtide.api.marathon.MarathonError;
import io.springtide.api.marathon.PathId;
import io.springtide.api.marathon.RequestRefused;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.GroupSpec;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.GroupState;
import io.springtide.core.state.RemovedApps;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a group has been, put together from what its apps and groups have been: versions of groups are not
 * kept as such, so that a change of one app costs what that app costs. What is said of groups goes with
 * them; apps that are gone are remembered for a while.
 */
final class GroupHistory {

    /** An app has at most so many versions; if it has so many, older ones may be forgotten. */
    private static final int VERSIONS_MAX = 50;

    /**
     * A group as it was.
     *
     * @param groups those in it, itself included, by path; without those of which nothing is known any more
     */
    record Past(NavigableMap<AppId, AppVersion> apps, NavigableMap<String, GroupSpec> groups) {

        Past {
            apps = Collections.unmodifiableNavigableMap(new TreeMap<>(apps));
            groups = Collections.unmodifiableNavigableMap(new TreeMap<>(groups));
        }
    }

    private GroupHistory() {}

    /** When anything in a group changed, newest first. */
    static List<Long> versions(ClusterState state, PathId group) {
        TreeSet<Long> all = new TreeSet<>();
        state.groups().get(group.path()).ifPresent(self -> all.addAll(self.versions().keySet()));
        for (GroupState one : state.groups().below(group.path()).values()) {
            all.addAll(one.versions().keySet());
        }
        for (AppState app : state.appsBelow(group.path()).values()) {
            app.versions().forEach(version -> all.add(version.versionMs()));
        }
        for (RemovedApps.Removed gone : state.removed().all()) {
            if (new PathId(gone.id().path()).isBelow(group)) {
                all.addAll(gone.versions().keySet());
                all.add(gone.removedMs());
            }
        }
        all.remove(0L);
        return new ArrayList<>(all.descendingSet());
    }

    /**
     * What a group was at a time.
     *
     * @throws RequestRefused 404 if it was not there then, or if that is too long ago to know
     */
    static Past at(ClusterState state, PathId group, long versionMs, long nowMs) {
        if (versionMs > nowMs) {
            throw unknown(group, versionMs);
        }
        TreeMap<AppId, AppVersion> apps = new TreeMap<>();
        for (RemovedApps.Removed gone : state.removed().all()) {
            if (new PathId(gone.id().path()).isBelow(group)) {
                gone.at(versionMs).ifPresent(version -> apps.put(gone.id(), version));
            }
        }
        for (AppState app : state.appsBelow(group.path()).values()) {
            Optional<AppVersion> version = at(app, versionMs);
            if (version.isEmpty() && app.versions().size() >= VERSIONS_MAX) {
                // It may have been there, and nobody knows as what: it must not look as if it had not.
                throw unknown(group, versionMs);
            }
            version.ifPresent(one -> apps.put(app.id(), one));
        }
        TreeMap<String, GroupSpec> groups = new TreeMap<>();
        state.groups().get(group.path()).flatMap(self -> self.at(versionMs))
                .ifPresent(spec -> groups.put(group.path(), spec));
        state.groups().below(group.path()).forEach(
                (path, one) -> one.at(versionMs).ifPresent(spec -> groups.put(path, spec)));
        if (apps.isEmpty() && groups.isEmpty() && !group.isRoot()) {
            throw unknown(group, versionMs);
        }
        return new Past(apps, groups);
    }

    private static Optional<AppVersion> at(AppState app, long versionMs) {
        AppVersion found = null;
        for (AppVersion version : app.versions()) {
            if (version.versionMs() <= versionMs) {
                found = version;
            }
        }
        return Optional.ofNullable(found);
    }

    private static RequestRefused unknown(PathId group, long versionMs) {
        return new RequestRefused(MarathonError.groupVersionUnknown(group, versionMs));
    }
}
