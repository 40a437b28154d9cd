package io.springtide.core.model;

/** How an instance is run. The order is part of the journal's format. */
@SuppressWarnings("EnumOrdinal") // the order is fixed
public enum RuntimeKind {
    PROCESS, DOCKER;

    /** This kind as one bit of a mask. */
    public int bit() {
        return 1 << ordinal();
    }
}
