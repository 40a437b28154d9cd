package io.springtide.api.marathon;

import java.util.List;
import java.util.Optional;

/**
 * Where tasks may go.
 *
 * @param constraints that must all hold
 * @param role whose share of the cluster is used
 * @param acceptedResourceRoles whose resources may be used; empty if nobody said
 * @param residency of apps with persistent volumes; without effect of its own
 */
public record Placement(List<Constraint> constraints, String role,
        List<String> acceptedResourceRoles, Optional<Residency> residency) {

    /** Kept for clients that read it back. */
    public record Residency(int relaunchEscalationTimeoutSeconds,
            TaskLostBehavior taskLostBehavior) {}

    /** What was once asked for when an agent vanished. */
    public enum TaskLostBehavior implements Literal {
        /** Launch it elsewhere. */
        RELAUNCH_AFTER_TIMEOUT,
        /** Wait for the agent. */
        WAIT_FOREVER;

        @Override
        public String json() {
            return name();
        }
    }

    /** Keeps its own copies. */
    public Placement {
        constraints = List.copyOf(constraints);
        acceptedResourceRoles = List.copyOf(acceptedResourceRoles);
    }
}
