package io.springtide.master.http;

import io.springtide.api.marathon.PathId;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.GroupSpec;
import io.springtide.core.model.RunKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A group with all that is in it, as it was at one moment, free of the state it was read from. Of apps it
 * has no more than the state has anyway: what runs of them is looked up when it is their turn.
 *
 * @param versionMs when anything in it, at any depth, changed last; 0 = never
 * @param apps directly in it, by id
 * @param pods directly in it, by id
 * @param groups directly in it, by id
 */
record GroupView(PathId id, List<PathId> dependencies, Optional<Boolean> enforceRole,
        long versionMs, List<AppVersion> apps, List<AppVersion> pods, List<GroupView> groups) {

    GroupView {
        apps = List.copyOf(apps);
        pods = List.copyOf(pods);
        groups = List.copyOf(groups);
    }

    /** Puts together what lies below a group; for one thread. */
    static final class Builder {

        private final String root;
        private final TreeMap<String, Node> nodes = new TreeMap<>();

        /** One group on its way. */
        private static final class Node {
            private List<String> dependencies = List.of();
            private Optional<Boolean> enforceRole = Optional.empty();
            private long versionMs;
            private final List<AppVersion> apps = new ArrayList<>();
            private final List<AppVersion> pods = new ArrayList<>();
            private final List<Node> groups = new ArrayList<>();
            private final PathId id;

            Node(PathId id) {
                this.id = id;
            }

            GroupView view() {
                return new GroupView(id, dependencies.stream().map(PathId::new).toList(),
                        enforceRole, versionMs, apps, pods,
                        groups.stream().map(Node::view).toList());
            }
        }

        Builder(PathId root) {
            this.root = root.path();
            nodes.put(this.root, new Node(root));
        }

        /** A group that is there, and when that was said. */
        void add(GroupSpec group, long versionMs) {
            Node node = node(group.path());
            node.dependencies = group.dependencies();
            node.enforceRole = group.enforceRole();
            changed(group.path(), versionMs);
        }

        /** An app or pod that is there. */
        void add(AppVersion version) {
            String group = parent(version.spec().id().path());
            Node node = node(group);
            (version.spec().kind() == RunKind.POD ? node.pods : node.apps).add(version);
            changed(group, version.versionMs());
        }

        /** Something in the group, or the group itself, changed at a time. */
        void changed(String group, long versionMs) {
            String path = group;
            while (true) {
                Node node = nodes.get(path);
                if (node != null) {
                    node.versionMs = Math.max(node.versionMs, versionMs);
                }
                if (path.equals(root) || path.equals("/")) {
                    return;
                }
                path = parent(path);
            }
        }

        GroupView build() {
            return node(root).view();
        }

        /** The group of a path, which lies below the root of this tree or is it. */
        private Node node(String path) {
            Node known = nodes.get(path);
            if (known != null) {
                return known;
            }
            Node node = new Node(new PathId(path));
            nodes.put(path, node);
            node(parent(path)).groups.add(node);
            return node;
        }

        static String parent(String path) {
            int slash = path.lastIndexOf('/');
            return slash <= 0 ? "/" : path.substring(0, slash);
        }
    }
}
