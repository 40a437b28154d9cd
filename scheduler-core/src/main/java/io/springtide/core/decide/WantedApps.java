package io.springtide.core.decide;

import io.springtide.core.command.Command;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.GroupSpec;
import io.springtide.core.model.RunKind;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The apps and groups as they would be after a change: the state with the change laid over it. */
final class WantedApps {

    private final ClusterState state;
    private final TreeMap<AppId, AppSpec> changed = new TreeMap<>();
    private final Set<AppId> removed;
    private final TreeMap<String, GroupSpec> groups = new TreeMap<>();
    private final List<String> groupsRemoved = new ArrayList<>();

    WantedApps(ClusterState state, List<AppSpec> changes, List<AppId> removals,
            List<Command.GroupChange> groupChanges) {
        this.state = state;
        changes.forEach(spec -> changed.put(spec.id(), spec));
        this.removed = new TreeSet<>(removals);
        for (Command.GroupChange change : groupChanges) {
            if (change.kind() == Command.GroupChange.Kind.REMOVE) {
                groupsRemoved.add(change.group().path());
            } else {
                groups.put(change.group().path(), change.group());
            }
        }
    }

    boolean has(AppId id) {
        return changed.containsKey(id) || (!removed.contains(id)
                && state.app(id).filter(app -> !app.leaving()).isPresent());
    }

    /** Whether an app is to be a pod. */
    boolean isPod(AppId id) {
        AppSpec spec = changed.get(id);
        return (spec != null
                ? Optional.of(spec.kind())
                : state.app(id).map(app -> app.latest().spec().kind()))
                .filter(kind -> kind == RunKind.POD).isPresent();
    }

    /** What an app says it depends on. */
    List<String> dependencies(AppId id) {
        AppSpec spec = changed.get(id);
        if (spec != null) {
            return spec.delivery().dependencies();
        }
        return state.app(id).map(app -> app.latest().spec().delivery().dependencies())
                .orElse(List.of());
    }

    /** What a group says that its apps depend on. */
    List<String> groupDependencies(String path) {
        GroupSpec spec = groups.get(path);
        if (spec != null) {
            return spec.dependencies();
        }
        return gone(path)
                ? List.of()
                : state.groups().get(path).map(group -> group.current().dependencies())
                        .orElse(List.of());
    }

    /** The apps below a group. */
    List<AppId> below(String group) {
        TreeSet<AppId> found = new TreeSet<>();
        for (AppState app : state.appsBelow(group).values()) {
            if (!app.leaving() && !removed.contains(app.id())) {
                found.add(app.id());
            }
        }
        found.addAll(newBelow(group));
        return List.copyOf(found);
    }

    /** Whether a group of this path is there in its own right, or something lies below it. */
    boolean isGroup(String path) {
        return groups.containsKey(path)
                || (!gone(path) && state.groups().get(path).isPresent())
                || !newBelow(path).isEmpty()
                || state.appsBelow(path).values().stream()
                        .anyMatch(app -> !app.leaving() && !removed.contains(app.id()));
    }

    /** The nearest app on the way from the root to a path. */
    Optional<AppId> appAbove(String path) {
        for (String above = DependencyOrder.parent(path); above
                .length() > 1; above = DependencyOrder
                        .parent(above)) {
            if (has(new AppId(above))) {
                return Optional.of(new AppId(above));
            }
        }
        return Optional.empty();
    }

    private boolean gone(String path) {
        return groupsRemoved.stream()
                .anyMatch(one -> path.equals(one) || path.startsWith(one + "/"));
    }

    private Set<AppId> newBelow(String group) {
        return group.equals("/")
                ? changed.keySet()
                : changed.subMap(new AppId(group + "/"), true, new AppId(group + "0"), false)
                        .keySet();
    }
}
