package io.springtide.master.http;

import io.springtide.api.marathon.PathId;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.GroupSpec;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.GroupState;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a change of a group starts from, free of the state it was read from.
 *
 * @param exists whether the group is there
 * @param own what is said of the group itself; empty if nothing is, as of the root
 * @param self the app or pod that has the group's path, if there is one
 * @param apps those in it at any depth, pods included, as they are to be in the end
 * @param groups those in it at any depth, by path, itself not included
 */
record GroupNow(boolean exists, Optional<GroupSpec> own, Optional<AppVersion> self,
        NavigableMap<AppId, AppVersion> apps, NavigableMap<String, GroupSpec> groups) {

    GroupNow {
        apps = Collections.unmodifiableNavigableMap(new TreeMap<>(apps));
        groups = Collections.unmodifiableNavigableMap(new TreeMap<>(groups));
    }

    static GroupNow of(ClusterState state, PathId id) {
        TreeMap<AppId, AppVersion> apps = new TreeMap<>();
        for (AppState app : state.appsBelow(id.path()).values()) {
            if (!app.leaving()) {
                apps.put(app.id(), app.latest());
            }
        }
        TreeMap<String, GroupSpec> groups = new TreeMap<>();
        state.groups().below(id.path()).forEach((path, one) -> groups.put(path, one.current()));
        Optional<GroupSpec> own = state.groups().get(id.path()).map(GroupState::current);
        return new GroupNow(id.isRoot() || own.isPresent() || !apps.isEmpty(), own,
                id.isRoot()
                        ? Optional.empty()
                        : state.app(new AppId(id.path())).filter(app -> !app.leaving())
                                .map(AppState::latest),
                apps, groups);
    }

    /** What is said of the group, or of one in it. */
    Optional<GroupSpec> group(String path) {
        return own.filter(spec -> spec.path().equals(path))
                .or(() -> Optional.ofNullable(groups.get(path)));
    }
}
