package io.springtide.core.model;

/** What was last seen of an agent. The order is part of the journal's format. */
public enum AgentCondition {
    LIVE,
    /** Silent for a moment; nothing new is placed on it. */
    SUSPECT,
    /** Silent for so long that its instances are handled by their app's unreachable strategy. */
    UNREACHABLE
}
