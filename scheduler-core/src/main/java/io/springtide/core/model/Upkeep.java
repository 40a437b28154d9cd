package io.springtide.core.model;

import io.springtide.core.Check;

/**
 * What people have said of an agent, whatever it says itself. It outlives new registrations.
 *
 * @param sinceMs when they said it; 0 = they have said nothing
 * @param deadlineMs when what is left on a draining agent is ended all the same; 0 = never
 */
public record Upkeep(Mode mode, long sinceMs, long deadlineMs) {

    /** Nothing was said. */
    public static final Upkeep NONE = new Upkeep(Mode.OPEN, 0, 0);

    /** The order is part of the journal's format. */
    public enum Mode {
        /** Instances may be placed on it. */
        OPEN,
        /** Nothing new is placed on it; what is there stays. */
        CORDONED,
        /** Nothing new is placed on it, and what is there moves elsewhere. */
        DRAINING
    }

    public Upkeep {
        Check.argument(sinceMs >= 0 && deadlineMs >= 0, "times must not be negative");
        Check.argument(deadlineMs == 0 || mode == Mode.DRAINING, "only a drain has a deadline");
    }
}
