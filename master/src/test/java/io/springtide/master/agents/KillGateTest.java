package io.springtide.master.agents;

import io.springtide.api.agent.Condition;
import io.springtide.api.agent.Holding;
import io.springtide.api.agent.Holdings;
import io.springtide.api.agent.HoldingsDigest;
import io.springtide.api.agent.Kill;
import io.springtide.api.agent.Look;
import io.springtide.api.agent.MasterMessage;
import io.springtide.core.command.Command;
import io.springtide.core.state.Instance;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Every way to a kill asks the gate: the decision, a connection, a look. Real streams, the real core. */
final class KillGateTest {

    private final Gate gate = new Gate();
    private final GatewayBed bed = new GatewayBed(gate);

    /** Holds everything until it is told otherwise. */
    private static final class Gate implements KillGate {
        private final Set<Long> asked = ConcurrentHashMap.newKeySet();
        private final Set<Long> open = ConcurrentHashMap.newKeySet();
        private volatile Consumer<List<Long>> listener = instances -> {
        };

        @Override
        public boolean mayKill(Instance instance) {
            asked.add(instance.number());
            return open.contains(instance.number());
        }

        @Override
        public void onRelease(Consumer<List<Long>> to) {
            listener = to;
        }

        void release(long instance) {
            open.add(instance);
            listener.accept(List.of(instance));
        }
    }

    @AfterEach
    void close() throws Exception {
        bed.close();
    }

    private static List<Long> killed(FakeAgent agent) {
        return agent.kills().stream().map(Kill::getInstanceId).toList();
    }

    private long running(FakeAgent agent) {
        return bed.running(agent, 1).getFirst();
    }

    @Test
    void aDecisionWaitsForTheGate() {
        FakeAgent agent = bed.agent().join();
        long instance = running(agent);
        bed.ring.ask(new Command.KillInstances(List.of(instance), true, true));
        Eventually.holds("the gate is asked", () -> gate.asked.contains(instance));
        // What is sent on one stream comes in order: an order would have come before these.
        Look look = GatewayBed.nextLook(agent, 0);
        look = GatewayBed.nextLook(agent, look.getNumber());
        GatewayBed.nextLook(agent, look.getNumber());
        assertThat(killed(agent)).isEmpty();
        gate.release(instance);
        Eventually.holds("it is ended", () -> killed(agent).equals(List.of(instance)));
        assertThat(agent.kills().getFirst().getGraceMs()).isEqualTo(TestApps.GRACE_MS);
    }

    @Test
    void whatIsHeldIsNoDifferenceWhenItsAgentComesAgain() {
        FakeAgent agent = bed.agent().join();
        long instance = running(agent);
        bed.ring.ask(new Command.KillInstances(List.of(instance), true, true));
        FakeAgent again = bed.agent().join(instance);
        GatewayBed.nextLook(again, 0);
        assertThat(killed(again)).isEmpty();
        gate.release(instance);
        Eventually.holds("it is ended", () -> killed(again).contains(instance));
        FakeAgent third = bed.agent().join(instance);
        Eventually.holds("nothing keeps it any more", () -> killed(third).contains(instance));
    }

    @Test
    void whatIsHeldIsNoDifferenceAtALook() {
        FakeAgent agent = bed.agent().join();
        long instance = running(agent);
        bed.ring.ask(new Command.KillInstances(List.of(instance), true, true));
        HoldingsDigest runs = new HoldingsDigest();
        runs.add(instance, Condition.RUNNING);
        long from = GatewayBed.nextLook(agent, 0).getNumber();
        Look look = GatewayBed.nextLook(agent, from);
        assertThat(look.getDigest()).isEqualTo(runs.value());
        for (int i = 0; i < 4; i++) {
            agent.say(io.springtide.api.agent.AgentMessage.newBuilder()
                    .setHoldings(Holdings.newBuilder().setLook(look.getNumber()).setSeq(1)
                            .addHeld(Holding.newBuilder().setInstanceId(instance)
                                    .setCondition(Condition.RUNNING))));
            look = GatewayBed.nextLook(agent, look.getNumber());
        }
        assertThat(killed(agent)).isEmpty();
        assertThat(Arrays.stream(Repair.values()).mapToLong(bed.counters::repairs).sum()).isZero();
        gate.open.add(instance);
        HoldingsDigest ends = new HoldingsDigest();
        ends.add(instance, Condition.KILLING);
        Eventually.value("the digest says that it is to end",
                () -> Optional.of(agent.heard.stream().filter(MasterMessage::hasLook)
                        .map(one -> one.getLook().getDigest()).reduce((a, b) -> b).orElseThrow())
                        .filter(digest -> digest == ends.value()));
    }
}
