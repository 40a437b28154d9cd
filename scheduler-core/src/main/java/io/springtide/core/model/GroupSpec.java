package io.springtide.core.model;

import io.springtide.core.Check;
import java.util.List;
import java.util.Optional;

/**
 * What is said of a group as such; its apps and groups are those whose paths lie below its own.
 *
 * @param path absolute, e.g. {@code /shop}; never the root
 * @param dependencies apps and groups, by path, that are to be in place before any app below this group
 * @param enforceRole whether apps below have the group's name as their role
 */
public record GroupSpec(String path, List<String> dependencies, Optional<Boolean> enforceRole) {

    public GroupSpec {
        dependencies = List.copyOf(dependencies);
        Check.argument(path.length() > 1 && path.charAt(0) == '/',
                "a group's path is absolute: " + path);
    }

    /** A group of which nothing is said. */
    public static GroupSpec plain(String path) {
        return new GroupSpec(path, List.of(), Optional.empty());
    }
}
