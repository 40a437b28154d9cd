package io.springtide.api.marathon;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A {@link Group} with all that is below it, as lists, and what it takes away.
 *
 * @param apps all of them, those of a group together, groups in the order of {@code groups}
 * @param groups all of them, each before those in it, the outermost first
 */
public record FlatGroup(List<AppUpdate.Replacement> apps, List<Member> groups) {

    /**
     * One of the groups.
     *
     * @param appsGiven whether its apps are all named; else those that are there stay
     * @param groupsGiven whether the groups directly in it are all named; else those that are there stay
     * @param dependencies empty if they stay as they are
     * @param enforceRole empty if it stays as it is
     */
    public record Member(PathId id, boolean appsGiven, boolean groupsGiven,
            Optional<List<PathId>> dependencies, Optional<Boolean> enforceRole) {}

    /** Keeps its own copies. */
    public FlatGroup {
        apps = List.copyOf(apps);
        groups = List.copyOf(groups);
    }

    static FlatGroup of(Group group) {
        List<AppUpdate.Replacement> apps = new ArrayList<>();
        List<Member> groups = new ArrayList<>();
        add(group, apps, groups);
        return new FlatGroup(apps, groups);
    }

    private static void add(Group group, List<AppUpdate.Replacement> apps, List<Member> groups) {
        groups.add(new Member(group.id(), group.apps().isPresent(), group.groups().isPresent(),
                group.dependencies(), group.enforceRole()));
        group.apps().ifPresent(apps::addAll);
        group.groups().ifPresent(inner -> inner.forEach(one -> add(one, apps, groups)));
    }

    /** What of the things that are there now goes away by this update. */
    public Removals removals() {
        Map<PathId, Member> byId = new TreeMap<>();
        groups.forEach(group -> byId.put(group.id(), group));
        Map<PathId, Boolean> named = new TreeMap<>();
        apps.forEach(app -> named.put(app.id(), true));
        return new Removals(byId, named);
    }

    /** Answers what goes away; for one thread, while what it came from is at hand. */
    public static final class Removals {

        private final Map<PathId, Member> groups;
        private final Map<PathId, Boolean> apps;

        private Removals(Map<PathId, Member> groups, Map<PathId, Boolean> apps) {
            this.groups = groups;
            this.apps = apps;
        }

        /** Whether an app that is there goes: its group is told without it, or goes itself. */
        public boolean app(PathId id) {
            Member parent = groups.get(id.parent());
            return parent == null
                    ? group(id.parent())
                    : parent.appsGiven() && !apps.containsKey(id);
        }

        /** Whether a pod that is there goes: only with its group, as no update of groups names pods. */
        public boolean pod(PathId id) {
            return group(id.parent());
        }

        /** Whether a group that is there goes: the group around it is told without it, or goes itself. */
        public boolean group(PathId id) {
            if (groups.containsKey(id)) {
                return false;
            }
            PathId around = id;
            while (!around.isRoot()) {
                around = around.parent();
                Member known = groups.get(around);
                if (known != null) {
                    return known.groupsGiven();
                }
            }
            return false;
        }
    }
}
