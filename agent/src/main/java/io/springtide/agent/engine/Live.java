package io.springtide.agent.engine;

import io.springtide.agent.checkpoint.Held;
import io.springtide.agent.checkpoint.Held.Warmth;
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
    /** It is known to be frozen. */
    boolean frozen;
    /** It was frozen, and is known to go on. */
    boolean resumed;
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

    /** As the runtime told it, unless it is to be killed; a standby does not run before it is thawed. */
    Condition condition(Warmth warmth) {
        if (!running) {
            return starting ? Condition.STARTING : Condition.STAGING;
        }
        return switch (warmth) {
            case ORDINARY -> Condition.RUNNING;
            case WARMING -> Condition.STARTING;
            case FROZEN -> frozen ? Condition.PAUSED : Condition.STARTING;
            case THAWED -> resumed
                    ? Condition.RUNNING
                    : frozen ? Condition.PAUSED : Condition.STARTING;
        };
    }

    /** Whether all its checks are content, as far as it has any. */
    boolean content(TaskSpec spec) {
        boolean readyNow = !spec.hasReadinessCheck()
                || readiness.filter(ReadinessReport::getReady).isPresent();
        return readyNow
                && (!healthChecked(spec) || health.filter(HealthReport::getAlive).isPresent());
    }

    /** Whether it, or a container of the pod, has health checks. */
    static boolean healthChecked(TaskSpec spec) {
        return spec.getHealthChecksCount() > 0 || spec.getContainersList().stream()
                .anyMatch(one -> one.getSpec().getHealthChecksCount() > 0);
    }

    /** What the checks have said is void. */
    void forgetChecks() {
        readiness = Optional.empty();
        health = Optional.empty();
        containersHealth = Map.of();
        check = Optional.empty();
    }

    /** Whether it is no standby, or is one no more. */
    boolean serving(Warmth warmth) {
        return switch (warmth) {
            case ORDINARY -> true;
            case WARMING, FROZEN -> false;
            case THAWED -> resumed;
        };
    }

    void addTo(InstanceStatus.Builder status, Warmth warmth) {
        status.setIpAddress(ipAddress);
        addContainers(status, warmth);
        if (status.getCondition() == Condition.RUNNING) {
            health.ifPresent(report -> status.setHealth(shortened(report, MESSAGE_CHARS_MAX)));
            readiness.ifPresent(status::setReadiness);
            check.ifPresent(status::setCheck);
        } else if (status.getCondition() == Condition.STARTING) {
            // Why a standby does not become ready; that it is, is told by PAUSED.
            health.filter(report -> !report.getAlive()).ifPresent(
                    report -> status.setHealth(shortened(report, MESSAGE_CHARS_MAX)));
            readiness.filter(report -> !report.getReady()).ifPresent(status::setReadiness);
        }
    }

    void addContainers(InstanceStatus.Builder status, Warmth warmth) {
        for (ContainerStatus container : containers) {
            ContainerStatus.Builder one = container.toBuilder().setMessage(
                    shortened(container.getMessage(), CONTAINER_MESSAGE_CHARS_MAX));
            if (one.getCondition() == Condition.RUNNING && !serving(warmth)) {
                one.setCondition(frozen ? Condition.PAUSED : Condition.STARTING);
            }
            Optional.ofNullable(containersHealth.get(container.getName()))
                    .filter(report -> one.getCondition() == Condition.RUNNING)
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
