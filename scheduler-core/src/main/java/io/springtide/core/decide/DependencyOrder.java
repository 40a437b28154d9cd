package io.springtide.core.decide;

import io.springtide.core.model.AppId;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * How deep apps lie in what they depend on: 0 for those that depend on nothing. Looks only at what the
 * asked apps depend on, however many apps there are. Source: the longest paths by which Marathon's
 * DeploymentPlan sorts its steps.
 */
final class DependencyOrder {

    /** Longer chains are a mistake, and would be walked by calls within calls. */
    static final int DEPTH_MAX = 500;

    private static final int OPEN = -1;

    private final WantedApps wanted;
    private final Map<AppId, Integer> ofApp = new TreeMap<>();
    private final Map<String, Integer> ofPath = new TreeMap<>();
    private final Map<String, Integer> ofGroup = new TreeMap<>();

    /** Thrown within and caught within: the chain closes upon itself, or does not end. */
    private static final class Cyclic extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Cyclic() {
            super("cyclic", null, false, false);
        }
    }

    DependencyOrder(WantedApps wanted) {
        this.wanted = wanted;
    }

    /** The depth of an app; empty if it depends on itself, by whatever way, or a chain is too long. */
    OptionalInt depth(AppId app) {
        try {
            return OptionalInt.of(depth(app, 0));
        } catch (Cyclic cyclic) {
            return OptionalInt.empty();
        }
    }

    /** How many things have been looked at; what the order costs. */
    int visited() {
        return ofApp.size() + ofPath.size() + ofGroup.size();
    }

    private int depth(AppId app, int below) {
        Integer known = ofApp.get(app);
        if (known != null) {
            return closed(known);
        }
        enter(below);
        ofApp.put(app, OPEN);
        int depth = deepest(wanted.dependencies(app), below);
        for (String group = parent(app.path()); !group.isEmpty(); group = parent(group)) {
            depth = Math.max(depth, ofGroup(group, below));
        }
        ofApp.put(app, depth);
        return depth;
    }

    /** The depth that a group's own dependencies give to every app below it. */
    private int ofGroup(String group, int below) {
        Integer known = ofGroup.get(group);
        if (known != null) {
            return closed(known);
        }
        List<String> dependencies = wanted.groupDependencies(group);
        if (dependencies.isEmpty()) {
            return 0;
        }
        ofGroup.put(group, OPEN);
        int depth = deepest(dependencies, below);
        ofGroup.put(group, depth);
        return depth;
    }

    private int deepest(List<String> dependencies, int below) {
        int depth = 0;
        for (String path : dependencies) {
            depth = Math.max(depth, ofPath(path, below + 1) + 1);
        }
        return depth;
    }

    /** The depth of an app, or of the deepest app of a group; -1 if there is none. */
    private int ofPath(String path, int below) {
        if (path.length() > 1 && wanted.has(new AppId(path))) {
            return depth(new AppId(path), below);
        }
        Integer known = ofPath.get(path);
        if (known != null) {
            if (known == OPEN - 1) {
                throw new Cyclic();
            }
            return known;
        }
        enter(below);
        ofPath.put(path, OPEN - 1);
        int depth = OPEN;
        for (AppId app : wanted.below(path)) {
            depth = Math.max(depth, depth(app, below));
        }
        ofPath.put(path, depth);
        return depth;
    }

    private static int closed(int depth) {
        if (depth == OPEN) {
            throw new Cyclic();
        }
        return depth;
    }

    private static void enter(int below) {
        if (below > DEPTH_MAX) {
            throw new Cyclic();
        }
    }

    /** The group that a path lies in; empty behind the topmost. */
    static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }
}
