package io.springtide.api.marathon;

import java.util.List;
import java.util.Optional;

/**
 * How tasks are judged.
 *
 * @param healthChecks a task that fails one too often is replaced
 * @param check reported only; empty if nobody said
 * @param readinessChecks a deployment waits for them
 */
public record Checks(List<HealthCheck> healthChecks, Optional<Check> check,
        List<ReadinessCheck> readinessChecks) {

    /** Keeps its own copies. */
    public Checks {
        healthChecks = List.copyOf(healthChecks);
        readinessChecks = List.copyOf(readinessChecks);
    }
}
