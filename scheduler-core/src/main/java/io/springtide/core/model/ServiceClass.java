package io.springtide.core.model;

/** How firmly an instance holds what it asks for. The order is part of the journal's format. */
public enum ServiceClass {
    /** What it asks for is its own, used or not. */
    GUARANTEED,
    /** What it asks for is its own; it may use more while nobody else does. */
    BURSTABLE,
    /** Lives on what others hold and measurably do not use; the first to go. */
    BEST_EFFORT
}
