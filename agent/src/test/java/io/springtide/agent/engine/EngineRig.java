package io.springtide.agent.engine;

import io.springtide.agent.checkpoint.CheckpointRecord;
import io.springtide.agent.runtime.Ending;
import io.springtide.api.agent.Ack;
import io.springtide.api.agent.AgentMessage;
import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.Kill;
import io.springtide.api.agent.LaunchGroup;
import io.springtide.api.agent.MasterMessage;
import io.springtide.api.agent.Orders;
import io.springtide.api.agent.Register;
import io.springtide.api.agent.Runtime;
import io.springtide.api.agent.StatusBatch;
import io.springtide.api.agent.TaskSpec;
import io.springtide.api.agent.Welcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An engine with a disk in memory, and short words for what a test does to it. */
final class EngineRig {

    static final String CLUSTER = "5f0c9e1ad2b34c77";
    static final TaskSpec SPEC = TaskSpec.newBuilder().setDigest("d").setAppId("/a").setCommand("x")
            .setRuntime(Runtime.PROCESS).build();

    final List<CheckpointRecord> disk = new ArrayList<>(
            List.of(new CheckpointRecord.Identity("agent-a", 1)));
    private final StartLimits limits;
    private AgentEngine engine;
    private long nowMs;

    EngineRig() {
        this(StartLimits.NONE);
    }

    EngineRig(StartLimits limits) {
        this.limits = limits;
        this.engine = fresh();
    }

    private AgentEngine fresh() {
        return new AgentEngine(
                new AgentIdentity(Register.newBuilder().addRuntimes(Runtime.PROCESS).build()),
                limits, disk);
    }

    /** Feeds inputs in one turn; returns what is to be done besides saving, which is done. */
    List<Effect> on(Input... inputs) {
        nowMs += 10;
        for (Input input : inputs) {
            engine.on(input, new Moment(nowMs, nowMs));
        }
        List<Effect> rest = new ArrayList<>();
        for (Effect effect : engine.drain()) {
            if (effect instanceof Effect.Save(CheckpointRecord fact)) {
                disk.add(fact);
            } else {
                rest.add(effect);
            }
        }
        return rest;
    }

    /** Nothing happens for a while. */
    void pass(long ms) {
        nowMs += ms;
    }

    AgentEngine engine() {
        return engine;
    }

    /** The agent dies after its last save, and comes up again. */
    List<Effect> crash() {
        engine = fresh();
        return on(new Input.Started());
    }

    List<Effect> connect(long epoch) {
        List<Effect> effects = new ArrayList<>(on(new Input.Connected()));
        effects.addAll(on(welcome(epoch, CLUSTER)));
        return effects;
    }

    static Input welcome(long epoch, String cluster) {
        return new Input.Said(MasterMessage.newBuilder().setEpoch(epoch)
                .setWelcome(Welcome.newBuilder().setClusterId(cluster).setHeartbeatIntervalMs(1000))
                .build());
    }

    static Input launch(long epoch, Long... ids) {
        return launch(epoch, SPEC, ids);
    }

    static Input launch(long epoch, TaskSpec spec, Long... ids) {
        return new Input.Said(MasterMessage.newBuilder().setEpoch(epoch)
                .setOrders(Orders.newBuilder().addSpecs(spec)
                        .addLaunches(LaunchGroup.newBuilder().setSpecDigest(spec.getDigest())
                                .addAllInstanceIds(List.of(ids))))
                .build());
    }

    static Input kill(long epoch, long id, long graceMs) {
        return new Input.Said(MasterMessage.newBuilder().setEpoch(epoch).setOrders(
                Orders.newBuilder()
                        .addKills(Kill.newBuilder().setInstanceId(id).setGraceMs(graceMs)))
                .build());
    }

    static Input standby(long epoch, TaskSpec spec, Long... ids) {
        return ordered(epoch, Orders.newBuilder().addSpecs(spec)
                .addLaunches(LaunchGroup.newBuilder().setSpecDigest(spec.getDigest())
                        .setStandby(true).addAllInstanceIds(List.of(ids))));
    }

    static Input thaw(long epoch, Long... ids) {
        return ordered(epoch, Orders.newBuilder().addAllThaw(List.of(ids)));
    }

    static Input ordered(long epoch, Orders.Builder orders) {
        return new Input.Said(
                MasterMessage.newBuilder().setEpoch(epoch).setOrders(orders).build());
    }

    static Input ack(long epoch, long seq) {
        return new Input.Said(
                MasterMessage.newBuilder().setEpoch(epoch).setAck(Ack.newBuilder().setSeq(seq))
                        .build());
    }

    static Input ended(long id, int code) {
        return new Input.TaskEnded(id, new Ending.Exited(code, ""));
    }

    static List<StatusBatch> batches(List<Effect> effects) {
        return effects.stream().flatMap(effect -> sent(effect).stream())
                .filter(AgentMessage::hasStatuses)
                .map(AgentMessage::getStatuses).toList();
    }

    static List<InstanceStatus> statuses(List<Effect> effects) {
        return batches(effects).stream().flatMap(batch -> batch.getStatusesList().stream())
                .toList();
    }

    static Optional<Register> register(List<Effect> effects) {
        return effects.stream().flatMap(effect -> sent(effect).stream())
                .filter(AgentMessage::hasRegister)
                .map(AgentMessage::getRegister).findFirst();
    }

    private static Optional<AgentMessage> sent(Effect effect) {
        return effect instanceof Effect.Send(AgentMessage message)
                ? Optional.of(message)
                : Optional.empty();
    }
}
