package io.springtide.master.agents;

import io.springtide.api.agent.AgentMessage;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.Found;
import io.springtide.api.agent.Holding;
import io.springtide.api.agent.Holdings;
import io.springtide.api.agent.HoldingsDigest;
import io.springtide.api.agent.Kill;
import io.springtide.api.agent.Look;
import io.springtide.api.agent.MasterMessage;
import io.springtide.api.agent.Orders;
import io.springtide.core.command.Command;
import io.springtide.core.model.AppId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Goal: what differs is found, repaired and counted, and nothing else. Method: as {@link AgentGatewayTest}. */
final class LooksTest {

    private static final int ANSWERS_MAX = 50;
    private static final String OTHER_CLUSTER = "0123456789abcdef";

    private final GatewayBed bed = new GatewayBed(KillGate.OPEN);
    private final TestRing ring = bed.ring;
    private final AgentCounters counters = bed.counters;
    private long answered;

    @AfterEach
    void close() throws Exception {
        bed.close();
    }

    private FakeAgent agent() {
        answered = 0;
        return bed.agent();
    }

    /** Waits for the next look and answers it. */
    private Look answer(FakeAgent agent, long seq, Map<Long, Condition> held) {
        Look look = nextLook(agent);
        Holdings.Builder said = Holdings.newBuilder().setLook(look.getNumber()).setSeq(seq);
        held.forEach((id, condition) -> said.addHeld(
                Holding.newBuilder().setInstanceId(id).setCondition(condition)));
        agent.say(AgentMessage.newBuilder().setHoldings(said));
        return look;
    }

    /** Answers in the same way until something holds: an answer that comes late does not count. */
    private void answerUntil(String what, BooleanSupplier holds, FakeAgent agent, long seq,
            Map<Long, Condition> held) {
        for (int i = 0; i < ANSWERS_MAX && !holds.getAsBoolean(); i++) {
            answer(agent, seq, held);
        }
        Eventually.holds(what, holds);
    }

    private Look nextLook(FakeAgent agent) {
        Look look = GatewayBed.nextLook(agent, answered);
        answered = look.getNumber();
        return look;
    }

    private static List<Long> told(FakeAgent agent) {
        return agent.orders().stream().flatMap(orders -> orders.getTellList().stream()).toList();
    }

    private long repairs() {
        return Arrays.stream(Repair.values()).mapToLong(counters::repairs).sum();
    }

    @Test
    void asksWithTheDigestOfWhatShouldBe() {
        FakeAgent agent = agent().join();
        List<Long> instances = bed.running(agent, 2);
        ring.ask(new Command.KillInstances(List.of(instances.get(1)), true, true));
        HoldingsDigest digest = new HoldingsDigest();
        digest.add(instances.get(0), Condition.RUNNING);
        digest.add(instances.get(1), Condition.KILLING);
        answered = nextLook(agent).getNumber();
        Look look = nextLook(agent);
        assertThat(look.getDigest()).isEqualTo(digest.value());
        for (int i = 0; i < 3; i++) {
            agent.say(AgentMessage.newBuilder().setHoldings(Holdings.newBuilder()
                    .setLook(nextLook(agent).getNumber()).setSeq(1).setSame(true)));
        }
        assertThat(repairs()).isZero();
        assertThat(told(agent)).isEmpty();
    }

    @Test
    void aStatusThatGotLostIsToldAgain() {
        FakeAgent agent = agent().join();
        ring.ask(TestApps.submitSleeper("/app", 1));
        long instance = agent.awaitLaunches(1).getFirst();
        agent.report(1, Condition.STAGING, instance);
        Eventually.holds("it is known", () -> agent.acked() == 1);

        answer(agent, 1, Map.of(instance, Condition.RUNNING));
        nextLook(agent);
        assertThat(repairs()).as("once is not enough").isZero();
        answer(agent, 1, Map.of(instance, Condition.STAGING));
        answer(agent, 1, Map.of(instance, Condition.RUNNING));
        nextLook(agent);
        assertThat(repairs()).as("nor twice with something else between").isZero();

        answerUntil("it is asked", () -> !told(agent).isEmpty(), agent, 1,
                Map.of(instance, Condition.RUNNING));
        assertThat(told(agent)).containsOnly(instance);
        assertThat(counters.repairs(Repair.STATUS)).isPositive().isEqualTo(repairs());
        assertThat(agent.kills()).isEmpty();
    }

    @Test
    void whatTheAgentDoesNotKnowAnyMoreIsOver() {
        FakeAgent agent = agent().join();
        long lost = bed.running(agent, 1).getFirst();
        answerUntil("it is asked", () -> told(agent).contains(lost), agent, 1, Map.of());
        agent.report(2, Condition.GONE, lost);
        Eventually.holds("its end is known", () -> agent.acked() == 2);
        ring.ask(new Command.ResetBackoff(new AppId("/app")));
        assertThat(agent.awaitLaunches(2)).hasSize(2);
        assertThat(counters.repairs(Repair.LOST)).isPositive();
        assertThat(agent.kills()).as("what may be there after all is not killed").isEmpty();
    }

    @Test
    void whatIsToEndAndWhatNobodyKnowsIsEndedAgain() {
        FakeAgent agent = agent().join();
        List<Long> instances = bed.running(agent, 2);
        long kept = instances.get(0);
        long doomed = instances.get(1);
        ring.ask(new Command.KillInstances(List.of(doomed), true, true));
        Eventually.holds("the order has come", () -> agent.kills().size() == 1);
        Map<Long, Condition> held = Map.of(kept, Condition.RUNNING, doomed, Condition.RUNNING,
                999L, Condition.RUNNING);
        answerUntil("the orders come again", () -> agent.kills().size() >= 3, agent, 1, held);
        assertThat(agent.kills()).extracting(Kill::getInstanceId)
                .contains(999L).containsOnly(doomed, 999L);
        long repaired = counters.repairs(Repair.KILL);
        assertThat(counters.repairs(Repair.STRAY)).isEqualTo(repaired).isPositive();
        for (int i = 0; i < 3; i++) {
            answer(agent, 1, Map.of(kept, Condition.RUNNING, doomed, Condition.KILLING));
        }
        nextLook(agent);
        assertThat(repairs()).isEqualTo(2 * repaired);
    }

    @Test
    void aLaunchThatGotLostIsOrderedAgain() {
        FakeAgent agent = agent().join();
        ring.ask(TestApps.submitSleeper("/app", 1));
        long instance = agent.awaitLaunches(1).getFirst();
        answerUntil("it is ordered again", () -> agent.launched().size() > 1, agent, 0, Map.of());
        assertThat(agent.launched()).containsOnly(instance);
        assertThat(counters.repairs(Repair.LAUNCH)).isPositive();
    }

    @Test
    void whatWasSaidAtAnotherMomentIsNotCompared() {
        FakeAgent agent = agent().join();
        bed.running(agent, 1);
        for (int i = 0; i < 3; i++) {
            answer(agent, 7, Map.of());
        }
        nextLook(agent);
        assertThat(repairs()).isZero();
        assertThat(told(agent)).isEmpty();
    }

    /** A wiped folder is another incarnation: all that it does not come with would be lost. */
    @Test
    void afterAWipedFolderWhatRunsAndIsWantedIsTakenUp() {
        FakeAgent before = agent().join();
        List<Long> instances = bed.running(before, 3);
        long wanted = instances.get(0);
        long doomed = instances.get(1);
        long lost = instances.get(2);
        before.close();
        ring.ask(new Command.KillInstances(List.of(doomed), true, true));
        long next = ring.view.read(state -> state.instanceNext());

        FakeAgent wiped = agent();
        wiped.register(wiped.registration().setIncarnation(8)
                .addFound(Found.newBuilder().setClusterId(TestRing.CLUSTER).addInstanceIds(wanted)
                        .addInstanceIds(doomed).addInstanceIds(next + 1_000))
                .addFound(Found.newBuilder().setClusterId(OTHER_CLUSTER).addInstanceIds(lost)));
        Eventually.holds("it gets its orders", () -> !wiped.kills().isEmpty());
        assertThat(adopted(wiped)).containsExactlyInAnyOrder(wanted, doomed);
        assertThat(wiped.kills()).extracting(Kill::getInstanceId).containsExactly(doomed);
        assertThat(orphans(wiped)).as("a number that was never given away may be anything")
                .isEmpty();
        assertThat(wiped.awaitLaunches(1)).as("only what is not there is replaced")
                .doesNotContainAnyElementsOf(instances).hasSize(1);
        assertThat(wiped.specs()).as("an adoption names a spec, too").isNotEmpty();
        assertThat(counters.repairs(Repair.ADOPTED)).isOne();
        assertThat(counters.repairs(Repair.ORPHAN)).isOne();
        assertThat(counters.repairs(Repair.LOST)).isOne();
    }

    @Test
    void whatIsFoundAndGivenUpLongAgoIsEnded() {
        FakeAgent agent = agent().join();
        List<Long> instances = bed.running(agent, 2);
        agent.report(2, Condition.FINISHED, instances.get(1));
        Eventually.holds("its end is known", () -> agent.acked() == 2);
        long gone = instances.get(1);
        for (int i = 0; i < ANSWERS_MAX && orphans(agent).isEmpty(); i++) {
            Look look = nextLook(agent);
            Holdings.Builder said = Holdings.newBuilder().setLook(look.getNumber()).setSeq(2)
                    .addHeld(Holding.newBuilder().setInstanceId(instances.get(0))
                            .setCondition(Condition.RUNNING))
                    .addFound(Found.newBuilder().setClusterId(TestRing.CLUSTER)
                            .addInstanceIds(gone).addInstanceIds(1L << 40))
                    .addFound(Found.newBuilder().setClusterId(OTHER_CLUSTER)
                            .addInstanceIds(gone));
            agent.say(AgentMessage.newBuilder().setHoldings(said));
        }
        Eventually.holds("it is to end", () -> !orphans(agent).isEmpty());
        assertThat(orphans(agent)).containsOnly(gone);
        assertThat(agent.kills()).isEmpty();
        assertThat(counters.repairs(Repair.ORPHAN)).isPositive();
    }

    /** The store was emptied, and another cluster founded in it: what runs is none of its business. */
    @Test
    void anEmptyStoreEndsNothingThatIsFound() {
        FakeAgent wiped = agent();
        wiped.register(wiped.registration()
                .addFound(Found.newBuilder().setClusterId(OTHER_CLUSTER).addInstanceIds(1)
                        .addInstanceIds(2))
                .addFound(Found.newBuilder().setClusterId(TestRing.CLUSTER).addInstanceIds(1)));
        Eventually.holds("welcomed",
                () -> wiped.heard.stream().anyMatch(MasterMessage::hasWelcome));
        for (int i = 0; i < 3; i++) {
            answer(wiped, 0, Map.of());
        }
        nextLook(wiped);
        assertThat(wiped.orders()).isEmpty();
        assertThat(repairs()).isZero();
    }

    private static List<Long> adopted(FakeAgent agent) {
        return agent.orders().stream().map(Orders::getAdoptionsList)
                .flatMap(groups -> groups.stream()
                        .flatMap(group -> group.getInstanceIdsList().stream()))
                .toList();
    }

    private static List<Long> orphans(FakeAgent agent) {
        return agent.orders().stream().flatMap(orders -> orders.getOrphansList().stream())
                .toList();
    }
}
