package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.agent.TaskIds;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.event.Event;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.InstanceList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Facts of the core, in the words of Marathon's events. On the outbox's thread; has to be quick.
 *
 * <p>Each frame has the fact's position and its number among the fact's frames as its id. A fact has the
 * same frames in the same order whoever listens, live and when it is told again, so that an id names the
 * same frame for ever: what nobody wants is not rendered, but counted.
 */
final class EventFrames {

    private final Predicate<String> someoneWants;
    private final Consumer<EventFrame> out;
    private final AppDefinitions definitions;
    private final DeploymentEvents deployments = new DeploymentEvents(this::shows, this::emit);
    private long position;
    private int index;
    private long newestMs;

    EventFrames(Predicate<String> someoneWants, Consumer<EventFrame> out,
            AppDefinitions definitions) {
        this.someoneWants = someoneWants;
        this.out = out;
        this.definitions = definitions;
    }

    /** The next fact, which {@link #before} and {@link #after} are about. */
    void begin(long factPosition) {
        position = factPosition;
        index = 0;
    }

    /** Some facts have no time of their own and take that of the one before: this has to hear all of them. */
    void passed(Event event) {
        passed(FactTimes.ms(event));
    }

    void passed(long atMs) {
        newestMs = Math.max(newestMs, atMs);
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
            case Event.AppScaled scaled -> scaled(scaled, state);
            case Event.AppRemoved removed -> removed(removed, state);
            case Event.AppVersioned versioned -> checksChanged(versioned.version(), state);
            case Event.AppPlanned planned -> checksChanged(planned.version(), state);
            case Event.DeploymentAdvanced advanced -> deployments.advanced(advanced, state);
            case Event.DeploymentEnded ended -> deployments.ended(ended, state);
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
            deployments.started(started.deployment(), state);
        }
    }

    private void scaled(Event.AppScaled scaled, ClusterState state) {
        ObjectNode body = Json.object().put("appId", scaled.app().path())
                .put("from", scaled.from()).put("to", scaled.to())
                .put("dryRun", state.app(scaled.app())
                        .filter(AppState::ownedByPolicy).isEmpty());
        AutoscalingJson.reason(body, scaled.reason());
        emit(EventTypes.AUTOSCALE, body, scaled.atMs());
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
                && shows(EventTypes.FAILED_HEALTH_CHECK)) {
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

    private void changed(ClusterState state, Instance instance, Condition condition,
            String message, long atMs) {
        statusUpdate(state, instance, condition, message, "", atMs);
        instanceChanged(state, instance, condition, atMs);
    }

    private void statusUpdate(ClusterState state, Instance instance, Condition condition,
            String message, String reportedAddress, long atMs) {
        if (!shows(EventTypes.STATUS_UPDATE)) {
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
        if (!shows(EventTypes.INSTANCE_CHANGED)) {
            return;
        }
        AgentSpec agent = state.agents().spec(instance.agentRow());
        emit(EventTypes.INSTANCE_CHANGED, Json.object()
                .put("instanceId", instanceId(state, instance))
                .put("condition", TaskJson.condition(condition))
                .put("runSpecId", instance.app().id().path()).put("agentId", agent.id().name())
                .put("host", agent.hostname()).put("runSpecVersion", version(instance)), atMs);
    }

    private void removed(Event.AppRemoved removed, ClusterState state) {
        String id = removed.app().path();
        // Older releases have not written down when.
        long atMs = removed.atMs() == 0 ? newestMs : removed.atMs();
        if (state.app(removed.app()).filter(app -> app.current().spec().healthChecked())
                .isPresent()) {
            emit(EventTypes.REMOVE_HEALTH_CHECK, Json.object().put("appId", id), atMs);
        }
        emit(EventTypes.APP_TERMINATED, Json.object().put("appId", id), atMs);
    }

    /** A new configuration has new checks in place of the old ones; a new count changes none. */
    private void checksChanged(AppVersion version, ClusterState state) {
        Optional<AppVersion> old = state.app(version.spec().id()).map(AppState::latest);
        if (old.isPresent() && old.get().configuredMs() == version.configuredMs()) {
            return;
        }
        String id = version.spec().id().path();
        if (old.isPresent() && old.get().spec().healthChecked()) {
            emit(EventTypes.REMOVE_HEALTH_CHECK, Json.object().put("appId", id),
                    version.versionMs());
        }
        // Last, since how many there are is known only if somebody asks: nothing may be counted behind it.
        if (version.spec().healthChecked() && shows(EventTypes.ADD_HEALTH_CHECK)) {
            for (JsonNode check : definitions.json(version).path("healthChecks")) {
                ObjectNode body = Json.object().put("appId", id).put("version",
                        Timestamps.format(version.versionMs()));
                body.set("healthCheck", check);
                emit(EventTypes.ADD_HEALTH_CHECK, body, version.versionMs());
            }
        }
    }

    /** Whether a frame is worth its body; one that is not is counted here, else {@link #emit} does it. */
    private boolean shows(String type) {
        if (someoneWants.test(type)) {
            return true;
        }
        index++;
        return false;
    }

    private void emit(String type, ObjectNode body, long atMs) {
        if (someoneWants.test(type)) {
            out.accept(EventFrame.ofFact(position, index, type, body, atMs));
        }
        index++;
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
