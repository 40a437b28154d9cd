package io.springtide.core.model;

/** What is wanted of an instance. The order is part of the journal's format. */
public enum Goal {
    RUNNING, DECOMMISSIONED
}
