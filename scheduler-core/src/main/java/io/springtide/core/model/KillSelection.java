package io.springtide.core.model;

/** Which instances go first when there are too many. The order is part of the journal's format. */
public enum KillSelection {
    YOUNGEST_FIRST, OLDEST_FIRST
}
