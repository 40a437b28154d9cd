package io.springtide.core.model;

import io.springtide.core.Check;

/** The name an agent keeps for its whole life. */
public record AgentId(String name) implements Comparable<AgentId> {

    /** Enough for host names with a suffix. */
    public static final int LENGTH_MAX = 255;

    public AgentId {
        Check.argument(!name.isEmpty() && name.length() <= LENGTH_MAX,
                "an agent id has 1 to 255 characters");
    }

    @Override
    public int compareTo(AgentId other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
