package io.springtide.core.model;

/** What placement prefers among agents that fit. The order is part of the journal's format. */
public enum PlacementPolicy {
    /** Few in one place: sites first, then racks, then agents. */
    SPREAD,
    /** Few agents in use: the fullest that still fits. */
    BINPACK,
    /** As the weights of the app's preferences say. */
    WEIGHTED,
    /** GPUs stay usable for what is commonly asked of them. */
    GPU_FRAGMENTATION
}
