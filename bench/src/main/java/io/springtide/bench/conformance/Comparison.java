package io.springtide.bench.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Whether a document shows every field that another one gave; what it has beyond that is its own affair. */
final class Comparison {

    /** Given by some author in a place where Marathon does not know it. */
    private static final Set<String> UNKNOWN_TO_MARATHON = Set.of("storeUrls", "force@/image",
            "forcePull@/container/docker",
            "requirePorts@/container/docker", "forcePullImage@/container");

    /** Read-only: given back by somebody who had read it. */
    private static final Set<String> SET_BY_THE_SERVER = Set.of("version", "versionInfo");

    private static final Pattern SERVICE_PORT = Pattern
            .compile(".*(/portDefinitions\\(\\d+\\)/port|/servicePort)");

    private final List<String> differences = new ArrayList<>();

    private Comparison() {}

    /** A line for each field that is not as it was given. */
    static List<String> differences(JsonNode given, JsonNode shown) {
        Comparison comparison = new Comparison();
        comparison.compare(given, shown, "");
        return comparison.differences;
    }

    private void compare(JsonNode given, JsonNode shown, String path) {
        if (given.isNull() || ignored(path)
                || (given.isContainerNode() && given.isEmpty() && shown.isMissingNode())
                // 0 asks the server to choose one.
                || (SERVICE_PORT.matcher(path).matches() && given.asInt() == 0
                        && shown.asInt() > 0)) {
            return;
        }
        if (given.isObject() && shown.isObject()) {
            given.properties().forEach(field -> compare(field.getValue(),
                    shown.path(field.getKey()), path + "/" + field.getKey()));
        } else if (given.isArray() && shown.isArray() && given.size() == shown.size()) {
            boolean named = !given.isEmpty() && given.get(0).has("id")
                    && path.matches(".*/(apps|groups)");
            for (int i = 0; i < given.size(); i++) {
                JsonNode item = given.get(i);
                compare(item, named ? byId(shown, item.path("id").asText()) : shown.get(i),
                        path + "(" + i + ")");
            }
        } else if (given.isNumber() && shown.isNumber()) {
            if (given.decimalValue().compareTo(shown.decimalValue()) != 0) {
                differences.add(path + ": " + given + " became " + shown);
            }
        } else if (!given.equals(shown)
                && !(given.isTextual() && shown.isTextual()
                        && given.asText().equalsIgnoreCase(shown.asText()))) {
            differences.add(path + ": " + given + " became "
                    + (shown.isMissingNode() ? "nothing" : shown));
        }
    }

    private static JsonNode byId(JsonNode items, String id) {
        for (JsonNode item : items) {
            if (item.path("id").asText().equals(id)) {
                return item;
            }
        }
        return items.path(-1);
    }

    private static boolean ignored(String path) {
        int slash = path.lastIndexOf('/');
        String field = path.substring(slash + 1);
        return UNKNOWN_TO_MARATHON.contains(field) || SET_BY_THE_SERVER.contains(field)
                || (slash > 0 && UNKNOWN_TO_MARATHON
                        .contains(field + "@" + tail(path.substring(0, slash))));
    }

    /** The path within an app, wherever that app lies. */
    private static String tail(String path) {
        int container = path.lastIndexOf("/container");
        String inside = container < 0 ? path : path.substring(container);
        return inside.startsWith("/containers(")
                ? inside.substring(inside.indexOf(')') + 1)
                : inside;
    }
}
