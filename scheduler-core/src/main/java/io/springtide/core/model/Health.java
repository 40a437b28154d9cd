package io.springtide.core.model;

/** What the health checks say of an instance. The order is part of the journal's format. */
public enum Health {
    UNKNOWN, ALIVE, DEAD
}
