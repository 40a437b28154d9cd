package io.springtide.agent.engine;

import io.springtide.agent.checkpoint.Memory;
import io.springtide.agent.runtime.Ending;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.StatusBatch;
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
        final EngineRig rig = new EngineRig();
        final Set<Long> launchedByRuntime = new HashSet<>();
        final Set<Long> runs = new TreeSet<>();
        final Map<Long, Integer> exits = new HashMap<>();
        final Map<Long, InstanceStatus> journal = new HashMap<>();
        final Set<Long> ordered = new TreeSet<>();
        final List<StatusBatch> inFlight = new ArrayList<>();
        long seqSeen;
        long epoch = 1;
        boolean connected;

        World() {
            carryOut(rig.on(new Input.Started()));
        }

        void carryOut(List<Effect> effects) {
            inFlight.addAll(EngineRig.batches(effects));
            for (Effect effect : effects) {
                switch (effect) {
                    case Effect.Launch launch -> {
                        assertThat(launchedByRuntime.add(launch.instanceId())).as("started twice")
                                .isTrue();
                        runs.add(launch.instanceId());
                    }
                    case Effect.Adopt adopt -> adopt(adopt.instanceId());
                    case Effect.Kill kill -> end(kill.instanceId(), 143);
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
                        carryOut(rig.on(EngineRig.launch(epoch, id)));
                    }
                }
                case 2 -> {
                    if (connected && ordered.contains(id)) {
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
                default -> throw new AssertionError(action);
            }
        }
    }

    @Property(tries = 300)
    void nothingIsLostAndNothingStartsTwice(
            @ForAll @Size(max = 60) List<@IntRange(max = 10 * IDS - 1) Integer> steps) {
        World world = new World();
        world.connect();
        for (int step : steps) {
            world.step(step / IDS, 1 + step % IDS);
        }
        world.connect();
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
}
