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
 * @param terms what Marathon has no words for
 */
public record Placement(List<Constraint> constraints, String role,
        List<String> acceptedResourceRoles, Optional<Residency> residency,
        PlacementTerms terms) {

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

    /** The same with other terms of our own. */
    public Placement withTerms(PlacementTerms other) {
        return new Placement(constraints, role, acceptedResourceRoles, residency, other);
    }
}
