package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Writes pods as Marathon writes them: what is always there, and what only if someone set it. */
public final class PodWriter {

    /** Definitions of apps begin with their id. */
    private static final String BEGINNING = "{\"containers\":";
    /** Containers begin with their name, which has no character that JSON would escape. */
    private static final String FIRST_NAME = BEGINNING + "[{\"name\":\"";

    private PodWriter() {}

    /** The pod as Marathon's clients see it. The result is the caller's to extend. */
    public static ObjectNode write(Pod pod, long versionMs) {
        return canonical(pod).put("version", Timestamps.format(versionMs));
    }

    /**
     * All that makes a configuration: the pod without its number of instances, as compact JSON. Pods that differ in
     * nothing else give the same text, and no app ever gives it.
     */
    public static String definition(Pod pod) {
        ObjectNode all = canonical(pod);
        all.remove("scaling");
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.set("containers", all.remove("containers"));
        out.setAll(all);
        return out.toString();
    }

    /** Whether {@link #definition} has written it, and not {@link AppWriter#definition}. */
    public static boolean isDefinition(String definition) {
        return definition.startsWith(BEGINNING);
    }

    /**
     * The name of the first container, without reading the rest: events ask for it at every turn.
     *
     * @throws IllegalArgumentException if {@link #definition} has not written it
     */
    public static String firstContainer(String definition) {
        if (!definition.startsWith(FIRST_NAME)) {
            throw new IllegalArgumentException("is not the definition of a pod");
        }
        return definition.substring(FIRST_NAME.length(),
                definition.indexOf('"', FIRST_NAME.length()));
    }

    /**
     * Reads what {@link #definition} has written.
     *
     * @throws RuntimeException if it is anything else
     */
    public static Pod fromDefinition(String definition, int instances) {
        if (!isDefinition(definition)) {
            throw new IllegalArgumentException("is not the definition of a pod");
        }
        return PodTree.pod(JsonInput.parseText(definition)).withInstances(instances);
    }

    private static ObjectNode canonical(Pod pod) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("id", pod.id().path());
        PodContainerWriter.putLabels(out, pod.labels());
        pod.user().ifPresent(user -> out.put("user", user));
        AppWriter.writeEnv(pod.environment(), out, "environment");
        ArrayNode containers = out.putArray("containers");
        pod.containers().forEach(container -> new PodContainerWriter(containers.addObject())
                .write(container));
        AppWriter.writeSecrets(pod.secrets(), out);
        if (!pod.volumes().isEmpty()) {
            ArrayNode volumes = out.putArray("volumes");
            pod.volumes().forEach(volume -> writeVolume(volume, volumes.addObject()));
        }
        AppWriter.writeNetworks(pod.networks(), out);
        out.putObject("scaling").put("kind", "fixed").put("instances", pod.instances());
        writeScheduling(pod, out.putObject("scheduling"));
        AppWriter.writeExecutor(pod.executorResources(), out);
        out.put("role", pod.placement().role());
        AppWriter.writeOnPartition(pod.rollout(), out);
        pod.linuxInfo().ifPresent(info -> ContainerWriter.writeLinuxInfo(info, out));
        pod.legacySharedCgroups().ifPresent(shared -> out.put("legacySharedCgroups", shared));
        return out;
    }

    private static void writeVolume(PodVolume volume, ObjectNode item) {
        item.put("name", volume.name());
        switch (volume) {
            case PodVolume.Ephemeral ephemeral -> {
            }
            case PodVolume.Host host -> item.put("host", host.path());
            case PodVolume.SecretFile file -> item.put("secret", file.secret());
            case PodVolume.Persistent persistent ->
                ContainerWriter.writeDisk(persistent.disk(), item);
        }
    }

    private static void writeScheduling(Pod pod, ObjectNode out) {
        Rollout rollout = pod.rollout();
        ObjectNode backoff = out.putObject("backoff").put("backoff", rollout.backoff().seconds());
        backoff.set("backoffFactor", Fields.number(rollout.backoff().factor()));
        backoff.put("maxLaunchDelay", rollout.backoff().maxLaunchDelaySeconds());
        AppWriter.writeUpgrade(rollout.upgrade(), out.putObject("upgrade"));
        ObjectNode placement = out.putObject("placement");
        ArrayNode constraints = placement.putArray("constraints");
        for (Constraint constraint : pod.placement().constraints()) {
            ObjectNode item = constraints.addObject().put("fieldName", constraint.field())
                    .put("operator", constraint.operator().json());
            constraint.value().ifPresent(value -> item.put("value", value));
        }
        putAll(placement.putArray("acceptedResourceRoles"),
                pod.placement().acceptedResourceRoles());
        out.put("killSelection", rollout.killSelection().json());
        AppWriter.writeUnreachable(rollout.unreachable(), out);
    }

    static void putAll(ArrayNode list, List<String> texts) {
        texts.forEach(list::add);
    }
}
