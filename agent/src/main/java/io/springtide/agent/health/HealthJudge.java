package io.springtide.agent.health;

import io.springtide.api.agent.HealthCheck;
import io.springtide.api.agent.HealthReport;
import java.util.Optional;

/**
 * Turns the outcomes of one health check into reports. Source: Marathon, "Health checks": failures
 * count only after the first success or the end of the grace period, and one more than
 * {@code maxConsecutiveFailures} of them are too many. Pure; owned by one thread.
 */
final class HealthJudge {

    private final HealthCheck check;
    private final long startedAtMs;
    private boolean everAlive;
    private int failures;
    private String lastFailure = "";

    /** @param alive what an earlier life of this agent had found */
    HealthJudge(HealthCheck check, long startedAtMs, boolean alive) {
        this.check = check;
        this.startedAtMs = startedAtMs;
        this.everAlive = alive;
    }

    /** What is known before the first outcome. */
    Optional<HealthReport> before() {
        return everAlive ? Optional.of(report(true, false)) : Optional.empty();
    }

    /** Whether failures are not counted yet. */
    boolean isLenient(long nowMs) {
        return !everAlive && nowMs - startedAtMs < check.getGracePeriodMs();
    }

    /** What to tell after an outcome; empty if it is not worth telling. */
    Optional<HealthReport> judge(Outcome outcome, long nowMs) {
        return switch (outcome) {
            case Outcome.Ignored() -> Optional.empty();
            case Outcome.Healthy() -> {
                boolean news = !everAlive || failures > 0;
                everAlive = true;
                failures = 0;
                lastFailure = "";
                yield news ? Optional.of(report(true, false)) : Optional.empty();
            }
            case Outcome.Unhealthy(String reason) -> {
                boolean news = !reason.equals(lastFailure);
                lastFailure = reason;
                if (isLenient(nowMs)) {
                    yield news ? Optional.of(report(false, false)) : Optional.empty();
                }
                failures++;
                int max = check.getConsecutiveFailuresMax();
                yield Optional.of(report(false, max > 0 && failures > max));
            }
        };
    }

    private HealthReport report(boolean alive, boolean exhausted) {
        return HealthReport.newBuilder().setAlive(alive).setConsecutiveFailures(failures)
                .setExhausted(exhausted)
                .setLastFailure(lastFailure).build();
    }
}
