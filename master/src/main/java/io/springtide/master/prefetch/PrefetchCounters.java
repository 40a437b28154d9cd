package io.springtide.master.prefetch;

import java.util.concurrent.atomic.LongAdder;

/** What has been fetched ahead of time since the process started, for metrics. Any thread. */
public final class PrefetchCounters {

    private final LongAdder done = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private volatile int agents;
    private volatile int agentsDone;

    void ended(boolean well) {
        (well ? done : failed).increment();
    }

    void now(int agentsNow, int agentsDoneNow) {
        agents = agentsNow;
        agentsDone = agentsDoneNow;
    }

    /** How often an agent has said that it has what a schedule will need. */
    public long done() {
        return done.sum();
    }

    /** How often one has given up. */
    public long failed() {
        return failed.sum();
    }

    /** Agents that are to have something for a schedule that comes, each app's by themselves. */
    public int agents() {
        return agents;
    }

    /** Those of them that have it. */
    public int agentsDone() {
        return agentsDone;
    }
}
