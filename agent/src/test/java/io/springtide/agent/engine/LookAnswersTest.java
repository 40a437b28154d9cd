package io.springtide.agent.engine;

import io.springtide.agent.runtime.Ending;
import io.springtide.agent.runtime.Leftover;
import io.springtide.api.agent.AgentMessage;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.Found;
import io.springtide.api.agent.Holding;
import io.springtide.api.agent.Holdings;
import io.springtide.api.agent.HoldingsDigest;
import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.LaunchGroup;
import io.springtide.api.agent.Look;
import io.springtide.api.agent.MasterMessage;
import io.springtide.api.agent.Orders;
import io.springtide.api.agent.Register;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What the agent says when it is asked what it holds, and what it does when it differs. */
class LookAnswersTest {

    private static final String OTHER = "0123456789abcdef";

    private final EngineRig rig = new EngineRig();

    @BeforeEach
    void start() {
        rig.on(new Input.Started());
    }

    private static Input look(long number, long digest) {
        return new Input.Said(MasterMessage.newBuilder().setEpoch(5)
                .setLook(Look.newBuilder().setNumber(number).setDigest(digest)).build());
    }

    private static Input orders(Orders.Builder orders) {
        return new Input.Said(MasterMessage.newBuilder().setEpoch(5).setOrders(orders).build());
    }

    private static Optional<Holdings> answer(List<Effect> effects) {
        return effects.stream()
                .flatMap(effect -> effect instanceof Effect.Send(AgentMessage said)
                        && said.hasHoldings()
                                ? Optional.of(said.getHoldings()).stream()
                                : Optional.<Holdings>empty().stream())
                .findFirst();
    }

    private static Holding holding(long id, Condition condition) {
        return Holding.newBuilder().setInstanceId(id).setCondition(condition).build();
    }

    @Test
    void answersOnceEverythingIsAcknowledged() {
        rig.connect(5);
        rig.on(EngineRig.launch(5, 1L, 2L));
        assertThat(answer(rig.on(look(1, 0)))).as("its statuses are on their way").isEmpty();
        rig.on(new Input.TaskRunning(1, ""));
        Holdings said = answer(rig.on(EngineRig.ack(5, 1), EngineRig.ack(5, 2))).orElseThrow();
        assertThat(said.getLook()).isEqualTo(1);
        assertThat(said.getSeq()).isEqualTo(2);
        assertThat(said.getHeldList()).containsExactly(holding(1, Condition.RUNNING),
                holding(2, Condition.STAGING));
        assertThat(answer(rig.on(new Input.Tick()))).as("once").isEmpty();
    }

    @Test
    void saysNoMoreThanThatItIsTheSame() {
        rig.connect(5);
        rig.on(EngineRig.launch(5, 1L, 2L));
        rig.on(EngineRig.ack(5, 1), EngineRig.kill(5, 2, 100));
        rig.on(EngineRig.ack(5, 2));
        HoldingsDigest digest = new HoldingsDigest();
        digest.add(2, Condition.KILLING);
        digest.add(1, Condition.STAGING);
        Holdings said = answer(rig.on(look(3, digest.value()))).orElseThrow();
        assertThat(said).isEqualTo(
                Holdings.newBuilder().setLook(3).setSeq(2).setSame(true).build());
        assertThat(answer(rig.on(look(4, digest.value() + 1))).orElseThrow().getHeldList())
                .containsExactly(holding(1, Condition.STAGING), holding(2, Condition.KILLING));
    }

    @Test
    void forgetsWhatAnotherConnectionHasAsked() {
        rig.connect(5);
        rig.on(EngineRig.launch(5, 1L));
        rig.on(look(1, 0));
        rig.on(new Input.Disconnected());
        rig.connect(5);
        assertThat(answer(rig.on(EngineRig.ack(5, 1)))).isEmpty();
    }

    @Test
    void tellsAnewAndKillsNothingForIt() {
        rig.connect(5);
        rig.on(EngineRig.launch(5, 1L), new Input.TaskRunning(1, "10.0.0.1"));
        rig.on(EngineRig.ack(5, 1));
        List<Effect> effects = rig.on(orders(Orders.newBuilder().addTell(1).addTell(9)));
        assertThat(EngineRig.statuses(effects)).extracting(InstanceStatus::getInstanceId,
                InstanceStatus::getCondition).containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1L, Condition.RUNNING),
                        org.assertj.core.groups.Tuple.tuple(9L, Condition.GONE));
        assertThat(EngineRig.statuses(effects).getFirst().getIpAddress()).isEqualTo("10.0.0.1");
        assertThat(effects).noneMatch(effect -> effect instanceof Effect.Kill);
    }

    @Test
    void comesWithWhatItHasFoundAndTakesItUpAgain() {
        rig.on(new Input.LeftoversSeen(List.of(new Leftover(EngineRig.CLUSTER, 7),
                new Leftover(EngineRig.CLUSTER, 8), new Leftover(OTHER, 7))));
        Register register = EngineRig.register(rig.connect(5)).orElseThrow();
        assertThat(register.getFoundList()).as("it does not know yet which cluster is its own")
                .containsExactly(
                        Found.newBuilder().setClusterId(OTHER).addInstanceIds(7).build(),
                        Found.newBuilder().setClusterId(EngineRig.CLUSTER).addInstanceIds(7)
                                .addInstanceIds(8).build());
        List<Effect> adopting = rig.on(orders(Orders.newBuilder().addSpecs(EngineRig.SPEC)
                .addAdoptions(LaunchGroup.newBuilder().setSpecDigest("d").addInstanceIds(7))));
        assertThat(adopting).containsExactly(
                new Effect.Adopt(7, EngineRig.SPEC, List.of()));
        assertThat(EngineRig.statuses(rig.on(new Input.TaskRunning(7, ""))))
                .as("it may be frozen").extracting(InstanceStatus::getCondition)
                .containsExactly(Condition.STARTING);
        assertThat(EngineRig.statuses(rig.on(new Input.TaskResumed(7))))
                .extracting(InstanceStatus::getCondition).containsExactly(Condition.RUNNING);
        rig.on(EngineRig.ack(5, 2));
        Holdings said = answer(rig.on(look(1, 0))).orElseThrow();
        assertThat(said.getHeldList()).containsExactly(holding(7, Condition.RUNNING));
        assertThat(said.getFoundList()).as("that of another cluster is nobody's business")
                .containsExactly(Found.newBuilder().setClusterId(EngineRig.CLUSTER)
                        .addInstanceIds(8).build());
    }

    @Test
    void endsOrphansButNothingThatItHolds() {
        rig.connect(5);
        rig.on(EngineRig.launch(5, 1L), EngineRig.ack(5, 1));
        List<Effect> effects = rig
                .on(orders(Orders.newBuilder().addOrphans(1).addOrphans(8)));
        assertThat(effects).filteredOn(effect -> effect instanceof Effect.EndLeftover)
                .containsExactly(new Effect.EndLeftover(EngineRig.CLUSTER, 8));
        assertThat(effects).noneMatch(effect -> effect instanceof Effect.Kill);
    }

    @Test
    void anOrderToTakeUpWhatHasGoneIsAnsweredAndStartsNothing() {
        rig.connect(5);
        rig.on(orders(Orders.newBuilder().addSpecs(EngineRig.SPEC).addAdoptions(
                LaunchGroup.newBuilder().setSpecDigest("d").addInstanceIds(7))));
        assertThat(EngineRig.statuses(rig.on(new Input.TaskEnded(7, new Ending.Gone("gone")))))
                .extracting(InstanceStatus::getCondition).containsExactly(Condition.GONE);
    }

    @Test
    void saysOfAnEndThatNobodyHadToldOfIt() {
        rig.connect(5);
        rig.on(EngineRig.launch(5, 1L, 2L), new Input.TaskRunning(1, ""));
        List<InstanceStatus> ends = EngineRig.statuses(rig.on(new Input.EndOverlooked(1),
                EngineRig.ended(1, 1), EngineRig.ended(2, 1)));
        assertThat(ends).extracting(InstanceStatus::getOverlooked).containsExactly(true, false);
    }
}
