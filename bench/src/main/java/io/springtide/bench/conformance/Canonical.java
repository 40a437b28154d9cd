package io.springtide.bench.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A definition with Marathon's deprecated fields said in today's words, as a server shows it. */
final class Canonical {

    private Canonical() {}

    /**
     * An app.
     *
     * @param group in which a relative id lies; empty for the root
     */
    static ObjectNode app(JsonNode given, String group) {
        ObjectNode app = given.deepCopy();
        app.put("id", absolute(given.path("id").asText(), group));
        replace(app, "uris", "fetch", "uri");
        replace(app, "ports", "portDefinitions", "port");
        network(app);
        if (app.path("networks").isEmpty()) {
            app.remove("networks");
        }
        if (!app.path("networks").path(0).path("mode").asText("host").equals("host")) {
            // Outside of the host network these say nothing.
            app.remove("portDefinitions");
            app.remove("requirePorts");
        }
        return app;
    }

    /** A group and everything in it. */
    static ObjectNode group(JsonNode given, String parent) {
        ObjectNode group = given.deepCopy();
        String id = absolute(given.path("id").asText("/"), parent);
        group.put("id", id);
        String inside = id.equals("/") ? "" : id;
        if (given.path("apps").isArray()) {
            ArrayNode apps = group.putArray("apps");
            given.path("apps").forEach(app -> apps.add(app(app, inside)));
        }
        if (given.path("groups").isArray()) {
            ArrayNode groups = group.putArray("groups");
            given.path("groups").forEach(one -> groups.add(group(one, inside)));
        }
        return group;
    }

    static String absolute(String id, String group) {
        String bare = id.length() > 1 && id.endsWith("/") ? id.substring(0, id.length() - 1) : id;
        return bare.startsWith("/") ? bare : group + "/" + bare;
    }

    private static void replace(ObjectNode app, String old, String today, String field) {
        JsonNode values = app.remove(old);
        if (values != null && !values.isNull() && !app.has(today)) {
            ArrayNode items = app.putArray(today);
            values.forEach(value -> items.addObject().set(field, value));
        }
    }

    private static void network(ObjectNode app) {
        JsonNode ipAddress = app.remove("ipAddress");
        if (ipAddress != null && !ipAddress.isNull()) {
            app.putArray("networks").addObject().put("mode", "container").set("name",
                    ipAddress.path("networkName"));
        }
        if (app.path("container").path("docker") instanceof ObjectNode docker) {
            JsonNode network = docker.remove("network");
            if (network != null && network.isTextual()
                    && !network.textValue().equalsIgnoreCase("USER")) {
                app.putArray("networks").addObject().put("mode",
                        network.textValue().equalsIgnoreCase("HOST")
                                ? "host"
                                : "container/bridge");
            }
            JsonNode mappings = docker.remove("portMappings");
            if (mappings != null && !mappings.isNull()) {
                ((ObjectNode) app.path("container")).set("portMappings", mappings);
            }
        }
    }
}
