package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.agent.TaskIds;
import io.springtide.api.marathon.Network;
import io.springtide.api.marathon.Pod;
import io.springtide.api.marathon.PodWriter;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Goal;
import io.springtide.core.model.TaskFailure;
import java.util.HashMap;
import java.util.Map;

/** How a pod and its instances stand, in Marathon's words. Source: Marathon, PodStatusConversion. */
final class PodStatusJson {

    /** Words of Marathon's that clients show. */
    private static final String UNREACHABLE = "pod instance has become unreachable";
    private static final String UNHEALTHY = "at least one container is not healthy";

    /** How an instance stands as a whole. */
    private enum State {
        PENDING, STAGING, STABLE, DEGRADED, TERMINAL
    }

    private final PodView view;
    private final String prefix;
    /** By version, each read once. */
    private final Map<Long, Pod> pods = new HashMap<>();

    private PodStatusJson(PodView view) {
        this.view = view;
        this.prefix = TaskIds.prefix(view.path(), view.clusterId());
    }

    /** The status of a pod with that of all its instances. */
    static ObjectNode of(PodView view) {
        return new PodStatusJson(view).pod();
    }

    private ObjectNode pod() {
        Pod latest = spec(view.version());
        ObjectNode node = Json.object().put("id", view.path());
        node.set("spec", PodWriter.write(latest, view.version().versionMs()));
        ArrayNode instances = Json.object().arrayNode();
        int stable = 0;
        long changedMs = view.version().versionMs();
        for (PodInstanceView instance : view.instances()) {
            Pod spec = spec(instance.task().version());
            State state = state(spec, instance);
            stable += state == State.STABLE ? 1 : 0;
            changedMs = Math.max(changedMs, instance.sinceMs());
            instances.add(instance(spec, instance, state));
        }
        String state = view.leaving()
                ? "TERMINAL"
                : stable >= view.version().spec().instances() ? "STABLE" : "DEGRADED";
        node.put("status", state).put("statusSince", Timestamps.format(changedMs));
        node.set("instances", instances);
        ArrayNode history = node.putArray("terminationHistory");
        view.failure().ifPresent(failure -> history.add(ended(failure)));
        return stamped(node, changedMs);
    }

    /** Instances of older versions run until they are replaced. */
    private Pod spec(AppVersion version) {
        return pods.computeIfAbsent(version.versionMs(), unused -> PodJson.pod(version));
    }

    private static ObjectNode stamped(ObjectNode node, long changedMs) {
        String time = Timestamps.format(changedMs);
        return node.put("lastUpdated", time).put("lastChanged", time);
    }

    private ObjectNode ended(TaskFailure failure) {
        return Json.object().put("instanceID", TaskIds.instanceId(prefix, failure.instance()))
                .put("terminatedAt", Timestamps.format(failure.atMs()))
                .put("message", failure.message());
    }

    // ------------------------------------------------------------ one instance

    private static State state(Pod spec, PodInstanceView instance) {
        Condition condition = instance.task().condition();
        if (instance.task().goal() == Goal.DECOMMISSIONED && !condition.unreachable()) {
            return State.TERMINAL;
        }
        return switch (condition) {
            case PLACED -> State.PENDING;
            case STAGING, STARTING, PAUSED -> State.STAGING;
            case UNREACHABLE, UNREACHABLE_INACTIVE -> State.DEGRADED;
            case RUNNING -> spec.containers().stream()
                    .anyMatch(one -> new PodContainerStatus(one, instance).unhealthy())
                            ? State.DEGRADED
                            : State.STABLE;
            case KILLING, FINISHED, FAILED, KILLED, ERROR, GONE -> State.TERMINAL;
        };
    }

    private ObjectNode instance(Pod spec, PodInstanceView instance, State state) {
        TaskView task = instance.task();
        String since = Timestamps.format(instance.sinceMs());
        ObjectNode node = Json.object().put("id", TaskIds.instanceId(prefix, task.number()))
                .put("status", state.name()).put("statusSince", since);
        if (state == State.DEGRADED) {
            node.put("message", task.condition().unreachable() ? UNREACHABLE : UNHEALTHY);
        }
        node.putArray("conditions");
        node.put("agentHostname", task.agent().hostname()).put("agentId",
                task.agent().id().name());
        if (!task.agent().region().isEmpty()) {
            node.put("agentRegion", task.agent().region());
        }
        if (!task.agent().site().isEmpty()) {
            node.put("agentZone", task.agent().site());
        }
        node.set("resources", PodContainerStatus.resources(spec.total()));
        networks(spec, task, node.putArray("networks"));
        ArrayNode containers = node.putArray("containers");
        int ports = 0;
        for (var container : spec.containers()) {
            PodContainerStatus status = new PodContainerStatus(container, instance);
            containers.add(status.json(prefix, ports));
            ports += status.hostPorts();
        }
        node.put("specReference", "/v2/pods" + view.path() + "::versions/"
                + Timestamps.format(task.version().versionMs()));
        node.putArray("localVolumes");
        stamped(node, instance.sinceMs());
        return node.put("role", spec.placement().role());
    }

    private static void networks(Pod spec, TaskView task, ArrayNode out) {
        String address = TaskJson.address(task.ipAddress(), task.agent().hostname());
        if (task.condition() == Condition.PLACED || address.isEmpty()) {
            return;
        }
        // The agent tells one address, whatever the number of networks.
        ObjectNode network = out.addObject();
        spec.networks().stream().findFirst().flatMap(Network::name)
                .ifPresent(name -> network.put("name", name));
        network.putArray("addresses").add(address);
    }
}
