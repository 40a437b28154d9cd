package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Compares what the server shows with what somebody gave it: all that was given must be there. */
final class Shown {

    /** Given by some author in a place where Marathon does not know it. */
    private static final Set<String> UNKNOWN_TO_MARATHON = Set.of("/storeUrls",
            "/container/forcePullImage",
            "/container/docker/forcePull", "/container/docker/requirePorts");

    private static final Set<String> SET_BY_THE_SERVER = Set.of("/version", "/versionInfo");

    private Shown() {}

    /** Where what is shown is not what was given. */
    static List<String> differences(JsonNode given, JsonNode shown) {
        List<String> differences = new ArrayList<>();
        compare(given, shown, "", differences);
        return differences;
    }

    /** What was given, with the deprecated fields said in today's words, written down once more for the test. */
    static ObjectNode expected(JsonNode given) {
        ObjectNode app = given.deepCopy();
        app.put("id", given.path("id").textValue().startsWith("/")
                ? given.path("id").textValue()
                : "/" + given.path("id").textValue());
        JsonNode uris = app.remove("uris");
        if (uris != null) {
            uris.forEach(uri -> app.withArray("/fetch").addObject().set("uri", uri));
        }
        JsonNode ports = app.remove("ports");
        if (ports != null) {
            ports.forEach(port -> app.withArray("/portDefinitions").addObject().set("port", port));
        }
        JsonNode ipAddress = app.remove("ipAddress");
        if (ipAddress != null) {
            app.putArray("networks").addObject().put("mode", "container").set("name",
                    ipAddress.path("networkName"));
        }
        if (app.path("container").path("docker") instanceof ObjectNode docker) {
            JsonNode network = docker.remove("network");
            if (network != null && !network.textValue().equals("USER")) {
                app.putArray("networks").addObject().put("mode",
                        network.textValue().equals("HOST") ? "host" : "container/bridge");
            }
            JsonNode mappings = docker.remove("portMappings");
            if (mappings != null) {
                ((ObjectNode) app.path("container")).set("portMappings", mappings);
            }
        }
        if (app.path("networks").isEmpty()) {
            app.remove("networks");
        }
        String mode = app.path("networks").path(0).path("mode").asText("host");
        if (!mode.equals("host")) {
            // Outside of the host network these say nothing.
            app.remove("portDefinitions");
            app.remove("requirePorts");
        }
        return app;
    }

    private static void compare(JsonNode given, JsonNode shown, String path,
            List<String> differences) {
        if (given.isNull() || UNKNOWN_TO_MARATHON.contains(path)
                || SET_BY_THE_SERVER.contains(path)) {
            return;
        }
        if (given.isContainerNode() && given.isEmpty() && shown.isMissingNode()) {
            return;
        }
        if (given.isObject() && shown.isObject()) {
            given.properties()
                    .forEach(field -> compare(field.getValue(), shown.path(field.getKey()),
                            path + "/" + field.getKey(), differences));
        } else if (given.isArray() && shown.isArray() && given.size() == shown.size()) {
            for (int i = 0; i < given.size(); i++) {
                compare(given.get(i), shown.get(i), path + "(" + i + ")", differences);
            }
        } else if (given.isNumber() && shown.isNumber()) {
            if (given.decimalValue().compareTo(shown.decimalValue()) != 0) {
                differences.add(path + ": " + given + " became " + shown);
            }
        } else if (!given.equals(shown)) {
            differences.add(path + ": " + given + " became " + shown);
        }
    }
}
