package io.springtide.master.agents;

import java.util.Locale;

/**
 * What reconciliation puts right where an agent and the state differ though nothing is on its way between
 * them. None is needed where all is well. Their names are part of the metrics.
 */
public enum Repair {
    /** Placed on an agent that does not know of it; ordered again. */
    LAUNCH,
    /** The state takes it for launched, and its agent does not know it; it is over. */
    LOST,
    /** Is to serve, and its agent keeps it frozen; ordered again. */
    THAW,
    /** Is to end, and runs on as if nobody had said so; ordered again. */
    KILL,
    /** An agent holds it, and the cluster has given it up; it is ended. */
    STRAY,
    /** Is further along its life than was reported; reported again. */
    STATUS,
    /** Runs on an agent that has lost its notes, and is wanted; taken up again. */
    ADOPTED,
    /** Runs on an agent that has lost its notes, and nobody wants it any more; it is ended. */
    ORPHAN,
    /** Had ended on its agent, and no event had told of that; a look has found it. */
    OVERLOOKED;

    /** Its name in metrics and logs. */
    public String kind() {
        return name().toLowerCase(Locale.ROOT);
    }
}
