package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.agent.TaskIds;
import io.springtide.api.marathon.PodContainer;
import io.springtide.api.marathon.PodHealthCheck;
import io.springtide.api.marathon.PodProbe;
import io.springtide.api.marathon.Resources;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.core.model.PartStatus;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * How one container of an instance stands, in Marathon's words.
 *
 * @param container as the instance's version defines it
 */
record PodContainerStatus(PodContainer container, PodInstanceView instance) {

    private static final String REPORTED = "health-reported-by-mesos";
    private static final String UNREPORTED = "health-unreported-by-mesos";

    /** How many of the instance's ports are its own. */
    int hostPorts() {
        return (int) container.endpoints().stream()
                .filter(endpoint -> endpoint.hostPort().isPresent()).count();
    }

    /** Whether it should be known to be well and is not. */
    boolean unhealthy() {
        return container.healthCheck().isPresent() && hasRun() && health() != Health.ALIVE;
    }

    /**
     * The status of the container.
     *
     * @param prefix of the ids of the pod's instances
     * @param portsBefore how many of the instance's ports belong to the containers before it
     */
    ObjectNode json(String prefix, int portsBefore) {
        Optional<PartStatus> part = instance.part(container.name());
        String since = Timestamps.format(instance.sinceMs());
        ObjectNode node = Json.object().put("name", container.name())
                .put("status", TaskJson.state(condition())).put("statusSince", since);
        part.map(PartStatus::message).filter(message -> !message.isEmpty())
                .ifPresent(message -> node.put("message", message));
        conditions(node.putArray("conditions"));
        if (condition() != Condition.PLACED) {
            node.put("containerId",
                    TaskIds.taskId(prefix, instance.task().number(), container.name()));
        }
        ArrayNode endpoints = node.putArray("endpoints");
        if (!condition().terminal()) {
            endpoints(endpoints, portsBefore);
            node.set("resources", resources(container.resources()));
        }
        part.filter(one -> one.condition().terminal()).ifPresent(one -> {
            ObjectNode end = node.putObject("termination");
            if (one.exitCode() >= 0) {
                end.put("exitCode", one.exitCode());
            }
            end.put("message", one.message());
        });
        return node.put("lastUpdated", since).put("lastChanged", since);
    }

    /** Amounts as Marathon writes them. */
    static ObjectNode resources(Resources amounts) {
        ObjectNode node = Json.object();
        node.put("cpus", number(amounts.cpus()));
        node.put("mem", number(amounts.memMib()));
        node.put("disk", number(amounts.diskMib()));
        return node.put("gpus", amounts.gpus());
    }

    /** Without a fraction where there is none. */
    private static BigDecimal number(double amount) {
        BigDecimal exact = BigDecimal.valueOf(amount).stripTrailingZeros();
        return exact.scale() < 0 ? exact.setScale(0) : exact;
    }

    private Condition condition() {
        return instance.condition(container.name());
    }

    /** Before that its health says nothing. */
    private boolean hasRun() {
        return switch (condition()) {
            case PLACED, STAGING, STARTING, PAUSED -> false;
            case RUNNING, UNREACHABLE, UNREACHABLE_INACTIVE, KILLING, FINISHED, FAILED, KILLED,
                    ERROR, GONE ->
                true;
        };
    }

    private Health health() {
        return instance.part(container.name()).map(PartStatus::health).orElse(Health.UNKNOWN);
    }

    private void conditions(ArrayNode out) {
        if (container.healthCheck().isEmpty() || !hasRun()) {
            return;
        }
        boolean known = health() != Health.UNKNOWN;
        long atMs = known ? instance.task().healthMs() : instance.sinceMs();
        String time = Timestamps.format(atMs == 0 ? instance.sinceMs() : atMs);
        out.addObject().put("name", "healthy")
                .put("value", Boolean.toString(health() == Health.ALIVE))
                .put("reason", known ? REPORTED : UNREPORTED).put("lastChanged", time)
                .put("lastUpdated", time);
    }

    private void endpoints(ArrayNode out, int portsBefore) {
        Optional<String> asked = container.healthCheck().flatMap(PodContainerStatus::endpoint);
        int port = portsBefore;
        for (PodContainer.Endpoint endpoint : container.endpoints()) {
            ObjectNode node = out.addObject().put("name", endpoint.name());
            if (endpoint.hostPort().isPresent() && port < instance.task().ports().size()) {
                node.put("allocatedHostPort", instance.task().ports().get(port++));
            }
            if (asked.equals(Optional.of(endpoint.name())) && health() != Health.UNKNOWN) {
                node.put("healthy", health() == Health.ALIVE);
            }
        }
    }

    /** The endpoint that a check asks; none if it runs a command. */
    private static Optional<String> endpoint(PodHealthCheck check) {
        return switch (check.probe()) {
            case PodProbe.Http http -> Optional.of(http.endpoint());
            case PodProbe.Tcp tcp -> Optional.of(tcp.endpoint());
            case PodProbe.Exec unused -> Optional.empty();
        };
    }
}
