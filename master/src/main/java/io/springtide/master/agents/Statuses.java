package io.springtide.master.agents;

import io.springtide.api.agent.CheckReport;
import io.springtide.api.agent.ContainerStatus;
import io.springtide.api.agent.HealthReport;
import io.springtide.api.agent.ReadinessReport;
import io.springtide.api.agent.StatusBatch;
import io.springtide.core.model.CheckResult;
import io.springtide.core.model.CheckResult.Kind;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.PartStatus;
import io.springtide.core.model.Readiness;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts what agents report into the core's words. */
final class Statuses {

    /** The longest textual IPv6 address, with a zone. */
    private static final int ADDRESS_LENGTH_MAX = 64;

    /** Longer paths are refused when an app is made. */
    private static final int PATH_LENGTH_MAX = 4_096;

    /** Names of containers are labels of DNS; there is no pod of so many. */
    private static final int NAME_LENGTH_MAX = 63;
    private static final int PARTS_MAX = 1_000;

    /** A media type with its parameters. */
    private static final int TYPE_LENGTH_MAX = 200;

    private Statuses() {}

    /** The statuses of a batch; those in a condition that only a newer master knows are passed over. */
    static List<InstanceStatus> of(StatusBatch batch) {
        List<InstanceStatus> statuses = new ArrayList<>(batch.getStatusesCount());
        batch.getStatusesList().forEach(
                status -> condition(status.getCondition())
                        .ifPresent(condition -> statuses.add(of(status, condition))));
        return statuses;
    }

    /** What a batch says has ended, where it says of what. */
    static List<End> ends(StatusBatch batch) {
        List<End> ends = new ArrayList<>();
        batch.getStatusesList().forEach(status -> {
            String path = status.getAppId();
            if (path.length() > 1 && path.length() <= PATH_LENGTH_MAX && path.startsWith("/")) {
                condition(status.getCondition()).filter(Condition::terminal).ifPresent(
                        condition -> ends.add(new End(status.getInstanceId(), path,
                                condition, status.getOverlooked())));
            }
        });
        return ends;
    }

    /**
     * The end of an instance, as an agent tells it.
     *
     * @param overlooked the agent has found it by looking
     */
    record End(long instance, String runSpec, Condition condition, boolean overlooked) {}

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
                address, health(status.hasHealth(), health),
                Math.max(0, health.getConsecutiveFailures()), exhausted)
                .with(parts(status), readiness(status)).with(check(status));
    }

    private static Health health(boolean given, HealthReport health) {
        if (!given) {
            return Health.UNKNOWN;
        }
        return health.getAlive() ? Health.ALIVE : Health.DEAD;
    }

    /** Containers of a name or in a condition that no master could have meant are passed over. */
    private static List<PartStatus> parts(io.springtide.api.agent.InstanceStatus status) {
        List<PartStatus> parts = new ArrayList<>();
        for (ContainerStatus part : status.getContainersList()) {
            if (parts.size() < PARTS_MAX && part.getName().length() <= NAME_LENGTH_MAX) {
                condition(part.getCondition()).ifPresent(condition -> parts.add(
                        new PartStatus(part.getName(), condition, part.getExitCode(),
                                part.getMessage(), health(part.hasHealth(), part.getHealth()))));
            }
        }
        return parts;
    }

    private static Optional<Readiness> readiness(io.springtide.api.agent.InstanceStatus status) {
        if (!status.hasReadiness()) {
            return Optional.empty();
        }
        ReadinessReport report = status.getReadiness();
        String type = report.getContentType();
        return Optional.of(new Readiness(report.getReady(), report.getHttpStatus(),
                type.substring(0, Math.min(type.length(), TYPE_LENGTH_MAX)), report.getBody()));
    }

    private static Optional<CheckResult> check(io.springtide.api.agent.InstanceStatus status) {
        if (!status.hasCheck()) {
            return Optional.empty();
        }
        CheckReport report = status.getCheck();
        return Optional.of(switch (report.getAnswerCase()) {
            case HTTP_STATUS -> new CheckResult(Kind.HTTP, report.getHttpStatus());
            case TCP_SUCCEEDED -> new CheckResult(Kind.TCP, report.getTcpSucceeded() ? 1 : 0);
            case EXIT_CODE -> new CheckResult(Kind.COMMAND, report.getExitCode());
            // Or an answer that only a newer master understands.
            case ANSWER_NOT_SET -> new CheckResult(Kind.UNANSWERED, 0);
        });
    }

    /** What an agent would say of an instance that was last seen so. */
    static io.springtide.api.agent.Condition told(Condition seen) {
        return switch (seen) {
            case PLACED -> io.springtide.api.agent.Condition.CONDITION_UNSPECIFIED;
            case STAGING -> io.springtide.api.agent.Condition.STAGING;
            case STARTING -> io.springtide.api.agent.Condition.STARTING;
            case RUNNING, UNREACHABLE, UNREACHABLE_INACTIVE ->
                io.springtide.api.agent.Condition.RUNNING;
            case PAUSED -> io.springtide.api.agent.Condition.PAUSED;
            case KILLING -> io.springtide.api.agent.Condition.KILLING;
            case FINISHED -> io.springtide.api.agent.Condition.FINISHED;
            case FAILED -> io.springtide.api.agent.Condition.FAILED;
            case KILLED -> io.springtide.api.agent.Condition.KILLED;
            case ERROR -> io.springtide.api.agent.Condition.ERROR;
            case GONE -> io.springtide.api.agent.Condition.GONE;
        };
    }

    /** In the core's words; empty where only a newer master has them. */
    static Optional<Condition> condition(io.springtide.api.agent.Condition condition) {
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
            case PAUSED -> Optional.of(Condition.PAUSED);
            case CONDITION_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }
}
