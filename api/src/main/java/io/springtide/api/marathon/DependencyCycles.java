package io.springtide.api.marathon;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whether the apps of a document wait for each other in a circle. A dependency on a group is one on all its
 * apps, a group's dependencies are those of all its apps, except that no app waits for itself then; what the
 * document does not hold is left out. Takes time in proportion to the document.
 *
 * <p>Each app is a node, and each group two: one that is done when all in it is done, and one that is done when
 * all that it depends on is done. Source: Marathon, RootGroup.
 */
final class DependencyCycles {

    private final List<List<Integer>> waitsFor = new ArrayList<>();
    private final Map<PathId, Integer> apps = new TreeMap<>();
    private final Map<PathId, Inside> groups = new TreeMap<>();

    /** A group's nodes, and the nodes of its apps at any depth. */
    private record Inside(int all, int before, Set<Integer> apps) {}

    DependencyCycles(Group root) {
        addNodes(root);
        addEdges(root, Optional.empty());
    }

    private int node() {
        waitsFor.add(new ArrayList<>());
        return waitsFor.size() - 1;
    }

    private void edge(int from, int to) {
        waitsFor.get(from).add(to);
    }

    private Set<Integer> addNodes(Group group) {
        Inside inside = new Inside(node(), node(), new LinkedHashSet<>());
        groups.put(group.id(), inside);
        for (AppUpdate.Replacement app : group.apps().orElse(List.of())) {
            int node = node();
            apps.put(app.id(), node);
            inside.apps().add(node);
            edge(inside.all(), node);
            edge(node, inside.before());
        }
        for (Group inner : group.groups().orElse(List.of())) {
            inside.apps().addAll(addNodes(inner));
        }
        return inside.apps();
    }

    private void addEdges(Group group, Optional<Inside> around) {
        Inside inside = groups.get(group.id());
        if (inside == null) {
            throw new IllegalStateException("no node of " + group.id());
        }
        around.ifPresent(outer -> {
            edge(inside.before(), outer.before());
            edge(outer.all(), inside.all());
        });
        Set<Integer> own = new LinkedHashSet<>();
        for (PathId dependency : group.dependencies().orElse(List.of())) {
            for (int target : targets(dependency)) {
                if (inside.apps().contains(target)) {
                    own.add(target);
                } else {
                    edge(inside.before(), target);
                }
            }
        }
        // Two apps that all others wait for, wait for each other.
        if (own.size() > 1) {
            own.forEach(target -> edge(inside.before(), target));
        } else {
            own.forEach(target -> inside.apps().stream().filter(app -> app != target.intValue())
                    .forEach(app -> edge(app, target)));
        }
        for (AppUpdate.Replacement app : group.apps().orElse(List.of())) {
            Integer node = apps.get(app.id());
            if (node != null) {
                app.app().dependencies().forEach(
                        dependency -> targets(dependency).forEach(target -> edge(node, target)));
            }
        }
        group.groups().orElse(List.of()).forEach(inner -> addEdges(inner, Optional.of(inside)));
    }

    /** The node to wait for; a group of one app is that app. */
    private List<Integer> targets(PathId dependency) {
        Integer app = apps.get(dependency);
        if (app != null) {
            return List.of(app);
        }
        Inside group = groups.get(dependency);
        if (group == null) {
            return List.of();
        }
        return group.apps().size() == 1 ? List.copyOf(group.apps()) : List.of(group.all());
    }

    /** Takes away what nobody waits for, again and again; what remains are the circles. */
    boolean none() {
        int[] waiting = new int[waitsFor.size()];
        waitsFor.forEach(targets -> targets.forEach(target -> waiting[target]++));
        Deque<Integer> free = new ArrayDeque<>();
        for (int node = 0; node < waiting.length; node++) {
            if (waiting[node] == 0) {
                free.add(node);
            }
        }
        int taken = 0;
        while (!free.isEmpty()) {
            int node = free.removeLast();
            taken++;
            for (int target : waitsFor.get(node)) {
                if (--waiting[target] == 0) {
                    free.add(target);
                }
            }
        }
        return taken == waiting.length;
    }
}
