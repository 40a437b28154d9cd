package io.springtide.bench.sim;

import io.springtide.core.codec.EventCodec;
import io.springtide.core.event.Event;
import io.springtide.master.journal.Batch;
import io.springtide.master.store.ledger.ClusterKey;
import io.springtide.master.store.ledger.KeyedLog;

/**
 * The cluster that begins in a store that was emptied. An agent whose folder is new joins it, rightly, and
 * what that one runs is killed for the reasons of this cluster only: its numbers begin anew, so that those of
 * the two say nothing of each other.
 */
final class NextCluster {

    private final String id;
    private final KeyedLog log;
    private final KillReasons reasons = new KillReasons();
    private long position;

    NextCluster(long id, KeyedLog log) {
        this.id = ClusterKey.text(id);
        this.log = log;
    }

    /** Reads what is new. */
    void read() {
        log.read(position, this::take);
    }

    private void take(Batch batch) {
        long at = batch.position();
        for (Event event : EventCodec.readAll(batch.payload())) {
            if (at == position) {
                position++;
                reasons.next(event);
            }
            at++;
        }
    }

    /** Whether this is the cluster that an agent belongs to. */
    boolean has(SimAgent agent) {
        return agent.disk.memory().clusterId().equals(id);
    }

    KillReasons reasons() {
        return reasons;
    }
}
