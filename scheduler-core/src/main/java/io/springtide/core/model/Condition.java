package io.springtide.core.model;

/**
 * What was last seen of an instance. Moves only forward in {@link #rank}, except between reachable and
 * unreachable, and between running and paused. The order is part of the journal's format.
 */
public enum Condition {
    /** An agent is chosen; the agent has not confirmed it yet. */
    PLACED(0), STAGING(1), STARTING(2), RUNNING(3),
    /** Its agent is silent. */
    UNREACHABLE(3),
    /** Its agent is silent for so long that it no longer counts. */
    UNREACHABLE_INACTIVE(3), KILLING(4), FINISHED(5), FAILED(5), KILLED(5), ERROR(5),
    /** Its agent no longer has it, or is given up. */
    GONE(5),
    /** Started, ready and frozen; it runs again once it is thawed. */
    PAUSED(3);

    private final int rank;

    Condition(int rank) {
        this.rank = rank;
    }

    /** How far along its life an instance is. */
    public int rank() {
        return rank;
    }

    /** It is over; an instance in this condition is no longer kept. */
    public boolean terminal() {
        return rank == 5;
    }

    public boolean unreachable() {
        return this == UNREACHABLE || this == UNREACHABLE_INACTIVE;
    }
}
