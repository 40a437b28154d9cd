package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.agent.TaskIds;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.event.Event;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Deployment;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.InstanceList;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Facts of the core, in the words of Marathon's events. On the outbox's thread; has to be quick. */
final class EventFrames {

    private final Predicate<String> wanted;
    private final Consumer<EventFrame> out;
    private final AppDefinitions definitions;

    EventFrames(Predicate<String> wanted, Consumer<EventFrame> out, AppDefinitions definitions) {
        this.wanted = wanted;
        this.out = out;
        this.definitions = definitions;
    }

    /** What has to be told while the state still has it. */
    void before(Event event, ClusterState state) {
        switch (event) {
            case Event.InstancesReported reported -> reported(reported, state);
            case Event.InstancesLost lost -> {
                for (long number : lost.instances()) {
                    state.instance(number).ifPresent(instance -> changed(state, instance,
                            Condition.GONE, lost.message(), lost.atMs()));
                }
            }
            case Event.InstancesDecommissioned ending -> {
                if (ending.reason() == Event.Reason.UNHEALTHY) {
                    ending.instances().forEach(number -> state.instance(number)
                            .ifPresent(instance -> unhealthy(state, instance, ending.atMs())));
                }
            }
            case Event.InstancesDeactivated idle -> {
                for (long number : idle.instances()) {
                    state.instance(number).ifPresent(instance -> instanceChanged(state, instance,
                            Condition.UNREACHABLE_INACTIVE, idle.atMs()));
                }
            }
            case Event.AgentUnreachable silent -> {
                InstanceList held = state.agents().instances(silent.row());
                for (int i = 0; i < held.size(); i++) {
                    changed(state, held.get(i), Condition.UNREACHABLE, "the agent is silent",
                            silent.atMs());
                }
            }
            case Event.AgentRegistered back -> returned(back, state);
            case Event.AppRemoved removed -> emit(EventTypes.APP_TERMINATED,
                    Json.object().put("appId", removed.app().path()), System.currentTimeMillis());
            case Event.DeploymentEnded ended -> state.deployment(ended.number())
                    .ifPresent(deployment -> ended(state.clusterId(), deployment, ended));
            default -> {
                // Nothing that Marathon's events tell of.
            }
        }
    }

    /** What can only be told once the state has it. */
    void after(Event event, ClusterState state) {
        if (event instanceof Event.InstancesPlaced placed) {
            for (int i = 0; i < placed.agentRows().length; i++) {
                state.instance(placed.first() + i).ifPresent(instance -> changed(state, instance,
                        Condition.PLACED, "", placed.atMs()));
            }
        } else if (event instanceof Event.DeploymentStarted started) {
            started(state.clusterId(), started.deployment());
        }
    }

    private void reported(Event.InstancesReported reported, ClusterState state) {
        Map<Long, Condition> within = new HashMap<>();
        for (InstanceStatus status : reported.statuses()) {
            Instance instance = state.instance(status.instance()).orElse(null);
            if (instance == null) {
                continue;
            }
            Condition last = within.getOrDefault(instance.number(), instance.seen());
            if (status.condition().rank() > last.rank()) {
                within.put(instance.number(), status.condition());
                if (!TaskJson.state(status.condition()).equals(TaskJson.state(last))) {
                    statusUpdate(state, instance, status.condition(), status.message(),
                            status.ipAddress(), reported.atMs());
                }
                instanceChanged(state, instance, status.condition(), reported.atMs());
            }
            health(state, instance, status, reported.atMs());
        }
    }

    private void health(ClusterState state, Instance instance, InstanceStatus status, long atMs) {
        if (status.health() == Health.UNKNOWN || status.condition().terminal()) {
            return;
        }
        if (status.health() != instance.health()) {
            boolean alive = status.health() == Health.ALIVE;
            emit(EventTypes.INSTANCE_HEALTH_CHANGED, Json.object()
                    .put("instanceId", instanceId(state, instance))
                    .put("runSpecId", instance.app().id().path()).put("healthy", alive)
                    .put("runSpecVersion", version(instance)), atMs);
            // The older name and the newer: clients of both times read it.
            emit(EventTypes.HEALTH_STATUS_CHANGED, Json.object()
                    .put("appId", instance.app().id().path())
                    .put("instanceId", instanceId(state, instance))
                    .put("taskId", taskId(state, instance)).put("version", version(instance))
                    .put("alive", alive), atMs);
        }
        if (status.health() == Health.DEAD
                && status.healthFailures() != instance.healthFailures()
                && wanted.test(EventTypes.FAILED_HEALTH_CHECK)) {
            ObjectNode body = Json.object().put("appId", instance.app().id().path())
                    .put("taskId", instanceId(state, instance))
                    .put("instanceId", instanceId(state, instance));
            JsonNode check = definitions.json(instance.version()).path("healthChecks").path(0);
            body.set("healthCheck", check.isObject() ? check : Json.object());
            emit(EventTypes.FAILED_HEALTH_CHECK, body, atMs);
        }
    }

    private void unhealthy(ClusterState state, Instance instance, long atMs) {
        AgentSpec agent = state.agents().spec(instance.agentRow());
        emit(EventTypes.UNHEALTHY_KILL, Json.object()
                .put("appId", instance.app().id().path()).put("taskId", taskId(state, instance))
                .put("instanceId", instanceId(state, instance)).put("version", version(instance))
                .put("reason", "its health checks have failed more often than the app allows")
                .put("host", agent.hostname()).put("slaveId", agent.id().name()), atMs);
    }

    private void returned(Event.AgentRegistered back, ClusterState state) {
        if (!state.agents().present(back.row())
                || state.agents().condition(back.row()) != AgentCondition.UNREACHABLE) {
            return;
        }
        InstanceList held = state.agents().instances(back.row());
        for (int i = 0; i < held.size(); i++) {
            changed(state, held.get(i), held.get(i).seen(), "the agent is back", back.atMs());
        }
    }

    private void started(String clusterId, Deployment deployment) {
        if (wanted.test(EventTypes.DEPLOYMENT_INFO)) {
            emit(EventTypes.DEPLOYMENT_INFO, planned(clusterId, deployment),
                    deployment.versionMs());
        }
        emit(EventTypes.GROUP_CHANGE_SUCCESS, Json.object().put("groupId", "/")
                .put("version", Timestamps.format(deployment.versionMs())),
                deployment.versionMs());
    }

    private void ended(String clusterId, Deployment deployment, Event.DeploymentEnded ended) {
        String id = DeploymentIds.text(clusterId, deployment.number());
        ObjectNode body = Json.object().put("id", id);
        body.set("plan", DeploymentJson.plan(clusterId, deployment));
        switch (ended.outcome()) {
            case SUCCEEDED -> {
                if (wanted.test(EventTypes.DEPLOYMENT_STEP_SUCCESS)) {
                    emit(EventTypes.DEPLOYMENT_STEP_SUCCESS, planned(clusterId, deployment),
                            ended.atMs());
                }
                emit(EventTypes.DEPLOYMENT_SUCCESS, body, ended.atMs());
            }
            case CANCELLED, FAILED -> emit(EventTypes.DEPLOYMENT_FAILED,
                    body.put("reason", ended.reason().isEmpty()
                            ? "cancelled, or replaced by a newer deployment"
                            : ended.reason()),
                    ended.atMs());
        }
    }

    private static ObjectNode planned(String clusterId, Deployment deployment) {
        ObjectNode body = Json.object();
        body.set("plan", DeploymentJson.plan(clusterId, deployment));
        body.set("currentStep", DeploymentJson.currentStep(deployment));
        return body;
    }

    private void changed(ClusterState state, Instance instance, Condition condition,
            String message, long atMs) {
        statusUpdate(state, instance, condition, message, "", atMs);
        instanceChanged(state, instance, condition, atMs);
    }

    private void statusUpdate(ClusterState state, Instance instance, Condition condition,
            String message, String reportedAddress, long atMs) {
        if (!wanted.test(EventTypes.STATUS_UPDATE)) {
            return;
        }
        AgentSpec agent = state.agents().spec(instance.agentRow());
        ObjectNode body = Json.object().put("slaveId", agent.id().name())
                .put("taskId", taskId(state, instance)).put("taskStatus", TaskJson.state(condition))
                .put("message", message).put("appId", instance.app().id().path())
                .put("host", agent.hostname());
        var addresses = body.putArray("ipAddresses");
        String own = reportedAddress.isEmpty() ? instance.ipAddress() : reportedAddress;
        String address = TaskJson.address(own, agent.hostname());
        if (!address.isEmpty()) {
            addresses.addObject().put("ipAddress", address).put("protocol",
                    address.indexOf(':') >= 0 ? "IPv6" : "IPv4");
        }
        var ports = body.putArray("ports");
        for (int i = 0; i < instance.portCount(); i++) {
            ports.add(instance.port(i));
        }
        emit(EventTypes.STATUS_UPDATE, body.put("version", version(instance)), atMs);
    }

    private void instanceChanged(ClusterState state, Instance instance, Condition condition,
            long atMs) {
        if (!wanted.test(EventTypes.INSTANCE_CHANGED)) {
            return;
        }
        AgentSpec agent = state.agents().spec(instance.agentRow());
        emit(EventTypes.INSTANCE_CHANGED, Json.object()
                .put("instanceId", instanceId(state, instance))
                .put("condition", TaskJson.condition(condition))
                .put("runSpecId", instance.app().id().path()).put("agentId", agent.id().name())
                .put("host", agent.hostname()).put("runSpecVersion", version(instance)), atMs);
    }

    private void emit(String type, ObjectNode body, long atMs) {
        if (wanted.test(type)) {
            out.accept(EventFrame.of(type, body, atMs));
        }
    }

    private static String version(Instance instance) {
        return Timestamps.format(instance.version().versionMs());
    }

    private static String taskId(ClusterState state, Instance instance) {
        return PodJson.taskId(prefix(state, instance), instance.version(), instance.number());
    }

    private static String instanceId(ClusterState state, Instance instance) {
        return TaskIds.instanceId(prefix(state, instance), instance.number());
    }

    private static String prefix(ClusterState state, Instance instance) {
        return TaskIds.prefix(instance.app().id().path(), state.clusterId());
    }
}
