package io.springtide.agent.checkpoint;

import io.springtide.api.agent.StatusBatch;
import io.springtide.api.agent.TaskSpec;
import java.util.List;

/** One fact that the agent must not forget. Applying them in order to a {@link Memory} rebuilds it. */
public sealed interface CheckpointRecord {

    /** Who this data folder is; the first record of every log. */
    record Identity(String agentId, long incarnation) implements CheckpointRecord {}

    /** The cluster that took this agent first. */
    record Cluster(String clusterId) implements CheckpointRecord {}

    /** The highest epoch of a leader seen so far. */
    record Epoch(long epoch) implements CheckpointRecord {}

    /** A spec that a launch is about to name. */
    record Spec(TaskSpec spec) implements CheckpointRecord {}

    /** The runtime is about to be told to start this. */
    record Launched(long instanceId, String specDigest,
            List<Integer> hostPorts) implements CheckpointRecord {

        public Launched {
            hostPorts = List.copyOf(hostPorts);
        }
    }

    /** The master wants this instance to end. */
    record KillOrdered(long instanceId, long graceMs) implements CheckpointRecord {}

    /** Its readiness check has said yes; it is not asked again. */
    record Ready(long instanceId) implements CheckpointRecord {}

    /** All its health checks are content, or are no longer. */
    record Alive(long instanceId, boolean alive) implements CheckpointRecord {}

    /** It is a standby; it is to be frozen once it is ready. Follows its {@link Launched}. */
    record Standby(long instanceId) implements CheckpointRecord {}

    /** A standby is ready, and the runtime is about to be told to freeze it. */
    record Frozen(long instanceId) implements CheckpointRecord {}

    /** A standby is to serve; if it was frozen, what was known of its health and readiness is void. */
    record Thawed(long instanceId) implements CheckpointRecord {}

    /**
     * What was launched waits for its turn: the runtime has not heard of it.
     *
     * @param gpus which GPUs it gets, one bit each
     */
    record Waiting(long instanceId, int gpus) implements CheckpointRecord {}

    /** The runtime is about to be told to start what has waited. */
    record Begun(long instanceId) implements CheckpointRecord {}

    /** A numbered batch that is about to be sent. */
    record Reported(StatusBatch batch) implements CheckpointRecord {}

    /** The master has made all batches up to this one durable. */
    record Acknowledged(long seq) implements CheckpointRecord {}

    /** Ids that ended here and are not held any more; they are never launched again. */
    record Buried(List<Long> instanceIds) implements CheckpointRecord {

        public Buried {
            instanceIds = List.copyOf(instanceIds);
        }
    }

    /** The number of the last batch; written by compaction, when no batch is left to tell it. */
    record SeqLast(long seq) implements CheckpointRecord {}
}
