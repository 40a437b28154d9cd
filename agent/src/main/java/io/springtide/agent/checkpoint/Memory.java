package io.springtide.agent.checkpoint;

import io.springtide.agent.checkpoint.CheckpointRecord.Acknowledged;
import io.springtide.agent.checkpoint.CheckpointRecord.Alive;
import io.springtide.agent.checkpoint.CheckpointRecord.Begun;
import io.springtide.agent.checkpoint.CheckpointRecord.Buried;
import io.springtide.agent.checkpoint.CheckpointRecord.Cluster;
import io.springtide.agent.checkpoint.CheckpointRecord.Epoch;
import io.springtide.agent.checkpoint.CheckpointRecord.Frozen;
import io.springtide.agent.checkpoint.CheckpointRecord.Identity;
import io.springtide.agent.checkpoint.CheckpointRecord.KillOrdered;
import io.springtide.agent.checkpoint.CheckpointRecord.Launched;
import io.springtide.agent.checkpoint.CheckpointRecord.Ready;
import io.springtide.agent.checkpoint.CheckpointRecord.Reported;
import io.springtide.agent.checkpoint.CheckpointRecord.SeqLast;
import io.springtide.agent.checkpoint.CheckpointRecord.Spec;
import io.springtide.agent.checkpoint.CheckpointRecord.Standby;
import io.springtide.agent.checkpoint.CheckpointRecord.Thawed;
import io.springtide.agent.checkpoint.CheckpointRecord.Waiting;
import io.springtide.agent.checkpoint.Held.Warmth;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.StatusBatch;
import io.springtide.api.agent.TaskSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Everything the agent remembers, built from {@link CheckpointRecord}s and from nothing else, so that
 * a restored agent knows exactly what the dead one had written down. Owned by one thread.
 */
public final class Memory {

    /** Ended ids kept to refuse a second launch; a master repeats an order within seconds, not hours. */
    static final int BURIED_MAX = 4096;

    private String agentId = "";
    private long incarnation;
    private String clusterId = "";
    private long epochHighest;
    private long seqLast;
    private final Map<String, TaskSpec> specs = new LinkedHashMap<>();
    /** Specs that stop when cut off. */
    private int stopping;
    private final Map<String, Integer> specUses = new LinkedHashMap<>();
    private final Map<Long, Held> held = new LinkedHashMap<>();
    private final ArrayDeque<StatusBatch> pending = new ArrayDeque<>();
    private final LinkedHashSet<Long> buried = new LinkedHashSet<>();

    /** Takes up one fact. */
    public void apply(CheckpointRecord fact) {
        switch (fact) {
            case Identity(String id, long drawn) -> {
                agentId = id;
                incarnation = drawn;
            }
            case Cluster(String id) -> clusterId = id;
            case Epoch(long epoch) -> epochHighest = epoch;
            case Spec(TaskSpec spec) -> {
                TaskSpec before = specs.put(spec.getDigest(), spec);
                stopping += stops(spec) - (before == null ? 0 : stops(before));
            }
            case Launched(long id, String digest, List<Integer> ports) -> {
                held.put(id, Held.launched(id, digest, ports));
                specUses.merge(digest, 1, Integer::sum);
            }
            case KillOrdered(long id, long graceMs) ->
                held.computeIfPresent(id, (key, was) -> was.toKill(graceMs));
            case Ready(long id) -> held.computeIfPresent(id, (key, was) -> was.becomingReady());
            case Alive(long id, boolean alive) ->
                held.computeIfPresent(id, (key, was) -> was.becoming(alive));
            case Standby(long id) ->
                held.computeIfPresent(id, (key, was) -> was.becoming(Warmth.WARMING));
            case Frozen(long id) ->
                held.computeIfPresent(id, (key, was) -> was.becoming(Warmth.FROZEN));
            case Thawed(long id) -> held.computeIfPresent(id, (key, was) -> was.thawed());
            case Waiting(long id, int gpus) ->
                held.computeIfPresent(id, (key, was) -> was.waiting(OptionalInt.of(gpus)));
            case Begun(long id) ->
                held.computeIfPresent(id, (key, was) -> was.waiting(OptionalInt.empty()));
            case Reported(StatusBatch batch) -> report(batch);
            case Acknowledged(long seq) -> acknowledge(seq);
            case Buried(List<Long> ids) -> ids.forEach(this::bury);
            case SeqLast(long seq) -> seqLast = Math.max(seqLast, seq);
        }
    }

    private void report(StatusBatch batch) {
        pending.addLast(batch);
        seqLast = batch.getSeq();
        for (InstanceStatus status : batch.getStatusesList()) {
            if (terminal(status.getCondition())) {
                held.computeIfPresent(status.getInstanceId(), (id, was) -> was.ending());
            }
        }
    }

    private void acknowledge(long seq) {
        for (StatusBatch first = pending.peekFirst(); first != null
                && Long.compareUnsigned(first.getSeq(), seq) <= 0; first = pending.peekFirst()) {
            pending.removeFirst();
            for (InstanceStatus status : first.getStatusesList()) {
                if (terminal(status.getCondition())) {
                    release(status.getInstanceId());
                }
            }
        }
    }

    private void release(long instanceId) {
        Held was = held.remove(instanceId);
        if (was != null) {
            bury(instanceId);
            if (specUses.merge(was.specDigest(), -1, Integer::sum) == 0) {
                specUses.remove(was.specDigest());
                TaskSpec gone = specs.remove(was.specDigest());
                stopping -= gone == null ? 0 : stops(gone);
            }
        }
    }

    private static int stops(TaskSpec spec) {
        return spec.getStopWhenCutOffMs() > 0 ? 1 : 0;
    }

    private void bury(long instanceId) {
        buried.add(instanceId);
        if (buried.size() > BURIED_MAX) {
            buried.removeFirst();
        }
    }

    /** Whether nothing follows this condition. */
    public static boolean terminal(Condition condition) {
        return switch (condition) {
            case FINISHED, FAILED, KILLED, ERROR, GONE -> true;
            case CONDITION_UNSPECIFIED, STAGING, STARTING, RUNNING, PAUSED, KILLING, UNRECOGNIZED ->
                false;
        };
    }

    public String agentId() {
        return agentId;
    }

    public long incarnation() {
        return incarnation;
    }

    /** Empty before the first Welcome. */
    public String clusterId() {
        return clusterId;
    }

    public long epochHighest() {
        return epochHighest;
    }

    public long seqLast() {
        return seqLast;
    }

    /** The spec, if an instance that is held names it. */
    public Optional<TaskSpec> spec(String digest) {
        return Optional.ofNullable(specs.get(digest));
    }

    /** Whether anything that is held has to end when no master is heard; seldom, and asked all the time. */
    public boolean anyStopsWhenCutOff() {
        return stopping > 0;
    }

    /** All instances of which the master has not acknowledged the end. */
    public Collection<Held> held() {
        return Collections.unmodifiableCollection(held.values());
    }

    public Optional<Held> held(long instanceId) {
        return Optional.ofNullable(held.get(instanceId));
    }

    /** Batches not acknowledged yet, oldest first. */
    public Collection<StatusBatch> pending() {
        return Collections.unmodifiableCollection(pending);
    }

    /** Whether the instance has ended here and the master knows it. */
    public boolean buried(long instanceId) {
        return buried.contains(instanceId);
    }

    /** The shortest list of facts that rebuilds this. */
    public List<CheckpointRecord> facts() {
        List<CheckpointRecord> facts = new ArrayList<>();
        facts.add(new Identity(agentId, incarnation));
        facts.add(new Cluster(clusterId));
        facts.add(new Epoch(epochHighest));
        facts.add(new SeqLast(seqLast));
        facts.add(new Buried(List.copyOf(buried)));
        specs.values().forEach(spec -> facts.add(new Spec(spec)));
        for (Held one : held.values()) {
            facts.add(new Launched(one.instanceId(), one.specDigest(), one.hostPorts()));
            one.killGraceMs()
                    .ifPresent(graceMs -> facts.add(new KillOrdered(one.instanceId(), graceMs)));
            warmth(one, facts);
            one.waitingGpus().ifPresent(gpus -> facts.add(new Waiting(one.instanceId(), gpus)));
            if (one.ready()) {
                facts.add(new Ready(one.instanceId()));
            }
            if (one.alive()) {
                facts.add(new Alive(one.instanceId(), true));
            }
        }
        pending.forEach(batch -> facts.add(new Reported(batch)));
        return facts;
    }

    /** Before what is known of its health and readiness, which a thaw makes void. */
    private static void warmth(Held one, List<CheckpointRecord> facts) {
        long id = one.instanceId();
        switch (one.warmth()) {
            case ORDINARY -> {
            }
            case WARMING -> facts.add(new Standby(id));
            case FROZEN -> facts.add(new Frozen(id));
            case THAWED -> {
                facts.add(new Frozen(id));
                facts.add(new Thawed(id));
            }
        }
    }
}
