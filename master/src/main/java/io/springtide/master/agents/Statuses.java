package io.springtide.master.agents;

import io.springtide.api.agent.HealthReport;
import io.springtide.api.agent.StatusBatch;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts what agents report into the core's words. */
final class Statuses {

    /** The longest textual IPv6 address, with a zone. */
    private static final int ADDRESS_LENGTH_MAX = 64;

    private Statuses() {}

    /** The statuses of a batch; those in a condition that only a newer master knows are passed over. */
    static List<InstanceStatus> of(StatusBatch batch) {
        List<InstanceStatus> statuses = new ArrayList<>(batch.getStatusesCount());
        batch.getStatusesList().forEach(
                status -> condition(status.getCondition())
                        .ifPresent(condition -> statuses.add(of(status, condition))));
        return statuses;
    }

    private static InstanceStatus of(io.springtide.api.agent.InstanceStatus status,
            Condition condition) {
        HealthReport health = status.getHealth();
        boolean exhausted = status.hasHealth() && health.getExhausted();
        String message = status.getMessage().isEmpty() && exhausted
                ? health.getLastFailure()
                : status.getMessage();
        String address = status.getIpAddress().length() <= ADDRESS_LENGTH_MAX
                ? status.getIpAddress()
                : "";
        return new InstanceStatus(status.getInstanceId(), condition, status.getExitCode(), message,
                address, health(status), Math.max(0, health.getConsecutiveFailures()), exhausted);
    }

    private static Health health(io.springtide.api.agent.InstanceStatus status) {
        if (!status.hasHealth()) {
            return Health.UNKNOWN;
        }
        return status.getHealth().getAlive() ? Health.ALIVE : Health.DEAD;
    }

    private static Optional<Condition> condition(io.springtide.api.agent.Condition condition) {
        return switch (condition) {
            case STAGING -> Optional.of(Condition.STAGING);
            case STARTING -> Optional.of(Condition.STARTING);
            case RUNNING -> Optional.of(Condition.RUNNING);
            case KILLING -> Optional.of(Condition.KILLING);
            case FINISHED -> Optional.of(Condition.FINISHED);
            case FAILED -> Optional.of(Condition.FAILED);
            case KILLED -> Optional.of(Condition.KILLED);
            case ERROR -> Optional.of(Condition.ERROR);
            case GONE -> Optional.of(Condition.GONE);
            case CONDITION_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }
}
