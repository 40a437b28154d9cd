package io.springtide.master.agents;

import java.util.concurrent.atomic.LongAdder;

/** What the gateway has done since the process started, for metrics. Any thread. */
public final class AgentCounters {

    final LongAdder connected = new LongAdder();
    final LongAdder messagesIn = new LongAdder();
    final LongAdder messagesOut = new LongAdder();
    final LongAdder acks = new LongAdder();
    final LongAdder refusals = new LongAdder();
    final LongAdder busyRetries = new LongAdder();
    final LongAdder slowClosed = new LongAdder();

    final LongAdder straysKilled = new LongAdder();
    final LongAdder lost = new LongAdder();

    /** All at zero. */
    public AgentCounters() {}

    /** Agents that are connected and synchronised now. */
    public long connected() {
        return connected.sum();
    }

    public long messagesIn() {
        return messagesIn.sum();
    }

    public long messagesOut() {
        return messagesOut.sum();
    }

    /** Acknowledgements sent; one may stand for several status batches. */
    public long acks() {
        return acks.sum();
    }

    /** Registrations that were refused. */
    public long refusals() {
        return refusals.sum();
    }

    /** How often a command had to be handed over again because the ring was full. */
    public long busyRetries() {
        return busyRetries.sum();
    }

    /** Instances that agents held and the state did not know, and that were ended. */
    public long straysKilled() {
        return straysKilled.sum();
    }

    /** Instances that the state had on agents that came without them. */
    public long lost() {
        return lost.sum();
    }

    /** Connections closed because their agent did not keep up with its orders. */
    public long slowClosed() {
        return slowClosed.sum();
    }
}
