package io.springtide.agent.engine;

import io.springtide.agent.runtime.Ending;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.LaunchGroup;
import io.springtide.api.agent.MasterMessage;
import io.springtide.api.agent.Orders;
import io.springtide.api.agent.Runtime;
import io.springtide.api.agent.StatusBatch;
import io.springtide.api.agent.Welcome;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.springtide.agent.engine.EngineRig.ack;
import static io.springtide.agent.engine.EngineRig.batches;
import static io.springtide.agent.engine.EngineRig.ended;
import static io.springtide.agent.engine.EngineRig.kill;
import static io.springtide.agent.engine.EngineRig.launch;
import static io.springtide.agent.engine.EngineRig.register;
import static io.springtide.agent.engine.EngineRig.statuses;
import static io.springtide.agent.engine.EngineRig.welcome;
import static org.assertj.core.api.Assertions.assertThat;

class AgentEngineTest {

    private final EngineRig rig = new EngineRig();

    @BeforeEach
    void connect() {
        rig.on(new Input.Started());
        rig.connect(5);
    }

    private static List<Condition> conditions(List<Effect> effects) {
        return statuses(effects).stream().map(InstanceStatus::getCondition).toList();
    }

    private static boolean hangsUp(List<Effect> effects) {
        return effects.stream().anyMatch(effect -> effect instanceof Effect.HangUp);
    }

    @Test
    void launchesOnceHoweverOftenItIsTold() {
        List<Effect> first = rig.on(launch(5, 1L, 2L));
        assertThat(first).filteredOn(effect -> effect instanceof Effect.Launch).hasSize(2);
        assertThat(conditions(first)).containsExactly(Condition.STAGING, Condition.STAGING);
        assertThat(rig.on(launch(5, 1L, 2L))).isEmpty();
        rig.crash();
        rig.connect(5);
        assertThat(rig.on(launch(5, 1L))).isEmpty();
    }

    /** A master that came out of a backup knows what was so when that was made, not what was told since. */
    @Test
    void tellsEverythingAgainToAMasterThatAsksForIt() {
        rig.on(launch(5, 1L, 2L, 3L));
        rig.on(new Input.TaskRunning(1, "10.0.0.1"), new Input.TaskRunning(2, ""));
        rig.on(kill(5, 2, 100));
        long last = batches(rig.on(ended(3, 0))).getLast().getSeq();
        rig.on(ack(5, last));
        rig.on(new Input.Disconnected());
        assertThat(statuses(rig.connect(6))).as("all was acknowledged").isEmpty();
        rig.on(new Input.Disconnected());
        rig.on(new Input.Connected());
        List<Effect> told = rig.on(new Input.Said(MasterMessage.newBuilder().setEpoch(7)
                .setWelcome(Welcome.newBuilder().setClusterId(EngineRig.CLUSTER)
                        .setHeartbeatIntervalMs(1_000).setTellAll(true))
                .build()));
        assertThat(statuses(told)).extracting(InstanceStatus::getInstanceId)
                .containsExactlyInAnyOrder(1L, 2L);
        assertThat(statuses(told)).filteredOn(status -> status.getInstanceId() == 1)
                .singleElement().satisfies(status -> {
                    assertThat(status.getCondition()).isEqualTo(Condition.RUNNING);
                    assertThat(status.getIpAddress()).isEqualTo("10.0.0.1");
                });
        assertThat(statuses(told)).filteredOn(status -> status.getInstanceId() == 2)
                .singleElement().satisfies(status -> assertThat(status.getCondition())
                        .isEqualTo(Condition.KILLING));
    }

    @Test
    void tellsHowTasksEnd() {
        rig.on(launch(5, 1L, 2L, 3L, 4L, 5L));
        rig.on(kill(5, 3, 100));
        List<Effect> effects = rig.on(ended(1, 0), ended(2, 9), ended(3, 143),
                new Input.TaskEnded(4, new Ending.NotStarted("no image")),
                new Input.TaskEnded(5, new Ending.Gone("no trace")));
        assertThat(conditions(effects)).containsExactly(Condition.FINISHED, Condition.FAILED,
                Condition.KILLED,
                Condition.ERROR, Condition.GONE);
        assertThat(statuses(effects).get(3).getMessage()).isEqualTo("no image");
    }

    @Test
    void anEndedInstanceIsHeldUntilItsEndIsAcknowledgedAndNeverStartedAgain() {
        rig.on(launch(5, 1L));
        StatusBatch last = batches(rig.on(ended(1, 0))).get(0);
        rig.on(new Input.Disconnected());
        assertThat(register(rig.on(new Input.Connected())).orElseThrow().getHeldList())
                .containsExactly(1L);
        assertThat(batches(rig.on(welcome(5, EngineRig.CLUSTER)))).last().isEqualTo(last);
        assertThat(rig.on(ack(5, last.getSeq())))
                .containsExactly(new Effect.Forget(1, EngineRig.SPEC));
        assertThat(conditions(rig.on(launch(5, 1L)))).containsExactly(Condition.GONE);
    }

    @Test
    void aKillBeforeTheStartIsPassedOn() {
        rig.on(launch(5, 1L));
        assertThat(rig.on(kill(5, 1, 700))).contains(new Effect.Kill(1, EngineRig.SPEC, 700));
        assertThat(conditions(rig.on(new Input.TaskEnded(1, new Ending.NotStarted("killed")))))
                .containsExactly(Condition.KILLED);
    }

    @Test
    void aRepeatedKillMayOnlyShortenTheGrace() {
        rig.on(launch(5, 1L));
        rig.on(kill(5, 1, 700));
        assertThat(rig.on(kill(5, 1, 700))).isEmpty();
        assertThat(rig.on(kill(5, 1, 900))).isEmpty();
        assertThat(rig.on(kill(5, 1, 10))).contains(new Effect.Kill(1, EngineRig.SPEC, 10));
    }

    @Test
    void aKillOrderedBeforeACrashIsCarriedOnAfterIt() {
        rig.on(launch(5, 1L));
        rig.on(kill(5, 1, 700));
        assertThat(rig.crash()).containsExactly(new Effect.Adopt(1, EngineRig.SPEC, List.of()),
                new Effect.Kill(1, EngineRig.SPEC, 700));
        rig.connect(5);
        assertThat(conditions(rig.on(ended(1, 137)))).containsExactly(Condition.KILLED);
    }

    @Test
    void unknownInstancesAreGone() {
        assertThat(conditions(rig.on(kill(5, 42, 1)))).containsExactly(Condition.GONE);
    }

    @Test
    void refusesLowerEpochsEvenAfterACrash() {
        rig.on(launch(6, 1L));
        assertThat(hangsUp(rig.on(launch(5, 2L)))).isTrue();
        rig.crash();
        List<Effect> effects = rig.connect(5);
        assertThat(register(effects).orElseThrow().getEpochHighest()).isEqualTo(6);
        assertThat(hangsUp(effects)).isTrue();
        assertThat(rig.on(launch(6, 2L))).isEmpty();
    }

    @Test
    void refusesAnotherClusterAndItsEpoch() {
        rig.on(new Input.Disconnected());
        rig.on(new Input.Connected());
        assertThat(hangsUp(rig.on(welcome(99, "0000000000000000")))).isTrue();
        assertThat(hangsUp(rig.connect(5))).isFalse();
    }

    @Test
    void refusesOrdersBeforeTheWelcome() {
        rig.on(new Input.Disconnected());
        rig.on(new Input.Connected());
        assertThat(hangsUp(rig.on(launch(5, 1L)))).isTrue();
    }

    @Test
    void refusesLaunchesThatCannotWork() {
        Orders wrongPorts = Orders.newBuilder().addSpecs(EngineRig.SPEC)
                .addLaunches(LaunchGroup.newBuilder().setSpecDigest("d").addInstanceIds(1)
                        .addPorts(31000))
                .build();
        Orders noSpec = Orders.newBuilder()
                .addLaunches(LaunchGroup.newBuilder().setSpecDigest("unknown").addInstanceIds(2))
                .build();
        Orders noRuntime = Orders.newBuilder()
                .addSpecs(EngineRig.SPEC.toBuilder().setDigest("docker").setRuntime(Runtime.DOCKER))
                .addLaunches(LaunchGroup.newBuilder().setSpecDigest("docker").addInstanceIds(3))
                .build();
        for (Orders orders : List.of(wrongPorts, noSpec, noRuntime)) {
            List<Effect> effects = rig.on(new Input.Said(
                    MasterMessage.newBuilder().setEpoch(5).setOrders(orders).build()));
            assertThat(conditions(effects)).containsExactly(Condition.ERROR);
            assertThat(effects).noneMatch(effect -> effect instanceof Effect.Launch);
        }
    }

    @Test
    void statusesTravelInBoundedBatches() {
        Long[] ids = LongStream.rangeClosed(1, 1200).boxed().toArray(Long[]::new);
        assertThat(batches(rig.on(launch(5, ids)))).extracting(StatusBatch::getStatusesCount)
                .containsExactly(500,
                        500, 200);
    }

    @Test
    void whileAloneOnlyTheNewestStatusOfAnInstanceIsKept() {
        rig.on(launch(5, 1L));
        rig.on(new Input.Disconnected());
        rig.on(new Input.TaskStarting(1));
        rig.on(new Input.TaskRunning(1, ""));
        rig.on(ended(1, 0));
        assertThat(conditions(rig.connect(5))).containsExactly(Condition.STAGING,
                Condition.FINISHED);
    }

    @Test
    void heartbeatsComeBeforeTheirIntervalIsOver() {
        int beats = 0;
        for (int i = 0; i < 300; i++) {
            beats += (int) rig.on(new Input.Tick()).stream()
                    .filter(effect -> effect instanceof Effect.Beat).count();
        }
        assertThat(beats).isBetween(3, 12);
    }
}
