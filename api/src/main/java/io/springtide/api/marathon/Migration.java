package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The second phase: rewrites what older dialects said (up to Marathon 1.4) in today's words.
 *
 * <p>Works on what was given, before any default and before an update meets its app, since "was it given?" decides.
 * Source: Marathon, migration of {@code uris}, {@code ports}, {@code ipAddress} and {@code container.docker.network}.
 */
final class Migration {

    private static final List<String> ARCHIVES = List.of(".tgz", ".tar.gz", ".tbz2", ".tar.bz2",
            ".txz", ".tar.xz", ".zip");

    private final ObjectNode app;
    private final Optional<ObjectNode> existing;

    /**
     * Prepares to migrate an app, or an update.
     *
     * @param app has passed its shape; is changed
     * @param existing the canonical form of the app to be updated, if any
     */
    Migration(ObjectNode app, Optional<ObjectNode> existing) {
        this.app = app;
        this.existing = existing;
    }

    /** Reports what must not be mixed. */
    void check(Violations violations, String path) {
        Fields fields = new Fields(app);
        Fields container = fields.in("container");
        Fields docker = container.in("docker");
        violations.require(!fields.hasItems("uris") || !fields.hasItems("fetch"), path + "/uris",
                "may not be set in conjunction with fetch");
        violations.require(!docker.has("network") || !fields.hasItems("networks"), path,
                "must not specify both container.docker.network and networks");
        violations.require(!fields.has("ipAddress") || !fields.hasItems("networks"), path,
                "must not specify both networks and ipAddress");
        violations.require(
                !fields.has("ipAddress")
                        || (!fields.hasItems("ports") && !fields.hasItems("portDefinitions")),
                path, "cannot specify both an IP address and port");
        List<Integer> ports = fields.list("ports", JsonNode::intValue);
        if (fields.has("ports") && fields.has("portDefinitions")) {
            List<Integer> defined = fields.objects("portDefinitions", p -> p.integerOr("port", 0));
            violations.require(ports.equals(defined), path,
                    "cannot specify both ports and port definitions");
        }
        Set<Integer> seen = new HashSet<>();
        violations.require(ports.stream().allMatch(port -> port == 0 || seen.add(port)), path,
                "ports must be unique");
        checkDocker(container, docker, path, violations);
    }

    private void checkDocker(Fields container, Fields docker, String path, Violations violations) {
        boolean mesos = container.has("type") && container.textOr("type", "").equals("MESOS");
        boolean discovery = new Fields(app).in("ipAddress").in("discovery").hasItems("ports");
        violations.require(!discovery || mesos || !docker.has("image"), path + "/ipAddress",
                "ipAddress/discovery is not allowed for Docker containers");
        String where = path + "/container/docker/";
        violations.require(!docker.has("credential"), where + "credential", "must be empty");
        if (mesos) {
            violations.require(!docker.has("network"), where + "network", "must be empty");
            violations.require(!docker.hasItems("parameters"), where + "parameters",
                    "must be empty");
            violations.require(!docker.hasItems("portMappings"), where + "portMappings",
                    "must be empty");
        }
    }

    /**
     * Rewrites it.
     *
     * @throws RequestRefused 422 where Marathon answers 500: the client is wrong, not the server
     */
    void migrate() {
        migrateUris();
        migrateNetworks();
        migratePortMappings();
        migratePorts();
        giveHealthChecksAPort();
    }

    private void migrateUris() {
        JsonNode uris = app.remove("uris");
        if (uris != null && (!uris.isEmpty() || !app.has("fetch"))) {
            ArrayNode fetch = app.putArray("fetch");
            for (JsonNode uri : uris) {
                boolean archive = ARCHIVES.stream().anyMatch(uri.textValue()::endsWith);
                fetch.addObject().put("uri", uri.textValue()).put("extract", archive);
            }
        }
    }

    private void migrateNetworks() {
        JsonNode ipAddress = app.remove("ipAddress");
        Fields address = new Fields(
                ipAddress == null ? JsonNodeFactory.instance.objectNode() : ipAddress);
        JsonNode dockerNetwork = app.path("container").path("docker").path("network");
        if (dockerNetwork.isTextual()) {
            switch (dockerNetwork.textValue()) {
                case "HOST" -> putNetwork(Network.Mode.HOST);
                case "BRIDGE" -> putNetwork(Network.Mode.BRIDGE);
                case "USER" -> nameNetwork(putNetwork(Network.Mode.CONTAINER), address);
                default -> throw new RequestRefused(
                        MarathonError.of(422,
                                "unsupported docker network type " + dockerNetwork.textValue()));
            }
        } else if (ipAddress != null) {
            if (address.textOr("networkName", "").equals("mesos-bridge")) {
                putNetwork(Network.Mode.BRIDGE);
            } else {
                nameNetwork(putNetwork(Network.Mode.CONTAINER), address);
            }
        }
        migrateDiscovery(address.in("discovery"));
    }

    private ObjectNode putNetwork(Network.Mode mode) {
        return app.putArray("networks").addObject().put("mode", mode.json());
    }

    private static void nameNetwork(ObjectNode network, Fields address) {
        address.text("networkName").ifPresent(name -> network.put("name", name));
        if (address.hasItems("labels")) {
            network.set("labels", address.node().path("labels"));
        }
    }

    private void migrateDiscovery(Fields discovery) {
        if (!discovery.hasItems("ports")) {
            return;
        }
        ObjectNode container = container();
        if (new Fields(container).hasItems("portMappings")) {
            throw mixed();
        }
        ArrayNode mappings = container.putArray("portMappings");
        for (JsonNode port : discovery.node().path("ports")) {
            ObjectNode mapping = mappings.addObject()
                    .put("containerPort", port.path("number").intValue())
                    .put("name", port.path("name").textValue());
            if (port.has("protocol")) {
                mapping.set("protocol", port.path("protocol"));
            }
        }
    }

    private ObjectNode container() {
        if (app.get("container") instanceof ObjectNode given) {
            return given;
        }
        if (existing.isPresent() && existing.get().get("container") instanceof ObjectNode kept) {
            ObjectNode copy = kept.deepCopy();
            copy.remove("portMappings");
            app.set("container", copy);
            return copy;
        }
        return app.putObject("container").put("type", Container.Type.MESOS.json());
    }

    private void migratePortMappings() {
        if (!(app.path("container").get("docker") instanceof ObjectNode docker)) {
            return;
        }
        docker.remove("network");
        JsonNode mappings = docker.remove("portMappings");
        if (mappings == null) {
            return;
        }
        ObjectNode container = (ObjectNode) app.path("container");
        if (!mappings.isEmpty() && new Fields(container).hasItems("portMappings")) {
            throw new RequestRefused(
                    MarathonError.of(422,
                            "cannot specify both portMappings and docker.portMappings"));
        }
        if (!mappings.isEmpty() || !container.has("portMappings")) {
            container.set("portMappings", mappings);
        }
    }

    /** Outside of the host network service ports live in port mappings, of which there must be as many. */
    private void migratePorts() {
        JsonNode ports = app.remove("ports");
        if (ports != null && !app.has("portDefinitions")) {
            ArrayNode definitions = app.putArray("portDefinitions");
            ports.forEach(port -> definitions.addObject().put("port", port.intValue()));
        }
        boolean host = new Fields(app)
                .objects("networks", n -> n.literalOr("mode", Network.Mode.CONTAINER))
                .stream().allMatch(mode -> mode == Network.Mode.HOST);
        if (host || !app.has("portDefinitions")) {
            return;
        }
        JsonNode definitions = app.remove("portDefinitions");
        if (definitions.isEmpty() || !(app.get("container") instanceof ObjectNode container)) {
            return;
        }
        ArrayNode mappings = container.get("portMappings") instanceof ArrayNode given
                ? given
                : container.putArray("portMappings");
        for (int i = mappings.size(); i < definitions.size(); i++) {
            mappings.addObject().put("servicePort", definitions.path(i).path("port").intValue());
        }
    }

    private void giveHealthChecksAPort() {
        boolean ports = new Fields(app).hasItems("portDefinitions")
                || new Fields(app).in("container").hasItems("portMappings");
        for (JsonNode check : app.path("healthChecks")) {
            boolean command = check.path("protocol").asText().equals("COMMAND")
                    || check.has("command");
            if (ports && !command && !check.has("port") && !check.has("portIndex")) {
                ((ObjectNode) check).put("portIndex", 0);
            }
        }
    }

    private static RequestRefused mixed() {
        return new RequestRefused(
                MarathonError.of(422, "cannot mix deprecated and canonical network APIs"));
    }
}
