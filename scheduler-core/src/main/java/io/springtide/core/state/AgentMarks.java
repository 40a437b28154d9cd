package io.springtide.core.state;

import io.springtide.core.model.Upkeep;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is noted of a few agents, by row, beside the columns of {@link AgentTable}. */
public final class AgentMarks {

    private final TreeMap<Integer, Upkeep> upkeep = new TreeMap<>();
    private final TreeSet<Integer> returning = new TreeSet<>();

    AgentMarks() {}

    /** What people have said of an agent. */
    public Upkeep upkeep(int row) {
        return upkeep.getOrDefault(row, Upkeep.NONE);
    }

    /** Whether instances may be placed on the agent, as far as people have a say in it. */
    public boolean open(int row) {
        return upkeep.isEmpty() || upkeep(row).mode() == Upkeep.Mode.OPEN;
    }

    /** Whether what is on the agent is to move elsewhere. */
    public boolean draining(int row) {
        return !upkeep.isEmpty() && upkeep(row).mode() == Upkeep.Mode.DRAINING;
    }

    /** Rows of agents that are cordoned or draining. */
    public Iterable<Integer> kept() {
        return upkeep.keySet();
    }

    /**
     * Whether the agent is back for so short a time that it may not have told all: what was replaced
     * meanwhile counts only afterwards.
     */
    public boolean returning(int row) {
        return returning.contains(row);
    }

    /** Rows of such agents. */
    public Iterable<Integer> returning() {
        return returning;
    }

    void upkeep(int row, Upkeep what) {
        if (what.mode() == Upkeep.Mode.OPEN) {
            upkeep.remove(row);
        } else {
            upkeep.put(row, what);
        }
    }

    void returning(int row, boolean now) {
        if (now) {
            returning.add(row);
        } else {
            returning.remove(row);
        }
    }

    void clear(int row) {
        upkeep.remove(row);
        returning.remove(row);
    }
}
