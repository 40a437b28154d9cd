package io.springtide.core.state;

import io.springtide.core.event.Event;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How silent the cluster is as a whole: how many agents were given up lately, and whether there were so
 * many that the network is rather to blame.
 */
public final class Silence {

    /** What is older is of no interest to anybody; no window may be longer. */
    public static final long REMEMBERED_MS = 3_600_000;

    private final TreeMap<Long, Integer> declared = new TreeMap<>();
    private long reignMs;
    private long stormMs;
    private int stormSilent;
    private int stormAgents;

    Silence() {}

    /** When the present leader took over; what was silent before may only not have come to it yet. */
    public long reignMs() {
        return reignMs;
    }

    /** Since when so many agents are silent that hardly any is given up; 0 = it is not so. */
    public long stormMs() {
        return stormMs;
    }

    /** How many were silent when that began. */
    public int stormSilent() {
        return stormSilent;
    }

    /** Of how many. */
    public int stormAgents() {
        return stormAgents;
    }

    /** How many agents became unreachable after a time. */
    public int declaredAfter(long ms) {
        int count = 0;
        for (int some : declared.tailMap(ms, false).values()) {
            count += some;
        }
        return count;
    }

    NavigableMap<Long, Integer> declared() {
        return Collections.unmodifiableNavigableMap(declared);
    }

    void restore(long reign, long storm, int silent, int agents) {
        reignMs = reign;
        stormMs = storm;
        stormSilent = silent;
        stormAgents = agents;
    }

    void declare(long atMs, int count) {
        declared.merge(atMs, count, Integer::sum);
        declared.headMap(atMs - REMEMBERED_MS, true).clear();
    }

    void reign(long atMs) {
        reignMs = atMs;
    }

    void apply(Event.AgentStormChanged changed) {
        stormMs = changed.on() ? changed.atMs() : 0;
        stormSilent = changed.on() ? changed.silent() : 0;
        stormAgents = changed.on() ? changed.agents() : 0;
        if (changed.released()) {
            // A person has looked at them: they are no reason to hesitate the next time.
            declared.clear();
        }
    }
}
