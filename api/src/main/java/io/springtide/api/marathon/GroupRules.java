package io.springtide.api.marathon;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What must hold between the groups and apps of one document. */
final class GroupRules {

    private final Group root;
    private final Violations violations;

    GroupRules(Group root, Violations violations) {
        this.root = root;
        this.violations = violations;
    }

    void check() {
        check(root, "");
        violations.require(new DependencyCycles(root).none(), "",
                "Dependency graph has cyclic dependencies.");
    }

    private void check(Group group, String path) {
        if (group.enforceRole().isPresent()) {
            requireTop(group.id(), path, violations);
        }
        Set<PathId> names = new HashSet<>();
        List<AppUpdate.Replacement> apps = group.apps().orElse(List.of());
        for (int i = 0; i < apps.size(); i++) {
            PathId id = apps.get(i).id();
            String where = path + "/apps(" + i + ")/id";
            violations.require(!id.isRoot() && id.parent().equals(group.id()), where,
                    "Identifier is not child of '" + group.id() + "'");
            violations.require(names.add(id), where, "each app may occur once only");
        }
        List<Group> groups = group.groups().orElse(List.of());
        Set<PathId> groupNames = new HashSet<>();
        for (int i = 0; i < groups.size(); i++) {
            PathId id = groups.get(i).id();
            String where = path + "/groups(" + i + ")";
            violations.require(!id.isRoot() && id.parent().equals(group.id()), where + "/id",
                    "Group has to be child of groups with parent id");
            violations.require(groupNames.add(id), where + "/id", "each group may occur once only");
            violations.require(!names.contains(id), path, MarathonError.APP_IS_GROUP);
            check(groups.get(i), where);
        }
    }

    /** Only the uppermost groups have a role. */
    static void requireTop(PathId id, String path, Violations violations) {
        violations.require(id.segments().size() == 1, path + "/enforceRole",
                "enforceRole can only be set for top-level groups, and " + id
                        + " is not top-level");
    }
}
