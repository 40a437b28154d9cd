package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Reads definitions of pods: JSON becomes canonical records.
 *
 * <p>Three phases, each reporting all that it finds, a later one only if the earlier found nothing: shape, what must
 * hold before there can be records, rules between fields. Source: Marathon, PodsResource and its validators.
 * Immutable, for any thread.
 */
public final class PodReader {

    private final ServerSettings settings;

    /**
     * Reads for a server of these settings; for pods in a group that enforces its role, of
     * {@link ServerSettings#withMesosRole} the group's.
     */
    public PodReader(ServerSettings settings) {
        this.settings = settings;
    }

    /**
     * Reads the body of {@code POST /v2/pods} or {@code PUT /v2/pods/{id}}.
     *
     * @throws RequestRefused 422 with all violations of the first phase that found any
     */
    public Pod read(JsonNode body) {
        Violations shape = new Violations();
        JsonNode read = PodShape.POD.read(body, "", shape);
        shape.refuseUnreadable();
        ObjectNode tree = (ObjectNode) read;
        Violations broken = new Violations();
        // The record's id is absolute, so what the document says of it is judged before.
        broken.require(tree.path("id").textValue().startsWith("/"), "/id",
                "Path needs to be absolute");
        new PodTreeRules(tree, broken).check();
        broken.refuseNotValid();
        fill(tree);
        Pod pod = PodTree.pod(tree);
        check(pod);
        return pod;
    }

    /**
     * Checks a pod again under these settings, for instance one read from a file of ours.
     *
     * @throws RequestRefused 422 if it breaks a rule
     */
    public void check(Pod pod) {
        Violations violations = new Violations();
        new PodRules(pod, settings, violations).check();
        violations.refuseNotValid();
    }

    /**
     * Checks that a pod may become another: what owns data keeps what is reserved for it.
     *
     * @throws RequestRefused 422 if it may not
     */
    public static void checkChange(Pod before, Pod after) {
        Violations violations = new Violations();
        ResidentPodRules.check(before, after, violations);
        violations.refuseNotValid();
    }

    /** Fills in what depends on other fields; {@link PodTree} knows the plain defaults. */
    private void fill(ObjectNode tree) {
        Canonical.fillNetworks(tree, settings);
        if (!Canonical.modes(tree).contains(Network.Mode.CONTAINER)) {
            for (JsonNode container : tree.path("containers")) {
                for (JsonNode endpoint : container.path("endpoints")) {
                    if (!endpoint.has("hostPort")) {
                        ((ObjectNode) endpoint).put("hostPort", 0);
                    }
                }
            }
        }
        boolean resident = false;
        for (JsonNode volume : tree.path("volumes")) {
            resident |= volume.has("persistent");
        }
        if (resident) {
            ObjectNode scheduling = opened(tree, "scheduling");
            ObjectNode upgrade = opened(scheduling, "upgrade");
            if (!upgrade.has("minimumHealthCapacity")) {
                upgrade.put("minimumHealthCapacity", 0.5);
            }
            if (!upgrade.has("maximumOverCapacity")) {
                upgrade.put("maximumOverCapacity", 0.0);
            }
            if (!scheduling.has("unreachableStrategy")) {
                scheduling.put("unreachableStrategy", "disabled");
            }
        }
        if (!tree.has("role")) {
            tree.put("role", settings.mesosRole());
        }
    }

    private static ObjectNode opened(ObjectNode tree, String name) {
        return tree.get(name) instanceof ObjectNode given ? given : tree.putObject(name);
    }
}
