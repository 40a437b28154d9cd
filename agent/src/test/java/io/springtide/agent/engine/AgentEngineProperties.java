package io.springtide.agent.engine;

import io.springtide.agent.checkpoint.Memory;
import io.springtide.agent.runtime.Ending;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.StatusBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goal: whatever the order of orders, crashes and reconnects, no id is started twice, and once the
 * trouble is over every instance's end is known to the master and nothing is held any more. Method: a
 * tiny world of a master that journals what it acknowledges and a runtime that outlives the agent.
 */
class AgentEngineProperties {

    static final int IDS = 6;

    /** Everything around the engine. */
    private static final class World {
        final EngineRig rig;
        /** Runs on, but stands still. */
        final Set<Long> frozen = new TreeSet<>();
        /** What the runtime has yet to tell of freezing. */
        final ArrayDeque<Input> answers = new ArrayDeque<>();
        final Set<Long> standbys = new TreeSet<>();
        final Set<Long> thawed = new TreeSet<>();
        final Set<Long> killed = new TreeSet<>();
        final Map<Long, Condition> told = new HashMap<>();
        boolean dieNext;
        int depth;
        final Set<Long> launchedByRuntime = new HashSet<>();
        final Set<Long> runs = new TreeSet<>();
        final Map<Long, Integer> exits = new HashMap<>();
        final Map<Long, InstanceStatus> journal = new HashMap<>();
        final Set<Long> ordered = new TreeSet<>();
        final List<StatusBatch> inFlight = new ArrayList<>();
        long seqSeen;
        long epoch = 1;
        boolean connected;

        World(StartLimits limits) {
            rig = new EngineRig(limits);
            carryOut(rig.on(new Input.Started()));
        }

        void carryOut(List<Effect> effects) {
            // Not amid a turn, whose launches would be lost with the agent, and be told as GONE.
            if (dieNext && depth == 0 && effects.stream().anyMatch(World::freezes)
                    && effects.stream().allMatch(World::harmless)) {
                // Written down, and no more.
                dieNext = false;
                connected = false;
                inFlight.clear();
                carryOut(rig.crash());
                return;
            }
            inFlight.addAll(EngineRig.batches(effects));
            for (InstanceStatus status : EngineRig.statuses(effects)) {
                long id = status.getInstanceId();
                told.put(id, status.getCondition());
                if (standbys.contains(id) && !thawed.contains(id)) {
                    assertThat(status.getCondition()).as("a standby never serves")
                            .isNotEqualTo(Condition.RUNNING);
                }
            }
            depth++;
            effects.forEach(this::carryOut);
            depth--;
        }

        private void carryOut(Effect effect) {
            switch (effect) {
                case Effect.Launch launch -> {
                    assertThat(launchedByRuntime.add(launch.instanceId())).as("started twice")
                            .isTrue();
                    runs.add(launch.instanceId());
                }
                case Effect.Adopt adopt -> adopt(adopt.instanceId());
                case Effect.Kill kill -> end(kill.instanceId(), 143);
                case Effect.Pause pause -> {
                    assertThat(runs).contains(pause.instanceId());
                    frozen.add(pause.instanceId());
                    answers.add(new Input.TaskPaused(pause.instanceId()));
                }
                case Effect.Resume resume -> {
                    frozen.remove(resume.instanceId());
                    answers.add(new Input.TaskResumed(resume.instanceId()));
                }
                case Effect.Prefetch prefetch ->
                    throw new AssertionError("nobody has ordered it: " + prefetch);
                case Effect.EndLeftover end ->
                    throw new AssertionError("nobody has ordered it: " + end);
                case Effect.Forget forget -> {
                    assertThat(runs).doesNotContain(forget.instanceId());
                    assertThat(journal.get(forget.instanceId())).isNotNull();
                    exits.remove(forget.instanceId());
                }
                case Effect.HangUp hangUp ->
                    throw new AssertionError("unexpected: " + hangUp.reason());
                case Effect.Save save -> throw new AssertionError("the rig saves");
                case Effect.Watch watch -> {
                }
                case Effect.Unwatch unwatch -> {
                }
                case Effect.Send send -> {
                }
                case Effect.Beat beat -> {
                }
                case Effect.Read read -> {
                }
            }
        }

        private static boolean freezes(Effect effect) {
            return effect instanceof Effect.Pause || effect instanceof Effect.Resume;
        }

        private static boolean harmless(Effect effect) {
            return freezes(effect) || effect instanceof Effect.Send
                    || effect instanceof Effect.Watch || effect instanceof Effect.Unwatch;
        }

        void answer() {
            while (!answers.isEmpty()) {
                Input next = answers.removeFirst();
                carryOut(rig.on(next));
            }
        }

        void adopt(long id) {
            if (exits.containsKey(id)) {
                carryOut(rig.on(EngineRig.ended(id, exits.get(id))));
            } else if (runs.contains(id)) {
                carryOut(rig.on(new Input.TaskRunning(id, "")));
            } else {
                carryOut(rig.on(new Input.TaskEnded(id, new Ending.Gone("no trace"))));
            }
        }

        void end(long id, int code) {
            if (runs.remove(id)) {
                frozen.remove(id);
                exits.put(id, code);
                carryOut(rig.on(EngineRig.ended(id, code)));
            }
        }

        void disconnect() {
            if (connected) {
                connected = false;
                inFlight.clear();
                carryOut(rig.on(new Input.Disconnected()));
            }
        }

        void connect() {
            if (!connected) {
                connected = true;
                carryOut(rig.connect(epoch));
            }
        }

        void acknowledge() {
            if (!connected || inFlight.isEmpty()) {
                return;
            }
            List<StatusBatch> got = List.copyOf(inFlight);
            inFlight.clear();
            for (StatusBatch batch : got) {
                assertThat(batch.getSeq()).as("no batch is skipped")
                        .isLessThanOrEqualTo(seqSeen + 1);
                if (batch.getSeq() > seqSeen) {
                    seqSeen = batch.getSeq();
                    batch.getStatusesList().stream()
                            .filter(status -> Memory.terminal(status.getCondition()))
                            .forEach(status -> journal.putIfAbsent(status.getInstanceId(), status));
                }
            }
            carryOut(rig.on(EngineRig.ack(epoch, seqSeen)));
        }

        void step(int action, long id) {
            switch (action) {
                case 0, 1 -> {
                    if (connected && !journal.containsKey(id)) {
                        ordered.add(id);
                        carryOut(rig.on(standbys.contains(id) && !thawed.contains(id)
                                ? EngineRig.standby(epoch, EngineRig.SPEC, id)
                                : EngineRig.launch(epoch, id)));
                    }
                }
                case 2 -> {
                    if (connected && ordered.contains(id)) {
                        killed.add(id);
                        carryOut(rig.on(EngineRig.kill(epoch, id, 100)));
                    }
                }
                case 3 -> end(id, (int) id % 3);
                case 4 -> {
                    if (runs.contains(id)) {
                        carryOut(rig.on(new Input.TaskStarting(id), new Input.TaskRunning(id, "")));
                    }
                }
                case 5 -> acknowledge();
                case 6 -> disconnect();
                case 7 -> connect();
                case 8 -> {
                    disconnect();
                    carryOut(rig.crash());
                }
                case 9 -> {
                    disconnect();
                    epoch++;
                    connect();
                }
                case 10 -> {
                    if (connected && ordered.add(id)) {
                        standbys.add(id);
                        carryOut(rig.on(EngineRig.standby(epoch, EngineRig.SPEC, id)));
                    }
                }
                case 11 -> {
                    if (connected && standbys.contains(id) && !journal.containsKey(id)) {
                        thawed.add(id);
                        carryOut(rig.on(EngineRig.thaw(epoch, id)));
                    }
                }
                case 12 -> answer();
                case 13 -> dieNext = true;
                case 14 -> {
                    rig.pass(50 * id);
                    carryOut(rig.on(new Input.Tick()));
                }
                default -> throw new AssertionError(action);
            }
        }
    }

    @Property(tries = 400)
    void nothingIsLostAndNothingStartsTwice(
            @ForAll @Size(max = 80) List<@IntRange(max = 15 * IDS - 1) Integer> steps,
            @ForAll boolean limited) {
        World world = new World(limited ? new StartLimits(20, 2, 2) : StartLimits.NONE);
        world.connect();
        for (int step : steps) {
            world.step(step / IDS, 1 + step % IDS);
        }
        world.dieNext = false;
        world.connect();
        settle(world);
        everyoneStandsAsWanted(world);
        List.copyOf(world.runs).forEach(id -> world.end(id, 1));
        for (int i = 0; i < 5; i++) {
            world.acknowledge();
        }
        assertThat(world.journal.keySet()).isEqualTo(world.ordered);
        assertThat(world.journal.values()).extracting(InstanceStatus::getCondition)
                .doesNotContain(Condition.GONE);
        assertThat(world.exits).as("everything is forgotten").isEmpty();
        world.disconnect();
        assertThat(EngineRig.register(world.rig.on(new Input.Connected())).orElseThrow()
                .getHeldCount()).isZero();
    }

    /** Time passes until all have been started, run, and have been frozen or thawed. */
    private static void settle(World world) {
        for (int i = 0; i < 100; i++) {
            world.rig.pass(100);
            world.carryOut(world.rig.on(new Input.Tick()));
            List.copyOf(world.runs).forEach(id -> world.step(4, id));
            world.answer();
            world.acknowledge();
        }
        assertThat(world.rig.engine().startsWaiting()).isZero();
    }

    private static void everyoneStandsAsWanted(World world) {
        for (long id : world.runs) {
            assertThat(world.killed).doesNotContain(id);
            boolean standby = world.standbys.contains(id) && !world.thawed.contains(id);
            assertThat(world.frozen.contains(id)).as("%s is frozen", id).isEqualTo(standby);
            assertThat(world.told.get(id)).as("%s", id)
                    .isEqualTo(standby ? Condition.PAUSED : Condition.RUNNING);
        }
    }
}
