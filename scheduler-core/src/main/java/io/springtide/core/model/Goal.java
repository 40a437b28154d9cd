package io.springtide.core.model;

/** What is wanted of an instance. The order is part of the journal's format. */
public enum Goal {
    RUNNING, DECOMMISSIONED,
    /** Started and ready, then frozen: it serves nobody until it is promoted. */
    STANDBY
}
