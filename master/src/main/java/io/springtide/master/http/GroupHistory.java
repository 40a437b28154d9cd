package io.springtide.master.http;

import io.springtide.api.marathon.MarathonError;
import io.springtide.api.marathon.PathId;
import io.springtide.api.marathon.RequestRefused;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.GroupSpec;
import io.springtide.core.state.ClusterState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a group has been, put together from what its apps and groups have been: versions of groups are not
 * kept as such, so that a change of one app costs what that app costs. Apps and groups that are gone are
 * remembered for a while.
 */
final class GroupHistory {

    /**
     * A group as it was.
     *
     * @param groups those in it, itself included, by path
     */
    record Past(NavigableMap<AppId, AppVersion> apps, NavigableMap<String, GroupSpec> groups) {

        Past {
            apps = Collections.unmodifiableNavigableMap(new TreeMap<>(apps));
            groups = Collections.unmodifiableNavigableMap(new TreeMap<>(groups));
        }
    }

    private GroupHistory() {}

    /** When anything in a group changed, newest first; only times of which all is known. */
    static List<Long> versions(ClusterState state, PathId group) {
        TreeSet<Long> all = new TreeSet<>();
        List<Life<?>> lives = Life.within(state, group);
        lives.forEach(life -> all.addAll(life.changesMs()));
        all.remove(0L);
        Life.forgotten(lives).forEach((fromMs, toMs) -> all.subSet(fromMs, toMs).clear());
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
        for (Life<AppVersion> life : Life.ofApps(state, group)) {
            at(life, group, versionMs).ifPresent(was -> apps.put(was.spec().id(), was));
        }
        TreeMap<String, GroupSpec> groups = new TreeMap<>();
        for (Life<GroupSpec> life : Life.ofGroups(state, group)) {
            at(life, group, versionMs).ifPresent(was -> groups.put(was.path(), was));
        }
        if (apps.isEmpty() && groups.isEmpty() && !group.isRoot()) {
            throw unknown(group, versionMs);
        }
        return new Past(apps, groups);
    }

    /** It must not look as if something had not been there of which nobody knows what it was. */
    private static <V> Optional<V> at(Life<V> life, PathId group, long versionMs) {
        if (life.forgottenAt(versionMs)) {
            throw new RequestRefused(MarathonError.groupVersionForgotten(group, versionMs,
                    life.what(), life.forgottenUntilMs()));
        }
        return life.at(versionMs);
    }

    private static RequestRefused unknown(PathId group, long versionMs) {
        return new RequestRefused(MarathonError.groupVersionUnknown(group, versionMs));
    }
}
