package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Fills in what depends on other fields: networks and their ports, strategies of apps that own data, the role.
 * Defaults that depend on nothing are {@link AppTree}'s business.
 */
final class Canonical {

    private final ObjectNode app;
    private final ServerSettings settings;

    Canonical(ObjectNode app, ServerSettings settings) {
        this.app = app;
        this.settings = settings;
    }

    void fill() {
        fillNetworks(app, settings);
        if (isHost()) {
            if (app.get("container") instanceof ObjectNode container) {
                container.remove("portMappings");
            }
            if (!app.has("portDefinitions")) {
                app.putArray("portDefinitions").addObject().put("port", 0).put("name", "default");
            }
        } else {
            app.remove("portDefinitions");
            app.put("requirePorts", false);
            fillPortMappings();
        }
        fillStrategies();
        if (!app.has("role")) {
            app.put("role", settings.mesosRole());
        }
    }

    /** A tree without networks is on its agent's; those without a mode or name get the usual ones. */
    static void fillNetworks(ObjectNode app, ServerSettings settings) {
        if (!new Fields(app).hasItems("networks")) {
            app.putArray("networks").addObject().put("mode", Network.Mode.HOST.json());
        }
        for (JsonNode network : app.path("networks")) {
            ObjectNode open = (ObjectNode) network;
            if (!open.has("mode")) {
                open.put("mode", Network.Mode.CONTAINER.json());
            }
            boolean container = new Fields(open).literalOr("mode",
                    Network.Mode.HOST) == Network.Mode.CONTAINER;
            if (container && !open.has("name")) {
                settings.defaultNetworkName().ifPresent(name -> open.put("name", name));
            }
        }
    }

    private boolean isHost() {
        return modes(app).stream().allMatch(mode -> mode == Network.Mode.HOST);
    }

    /** The modes of all networks of a tree. */
    static List<Network.Mode> modes(ObjectNode app) {
        return new Fields(app).objects("networks",
                n -> n.literalOr("mode", Network.Mode.CONTAINER));
    }

    private void fillPortMappings() {
        ObjectNode container = app.get("container") instanceof ObjectNode given
                ? given
                : app.putObject("container").put("type", Container.Type.MESOS.json());
        if (!container.has("portMappings")) {
            container.putArray("portMappings").addObject().put("containerPort", 0).put("name",
                    "default");
        }
        if (modes(app).contains(Network.Mode.BRIDGE)) {
            for (JsonNode mapping : container.path("portMappings")) {
                if (!mapping.has("hostPort")) {
                    ((ObjectNode) mapping).put("hostPort", 0);
                }
            }
        }
    }

    private void fillStrategies() {
        boolean resident = hasVolume("persistent");
        boolean single = Boolean.parseBoolean(
                new Fields(app).in("labels").textOr(App.LABEL_SINGLE_INSTANCE, "false"));
        boolean owning = resident || hasVolume("external");
        ObjectNode upgrade = app.get("upgradeStrategy") instanceof ObjectNode given
                ? given
                : app.putObject("upgradeStrategy");
        double healthy = single ? 0 : owning ? 0.5 : 1;
        double over = single || owning ? 0 : 1;
        if (!upgrade.has("minimumHealthCapacity")) {
            upgrade.set("minimumHealthCapacity", Fields.number(healthy));
        }
        if (!upgrade.has("maximumOverCapacity")) {
            upgrade.set("maximumOverCapacity", Fields.number(over));
        }
        if (resident) {
            if (!app.has("unreachableStrategy")) {
                app.put("unreachableStrategy", "disabled");
            }
            if (!app.has("residency")) {
                app.putObject("residency");
            }
            if (!app.has("acceptedResourceRoles")) {
                ArrayNode roles = app.putArray("acceptedResourceRoles");
                roles.add("*");
            }
        }
    }

    private boolean hasVolume(String kind) {
        for (JsonNode volume : app.path("container").path("volumes")) {
            if (volume.has(kind)) {
                return true;
            }
        }
        return false;
    }
}
