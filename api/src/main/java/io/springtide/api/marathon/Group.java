package io.springtide.api.marathon;

import java.util.List;
import java.util.Optional;

/**
 * A group and what is in it, as a request wants it. What is empty is not touched; a list that is there takes
 * away what it does not name.
 *
 * @param id where it lives
 * @param apps complete definitions of the apps directly in it
 * @param groups those directly in it
 * @param dependencies apps or groups to be started before all that is in it
 * @param enforceRole whether what is in it runs in the role of its name; of uppermost groups only
 */
public record Group(PathId id, Optional<List<AppUpdate.Replacement>> apps,
        Optional<List<Group>> groups, Optional<List<PathId>> dependencies,
        Optional<Boolean> enforceRole) {

    /** Keeps its own copies. */
    public Group {
        apps = apps.map(List::copyOf);
        groups = groups.map(List::copyOf);
        dependencies = dependencies.map(List::copyOf);
    }

    /** This group and all below it, as lists. */
    public FlatGroup flatten() {
        return FlatGroup.of(this);
    }
}
