package io.springtide.agent.engine;

import io.springtide.agent.checkpoint.Memory.Held;
import io.springtide.api.agent.CheckReport;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.ContainerStatus;
import io.springtide.api.agent.HealthReport;
import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.PodContainer;
import io.springtide.api.agent.ReadinessReport;
import io.springtide.api.agent.TaskSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is known of an instance while this agent lives; owned by the engine. */
final class Live {

    /** Kept short, so that a full batch fits into a message. */
    private static final int MESSAGE_CHARS_MAX = 1000;
    /** Of one container; there may be many. */
    private static final int CONTAINER_MESSAGE_CHARS_MAX = 300;

    String ipAddress = "";
    boolean starting;
    boolean running;
    boolean watched;
    boolean over;
    /** Its end, which is told next, went unnoticed until somebody looked. */
    boolean overlooked;
    List<ContainerStatus> containers = List.of();
    Map<String, HealthReport> containersHealth = Map.of();
    Optional<HealthReport> health = Optional.empty();
    Optional<ReadinessReport> readiness;
    Optional<CheckReport> check = Optional.empty();

    /** Of what is launched now. */
    Live() {
        this.readiness = Optional.empty();
    }

    /** Of what an earlier life of this agent has launched: what that was told is true until news come. */
    Live(Held held, TaskSpec spec) {
        this.readiness = held.ready()
                ? Optional.of(ReadinessReport.newBuilder().setReady(true).build())
                : Optional.empty();
        if (held.alive()) {
            HealthReport alive = HealthReport.newBuilder().setAlive(true).build();
            health = Optional.of(alive);
            containersHealth = spec.getContainersList().stream()
                    .filter(one -> one.getSpec().getHealthChecksCount() > 0)
                    .collect(Collectors.toUnmodifiableMap(PodContainer::getName, one -> alive));
        }
    }

    /** As the runtime told it, unless it is to be killed. */
    Condition condition() {
        return running ? Condition.RUNNING : starting ? Condition.STARTING : Condition.STAGING;
    }

    void addTo(InstanceStatus.Builder status) {
        status.setIpAddress(ipAddress);
        addContainers(status);
        if (status.getCondition() == Condition.RUNNING) {
            health.ifPresent(report -> status.setHealth(shortened(report, MESSAGE_CHARS_MAX)));
            readiness.ifPresent(status::setReadiness);
            check.ifPresent(status::setCheck);
        }
    }

    void addContainers(InstanceStatus.Builder status) {
        for (ContainerStatus container : containers) {
            ContainerStatus.Builder one = container.toBuilder().setMessage(
                    shortened(container.getMessage(), CONTAINER_MESSAGE_CHARS_MAX));
            Optional.ofNullable(containersHealth.get(container.getName()))
                    .filter(report -> container.getCondition() == Condition.RUNNING)
                    .ifPresent(report -> one
                            .setHealth(shortened(report, CONTAINER_MESSAGE_CHARS_MAX)));
            status.addContainers(one);
        }
    }

    private static HealthReport shortened(HealthReport report, int charsMax) {
        return report.toBuilder().setLastFailure(shortened(report.getLastFailure(), charsMax))
                .build();
    }

    static String shortened(String text) {
        return shortened(text, MESSAGE_CHARS_MAX);
    }

    private static String shortened(String text, int charsMax) {
        return text.length() <= charsMax ? text : text.substring(0, charsMax) + "...";
    }
}
