package io.springtide.cli;

import io.springtide.api.client.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What differs between an app or pod as it is and as the master says that it would be. Both come from the
 * master with every default filled in, so that nothing is known of defaults here.
 */
final class DefinitionDiff {
    /**
     * One field.
     *
     * @param sign {@code +} comes, {@code -} goes, {@code ~} changes
     */
    record Change(char sign, String path, Json from, Json to) {
        /** On one line, long values shortened. */
        String line(int width) {
            String values = switch (sign) {
                case '+' -> shortened(to);
                case '-' -> shortened(from);
                default -> shortened(from) + " -> " + shortened(to);
            };
            return sign + " " + path + " ".repeat(Math.max(2, width - path.length() + 2)) + values;
        }

        private static String shortened(Json value) {
            String text = Table.printable(value.toString());
            return value instanceof Json.Text quoted
                    ? cut('"' + Table.printable(quoted.value()) + '"')
                    : cut(text);
        }

        private static String cut(String text) {
            return text.length() <= 100 ? text : text.substring(0, 97) + "...";
        }
    }

    /** What the master says of an app beside its definition, and {@code ports}, which say the same twice. */
    private static final Set<String> NOT_DEFINITION = Set.of("id", "version", "versionInfo",
            "tasks", "tasksStaged", "tasksRunning", "tasksHealthy", "tasksUnhealthy",
            "deployments", "lastTaskFailure", "readinessCheckResults", "taskStats", "ports");

    /** 0 leaves them to the master, which keeps those that it has chosen. */
    private static final Set<String> ASSIGNED = Set.of("port", "servicePort");

    private final List<Change> changes = new ArrayList<>();

    private DefinitionDiff() {}

    /** What changes from one definition to another, in the order of the second. */
    static List<Change> between(Json current, Json next) {
        DefinitionDiff diff = new DefinitionDiff();
        next.fields().forEach((name, value) -> {
            if (!NOT_DEFINITION.contains(name)) {
                diff.compare(name, name, current.get(name), value);
            }
        });
        current.fields().forEach((name, value) -> {
            if (next.get(name).isMissing() && !NOT_DEFINITION.contains(name)) {
                diff.compare(name, name, value, Json.nothing());
            }
        });
        return diff.changes;
    }

    private void compare(String path, String name, Json current, Json next) {
        if (says(current) && says(next)) {
            both(path, name, current, next);
        } else if (says(next)) {
            changes.add(new Change('+', path, Json.nothing(), next));
        } else if (says(current)) {
            changes.add(new Change('-', path, current, Json.nothing()));
        }
    }

    /** An empty list or object says as much as none. */
    private static boolean says(Json value) {
        return !value.isMissing() && !(value instanceof Json.Obj && value.fields().isEmpty())
                && !(value instanceof Json.Arr && value.items().isEmpty());
    }

    private void both(String path, String name, Json current, Json next) {
        if (next instanceof Json.Obj && current instanceof Json.Obj) {
            next.fields().forEach((key, value) -> compare(path + "." + key, key, current.get(key),
                    value));
            current.fields().forEach((key, value) -> {
                if (next.get(key).isMissing()) {
                    compare(path + "." + key, key, value, Json.nothing());
                }
            });
        } else if (next instanceof Json.Arr && current instanceof Json.Arr
                && next.items().size() == current.items().size()) {
            for (int i = 0; i < next.items().size(); i++) {
                compare(path + "[" + i + "]", name, current.items().get(i), next.items().get(i));
            }
        } else if (!same(name, current, next)) {
            changes.add(new Change('~', path, current, next));
        }
    }

    private static boolean same(String name, Json current, Json next) {
        if (next instanceof Json.Num && current instanceof Json.Num) {
            return Double.compare(next.asDouble(), current.asDouble()) == 0
                    || (ASSIGNED.contains(name) && next.asDouble() == 0);
        }
        return next.equals(current);
    }
}
