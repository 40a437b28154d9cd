package io.springtide.agent.engine;

import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.StatusBatch;
import java.util.LinkedHashMap;
import java.util.Map;

/** The newest status of each instance that is in no batch yet; owned by the engine. */
final class Unsent {

    /** Keeps a message far below gRPC's 4 MiB even with long error texts. */
    static final int STATUSES_PER_BATCH_MAX = 500;
    /** After so much a batch is closed: the statuses of large pods are large. */
    private static final long BYTES_PER_BATCH = 1 << 20;

    private final Map<Long, InstanceStatus> statuses = new LinkedHashMap<>();

    boolean isEmpty() {
        return statuses.isEmpty();
    }

    /** Takes the place of one that waits: the master wants to know what is, not what was. */
    void put(InstanceStatus status) {
        statuses.put(status.getInstanceId(), status);
    }

    /** Takes the oldest, as many as fit into a batch. */
    StatusBatch next(long seq) {
        StatusBatch.Builder batch = StatusBatch.newBuilder().setSeq(seq);
        var waiting = statuses.values().iterator();
        long bytes = 0;
        while (waiting.hasNext() && batch.getStatusesCount() < STATUSES_PER_BATCH_MAX
                && bytes < BYTES_PER_BATCH) {
            InstanceStatus next = waiting.next();
            bytes += next.getSerializedSize();
            batch.addStatuses(next);
            waiting.remove();
        }
        return batch.build();
    }
}
