package io.springtide.core.model;

/** What clients know an app as; to the core both are alike. The order is part of the journal's format. */
public enum RunKind {
    APP,
    /** Several containers that share one agent and one life. */
    POD
}
