package io.springtide.cli;

import io.springtide.api.client.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a definition would change of one that a server shows. The server's has every default filled in and
 * ports assigned: what a definition does not name counts as unchanged where the server has a default.
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

    /** What the server says of an app beside its definition. */
    private static final Set<String> NOT_DEFINITION = Set.of("id", "version", "versionInfo",
            "tasks", "tasksStaged", "tasksRunning", "tasksHealthy", "tasksUnhealthy",
            "deployments", "lastTaskFailure", "readinessCheckResults", "taskStats", "ports",
            "executor", "fetch", "portDefinitions", "networks", "role", "unreachableStrategy",
            "residency", "acceptedResourceRoles");

    /** Defaults by name, as they are written; a name stands for one thing wherever it is. */
    private static final Map<String, Set<String>> DEFAULTS = Map.ofEntries(
            Map.entry("instances", Set.of("1")), Map.entry("cpus", Set.of("1")),
            Map.entry("mem", Set.of("128")), Map.entry("backoffSeconds", Set.of("1")),
            Map.entry("backoffFactor", Set.of("1.15")),
            Map.entry("maxLaunchDelaySeconds", Set.of("300")),
            Map.entry("killSelection", Set.of("YOUNGEST_FIRST")),
            Map.entry("minimumHealthCapacity", Set.of("1", "0.5")),
            Map.entry("maximumOverCapacity", Set.of("1", "0")),
            Map.entry("gracePeriodSeconds", Set.of("300")),
            Map.entry("intervalSeconds", Set.of("60", "30")),
            Map.entry("timeoutSeconds", Set.of("20", "10")),
            Map.entry("maxConsecutiveFailures", Set.of("3")),
            Map.entry("delaySeconds", Set.of("15")), Map.entry("ipProtocol", Set.of("IPv4")),
            Map.entry("protocol", Set.of("tcp", "HTTP")), Map.entry("path", Set.of("/")),
            Map.entry("type", Set.of("DOCKER")), Map.entry("extract", Set.of("true")),
            Map.entry("portIndex", Set.of("0")), Map.entry("mode", Set.of("RW", "container")),
            Map.entry("name", Set.of("default", "readinessCheck")),
            Map.entry("portName", Set.of("http-api")),
            Map.entry("httpStatusCodesForReady", Set.of("[200]")),
            Map.entry("linuxInfo", Set.of("{\"seccomp\":null,\"ipcInfo\":null}")));

    /** 0 asks the server for one of its own choice. */
    private static final Set<String> ASSIGNED = Set.of("port", "servicePort");

    private static final Set<String> FREE_MAPS = Set.of("env", "labels", "environment");

    private final String parent;
    private final List<Change> changes = new ArrayList<>();

    private DefinitionDiff(String parent) {
        this.parent = parent;
    }

    /** What would change if the definition replaced the current one, in the definition's order. */
    static List<Change> of(String id, Json given, Json current) {
        DefinitionDiff diff = new DefinitionDiff(id.substring(0, id.lastIndexOf('/') + 1));
        given.fields().forEach((name, value) -> {
            if (!name.equals("id") && !name.equals("version")) {
                diff.compare(name, name, value, current.get(name));
            }
        });
        current.fields().forEach((name, value) -> {
            if (given.get(name).isMissing() && !NOT_DEFINITION.contains(name)) {
                diff.left(name, name, value);
            }
        });
        return diff.changes;
    }

    private void compare(String path, String name, Json given, Json current) {
        if (given.isMissing()) {
            left(path, name, current);
        } else if (current.isMissing()) {
            if (!isDefault(name, given)) {
                changes.add(new Change('+', path, current, given));
            }
        } else if (given instanceof Json.Obj && current instanceof Json.Obj) {
            objects(path, name, given, current);
        } else if (given instanceof Json.Arr && current instanceof Json.Arr
                && given.items().size() == current.items().size()) {
            for (int i = 0; i < given.items().size(); i++) {
                compare(path + "[" + i + "]", name, given.items().get(i), current.items().get(i));
            }
        } else if (!same(name, given, current)) {
            changes.add(new Change('~', path, current, given));
        }
    }

    private void objects(String path, String name, Json given, Json current) {
        given.fields().forEach((key, value) -> compare(path + "." + key,
                FREE_MAPS.contains(name) ? "" : key, value, current.get(key)));
        current.fields().forEach((key, value) -> {
            if (given.get(key).isMissing()) {
                left(path + "." + key, FREE_MAPS.contains(name) ? "" : key, value);
            }
        });
    }

    /** Something that only the server has. */
    private void left(String path, String name, Json current) {
        boolean free = name.isEmpty();
        if (!current.isMissing() && (free || !isDefault(name, current))
                && !ASSIGNED.contains(name)) {
            changes.add(new Change('-', path, current, Json.nothing()));
        }
    }

    private boolean same(String name, Json given, Json current) {
        if (given instanceof Json.Num && current instanceof Json.Num) {
            return Double.compare(given.asDouble(), current.asDouble()) == 0
                    || (ASSIGNED.contains(name) && given.asLong() == 0);
        }
        if (given instanceof Json.Text && current instanceof Json.Text) {
            String text = given.text();
            return text.equals(current.text())
                    || (name.equals("dependencies") && (parent + text).equals(current.text()))
                    || (DEFAULTS.containsKey(name) && text.toLowerCase(Locale.ROOT)
                            .equals(current.text().toLowerCase(Locale.ROOT)));
        }
        return given.equals(current);
    }

    /** True for a default, and for what says nothing: false, 0, an empty text, list or object. */
    private static boolean isDefault(String name, Json value) {
        if (value instanceof Json.Obj object) {
            return object.fields().entrySet().stream()
                    .allMatch(field -> isDefault(field.getKey(), field.getValue()));
        }
        if (value instanceof Json.Arr array && array.items().isEmpty()) {
            return true;
        }
        Set<String> defaults = DEFAULTS.getOrDefault(name, Set.of());
        if (value instanceof Json.Num number) {
            return number.asDouble() == 0 || ASSIGNED.contains(name)
                    || defaults.stream().anyMatch(text -> isNumber(text, number));
        }
        String text = value instanceof Json.Arr ? value.toString() : value.text();
        return value.isMissing() || text.isEmpty() || text.equals("false")
                || defaults.contains(text);
    }

    private static boolean isNumber(String text, Json.Num number) {
        return text.matches("[0-9.]+") && Double.parseDouble(text) == number.asDouble();
    }
}
