package io.springtide.master.nodes;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What has become of machines since the process started, for metrics. Any thread. */
public final class NodesCounters {

    final LongAdder granted = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder throttled = new LongAdder();
    final LongAdder released = new LongAdder();
    final LongAdder neverCame = new LongAdder();
    private volatile List<NodesPort.PoolPicture> pools = List.of();

    void now(List<NodesPort.PoolPicture> pictures) {
        pools = pictures;
    }

    /** Requests that gave a machine. */
    public long granted() {
        return granted.sum();
    }

    /** Requests of any kind that were refused. */
    public long refused() {
        return refused.sum();
    }

    /** Requests of any kind that were put off. */
    public long throttled() {
        return throttled.sum();
    }

    /** Machines given back. */
    public long released() {
        return released.sum();
    }

    /** Machines whose agent did not register in time. */
    public long neverCame() {
        return neverCame.sum();
    }

    /** Machines in a state now, over all pools. */
    public int machines(NodesPort.MachineState state) {
        return pools.stream().mapToInt(pool -> pool.count(state)).sum();
    }
}
