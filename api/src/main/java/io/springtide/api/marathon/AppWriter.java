package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes apps as Marathon writes them: what is always there, what only if someone set it, and not one field more, since
 * its strictest clients fail on fields that they do not know.
 */
public final class AppWriter {

    private AppWriter() {}

    /**
     * The app as Marathon's clients see it, without counts, tasks and what is our own. The result is the
     * caller's to extend.
     */
    public static ObjectNode write(App app, AppMeta meta) {
        ObjectNode out = canonical(app, meta.servicePorts());
        out.remove(List.of("placement", "rollout", "onPartition"));
        out.put("version", Timestamps.format(meta.versionMs()));
        out.putObject("versionInfo")
                .put("lastScalingAt", Timestamps.format(meta.lastScalingAtMs()))
                .put("lastConfigChangeAt", Timestamps.format(meta.lastConfigChangeAtMs()));
        return out;
    }

    /** What the app says about its placement in our own words, as an object. */
    public static ObjectNode placement(App app) {
        return PlacementTermsTree.write(app.placement().terms());
    }

    /** What the app says about its changes in our own words, as an object. */
    public static ObjectNode rollout(App app) {
        return RolloutTermsTree.write(app.rollout().terms());
    }

    /**
     * All that makes a configuration: the app without its number of instances, as compact JSON. Apps that differ in
     * nothing else give the same text, so that comparing the texts answers "has the configuration changed?".
     */
    public static String definition(App app) {
        ObjectNode out = canonical(app, List.of());
        out.remove("instances");
        return out.toString();
    }

    /**
     * Reads what {@link #definition} has written.
     *
     * @throws RuntimeException if it is anything else
     */
    public static App fromDefinition(String definition, int instances) {
        return AppTree.app(JsonInput.parseText(definition)).withInstances(instances);
    }

    /** The app as a tree that the later phases of reading accept. */
    static ObjectNode canonical(App app, List<Integer> servicePorts) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("id", app.id().path());
        writeLaunch(app.launch(), out);
        out.put("instances", app.instances());
        writeResources(app.resources(), out);
        writeNetworking(app, servicePorts, out);
        app.container().ifPresent(container -> new ContainerWriter(out.putObject("container"))
                .write(container, app.networking().isHost(), servicePorts));
        CheckWriter.write(app.checks(), out);
        writePlacement(app.placement(), out);
        writeRollout(app.rollout(), out);
        putMap(out, "labels", app.labels());
        if (!app.dependencies().isEmpty()) {
            ArrayNode dependencies = out.putArray("dependencies");
            app.dependencies().forEach(id -> dependencies.add(id.path()));
        }
        return out;
    }

    private static void writeLaunch(Launch launch, ObjectNode out) {
        launch.cmd().ifPresent(cmd -> out.put("cmd", cmd));
        putTexts(out, "args", launch.args());
        launch.user().ifPresent(user -> out.put("user", user));
        writeEnv(launch.env(), out, "env");
        writeSecrets(launch.secrets(), out);
        writeFetch(launch.fetch(), out, "fetch");
        out.put("executor", launch.executor());
        launch.taskKillGracePeriodSeconds()
                .ifPresent(seconds -> out.put("taskKillGracePeriodSeconds", seconds));
        launch.tty().ifPresent(tty -> out.put("tty", tty));
    }

    static void writeEnv(Map<String, EnvValue> values, ObjectNode out, String name) {
        if (!values.isEmpty()) {
            ObjectNode env = out.putObject(name);
            for (Map.Entry<String, EnvValue> entry : values.entrySet()) {
                switch (entry.getValue()) {
                    case EnvValue.Text(String value) -> env.put(entry.getKey(), value);
                    case EnvValue.SecretRef(String secret) ->
                        env.putObject(entry.getKey()).put("secret", secret);
                }
            }
        }
    }

    static void writeSecrets(Map<String, Secret> all, ObjectNode out) {
        if (!all.isEmpty()) {
            ObjectNode secrets = out.putObject("secrets");
            all.forEach((name, secret) -> secrets.putObject(name).put("source", secret.source()));
        }
    }

    static void writeFetch(List<Fetch> all, ObjectNode out, String name) {
        if (!all.isEmpty()) {
            ArrayNode list = out.putArray(name);
            for (Fetch fetch : all) {
                ObjectNode item = list.addObject().put("uri", fetch.uri())
                        .put("extract", fetch.extract())
                        .put("executable", fetch.executable()).put("cache", fetch.cache());
                fetch.destPath().ifPresent(path -> item.put("destPath", path));
            }
        }
    }

    private static void writeResources(Resources resources, ObjectNode out) {
        out.set("cpus", Fields.number(resources.cpus()));
        out.set("mem", Fields.number(resources.memMib()));
        out.set("disk", Fields.number(resources.diskMib()));
        out.put("gpus", resources.gpus());
        writeLimits(resources, out);
        resources.executor().ifPresent(executor -> writeExecutor(executor, out));
    }

    static void writeLimits(Resources resources, ObjectNode out) {
        if (resources.limits().isPresent()) {
            ObjectNode limits = out.putObject("resourceLimits");
            putLimit(limits, "cpus", resources.limits().get().cpus());
            putLimit(limits, "mem", resources.limits().get().memMib());
        }
    }

    static void writeExecutor(Resources.ExecutorResources executor, ObjectNode out) {
        ObjectNode item = out.putObject("executorResources");
        item.set("cpus", Fields.number(executor.cpus()));
        item.set("mem", Fields.number(executor.memMib()));
        item.set("disk", Fields.number(executor.diskMib()));
    }

    private static void putLimit(ObjectNode limits, String name, Optional<Resources.Limit> limit) {
        if (limit.isPresent()) {
            switch (limit.get()) {
                case Resources.Limit.Unlimited() -> limits.put(name, "unlimited");
                case Resources.Limit.AtMost(double amount) ->
                    limits.set(name, Fields.number(amount));
            }
        }
    }

    private static void writeNetworking(App app, List<Integer> servicePorts, ObjectNode out) {
        Networking networking = app.networking();
        writeNetworks(networking.networks(), out);
        if (networking.isHost()) {
            ArrayNode definitions = out.putArray("portDefinitions");
            for (PortDefinition port : networking.portDefinitions()) {
                ObjectNode item = definitions.addObject()
                        .put("port", assigned(port.port(), definitions.size() - 1, servicePorts))
                        .put("protocol", port.protocol().json());
                port.name().ifPresent(name -> item.put("name", name));
                putMap(item, "labels", port.labels());
            }
        }
        out.put("requirePorts", networking.requirePorts());
    }

    static void writeNetworks(List<Network> all, ObjectNode out) {
        ArrayNode networks = out.putArray("networks");
        for (Network network : all) {
            ObjectNode item = networks.addObject().put("mode", network.mode().json());
            network.name().ifPresent(name -> item.put("name", name));
            if (!network.labels().isEmpty()) {
                putMap(item, "labels", network.labels());
            }
        }
    }

    /** The port asked for, or the one assigned in its place. */
    static int assigned(int asked, int position, List<Integer> servicePorts) {
        return asked == 0 && position < servicePorts.size() ? servicePorts.get(position) : asked;
    }

    private static void writePlacement(Placement placement, ObjectNode out) {
        if (!placement.constraints().isEmpty()) {
            ArrayNode list = out.putArray("constraints");
            placement.constraints().forEach(constraint -> putConstraint(list, constraint));
        }
        out.put("role", placement.role());
        putTexts(out, "acceptedResourceRoles", placement.acceptedResourceRoles());
        placement.residency().ifPresent(residency -> out.putObject("residency")
                .put("relaunchEscalationTimeoutSeconds",
                        residency.relaunchEscalationTimeoutSeconds())
                .put("taskLostBehavior", residency.taskLostBehavior().json()));
        if (!placement.terms().isEmpty()) {
            out.set("placement", PlacementTermsTree.write(placement.terms()));
        }
    }

    static void putConstraint(ArrayNode list, Constraint constraint) {
        ArrayNode item = list.addArray().add(constraint.field()).add(constraint.operator().json());
        constraint.value().ifPresent(item::add);
    }

    private static void writeRollout(Rollout rollout, ObjectNode out) {
        out.put("backoffSeconds", rollout.backoff().seconds());
        out.set("backoffFactor", Fields.number(rollout.backoff().factor()));
        out.put("maxLaunchDelaySeconds", rollout.backoff().maxLaunchDelaySeconds());
        writeUpgrade(rollout.upgrade(), out.putObject("upgradeStrategy"));
        writeUnreachable(rollout.unreachable(), out);
        out.put("killSelection", rollout.killSelection().json());
        if (!rollout.terms().isEmpty()) {
            out.set("rollout", RolloutTermsTree.write(rollout.terms()));
        }
        writeOnPartition(rollout, out);
    }

    /** Only what is not the default: it must not change what was written before. */
    static void writeOnPartition(Rollout rollout, ObjectNode out) {
        if (rollout.onPartition() != Rollout.OnPartition.KEEP) {
            out.put("onPartition", rollout.onPartition().json());
        }
    }

    static void writeUpgrade(Rollout.UpgradeStrategy upgrade, ObjectNode item) {
        item.set("minimumHealthCapacity", Fields.number(upgrade.minimumHealthCapacity()));
        item.set("maximumOverCapacity", Fields.number(upgrade.maximumOverCapacity()));
    }

    static void writeUnreachable(Rollout.UnreachableStrategy strategy, ObjectNode out) {
        switch (strategy) {
            case Rollout.UnreachableStrategy.Disabled() ->
                out.put("unreachableStrategy", "disabled");
            case Rollout.UnreachableStrategy.After(int inactive, int expunge) -> out
                    .putObject("unreachableStrategy").put("inactiveAfterSeconds", inactive)
                    .put("expungeAfterSeconds", expunge);
        }
    }

    private static void putTexts(ObjectNode out, String name, List<String> texts) {
        if (!texts.isEmpty()) {
            ArrayNode list = out.putArray(name);
            texts.forEach(list::add);
        }
    }

    static void putMap(ObjectNode out, String name, Map<String, String> map) {
        ObjectNode object = out.putObject(name);
        map.forEach(object::put);
    }
}
