package io.springtide.master.agents;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the gateway has done since the process started, for metrics. Any thread. */
public final class AgentCounters {

    /** The counters have the sum. */
    private static final int LINES_MAX = 20;

    private static final Logger LOG = LoggerFactory.getLogger(AgentCounters.class);

    final LongAdder connected = new LongAdder();
    final LongAdder messagesIn = new LongAdder();
    final LongAdder messagesOut = new LongAdder();
    final LongAdder acks = new LongAdder();
    final LongAdder refusals = new LongAdder();
    final LongAdder busyRetries = new LongAdder();
    final LongAdder slowClosed = new LongAdder();

    private final Map<Repair, LongAdder> repairs = new EnumMap<>(Repair.class);

    /** All at zero. */
    public AgentCounters() {
        for (Repair repair : Repair.values()) {
            repairs.put(repair, new LongAdder());
        }
    }

    /** Counts what was put right on one agent, by instances, and tells operators of it. */
    void repaired(String agent, SortedMap<Long, Repair> repaired) {
        repaired.values().forEach(repair -> adder(repair).increment());
        repaired.entrySet().stream().limit(LINES_MAX)
                .forEach(one -> LOG.warn("reconcile_repaired kind={} agent={} instance={}",
                        one.getValue().kind(), agent, one.getKey()));
        if (repaired.size() > LINES_MAX) {
            LOG.warn("reconcile_repaired_more agent={} instances={}", agent,
                    repaired.size() - LINES_MAX);
        }
    }

    private LongAdder adder(Repair repair) {
        return Objects.requireNonNull(repairs.get(repair), "each has one");
    }

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

    /** Instances where an agent and the state differed, and that were put right in this way. */
    public long repairs(Repair repair) {
        return adder(repair).sum();
    }

    /** Connections closed because their agent did not keep up with its orders. */
    public long slowClosed() {
        return slowClosed.sum();
    }
}
