package io.springtide.core.state;

import io.springtide.core.event.Event;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * That the state came out of a backup, and whether it waits for a person: a backup is older than what
 * agents run, so until somebody has looked nothing is ended, given up or placed.
 */
public final class Restoration {

    private final TreeMap<Integer, Comparison> compared = new TreeMap<>();
    private long heldMs;
    private long backupMs;

    Restoration() {}

    /**
     * What an agent has brought, beside what the state has there.
     *
     * @param unknown how many instances the state does not know
     * @param missing instances that the agent does not have
     */
    public record Comparison(int unknown, List<Long> missing) {

        public Comparison {
            missing = List.copyOf(missing);
        }

        /** It has exactly what it should have. */
        public boolean matches() {
            return unknown == 0 && missing.isEmpty();
        }
    }

    /** Whether the cluster stands still until somebody, or all agents, say that it may go on. */
    public boolean held() {
        return heldMs != 0;
    }

    /** Since when it is held; 0 = it is not. */
    public long heldMs() {
        return heldMs;
    }

    /** When the backup was made; 0 if the cluster is not held. */
    public long backupMs() {
        return backupMs;
    }

    /** The agents that have come since, by row. */
    public NavigableMap<Integer, Comparison> compared() {
        return Collections.unmodifiableNavigableMap(compared);
    }

    void apply(Event.ClusterRestored restored) {
        compared.clear();
        heldMs = restored.held() ? restored.atMs() : 0;
        backupMs = restored.held() ? restored.backupMs() : 0;
    }

    void apply(Event.AgentCompared came) {
        compared.put(came.row(), new Comparison(came.unknown(), came.missing()));
    }

    void forget(int row) {
        compared.remove(row);
    }

    void end() {
        compared.clear();
        heldMs = 0;
        backupMs = 0;
    }

    void restore(long held, long backup) {
        heldMs = held;
        backupMs = backup;
    }
}
