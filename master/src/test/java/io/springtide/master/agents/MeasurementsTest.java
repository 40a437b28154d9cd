package io.springtide.master.agents;

import io.springtide.api.agent.Heartbeat;
import io.springtide.api.agent.Usage;
import io.springtide.core.command.Command;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Rules;
import io.springtide.core.model.ServiceClass;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class MeasurementsTest {

    private static final long MIB = 1L << 20;

    private final TestRing ring = new TestRing();
    private final Usages usages = new Usages(System::nanoTime);
    private final Measurements measurements = new Measurements(ring.view, ring, usages,
            agent -> !agent.name().equals("away"));
    private long seq;

    @BeforeEach
    void found() {
        ring.ask(new Command.FoundCluster(TestRing.CLUSTER));
        agent("a1");
    }

    @AfterEach
    void stop() {
        ring.close();
    }

    private void agent(String name) {
        ring.ask(new Command.RegisterAgent(new AgentSpec(new AgentId(name), 1, "h", "r", "s", "",
                AgentSpec.sorted(Map.of()), new Resources(10_000, 10_000, 0, 0),
                List.of(new PortRange(31_000, 31_999)), 3), List.of()));
    }

    private void run(String id, int instances, ServiceClass serviceClass) {
        ring.ask(TestApps.submit(TestApps.shaped(
                TestApps.spec("{'id':'" + id + "','cmd':'sleep 1','portDefinitions':[]}",
                        instances, 0),
                new Resources(1_000, 1_000, 0, 0), Rules.NONE.withServiceClass(serviceClass))));
    }

    private void running(long... instances) {
        for (long instance : instances) {
            ring.ask(new Command.ReportStatuses(new AgentId("a1"), 1, ++seq,
                    List.of(new InstanceStatus(instance, Condition.RUNNING, -1, "", "",
                            Health.UNKNOWN, 0, false))));
        }
    }

    private void said(long instance, long cpusMilli, long memMib) {
        usages.said(Heartbeat.newBuilder().addUsage(Usage.newBuilder().setInstanceId(instance)
                .setCpusMilli(cpusMilli).setMemBytes(memMib * MIB)).build());
    }

    private List<Command.MeasureAgents> submitted() {
        measurements.look();
        // Comes behind it, so that its facts are in the view.
        ring.ask(new Command.Tick());
        return ring.taken(Command.MeasureAgents.class);
    }

    private static Command.MeasureAgents measure(long cpusMilli, long memMib) {
        return new Command.MeasureAgents(
                List.of(new Command.Measure(new AgentId("a1"), cpusMilli, memMib)));
    }

    @Test
    void sumsWhatIsNotBestEffortAndSaysNothingTwice() {
        run("/web", 2, ServiceClass.GUARANTEED);
        long web = ring.view.read(state -> state.agents().instances(0).get(0).number());
        said(web, 300, 50);
        said(web + 1, 200, 50);
        running(web, web + 1);
        assertThat(submitted()).containsExactly(measure(500, 100));
        run("/batch", 1, ServiceClass.BEST_EFFORT);
        assertThat(ring.view.<Integer>read(state -> state.agents().instances(0).size()))
                .isEqualTo(3);
        said(web + 2, 5_000, 5_000);
        agent("away");
        assertThat(submitted()).hasSize(1);
        said(web, 700, 400);
        assertThat(submitted()).as("less than a twentieth of the agent").hasSize(1);
        said(web, 900, 400);
        assertThat(submitted()).last().isEqualTo(measure(1_100, 450));
        said(web, 400, 50);
        said(web, 900, 50);
        assertThat(submitted()).as("a dip between peaks").hasSize(2);
    }

    @Test
    void takesAnIdleAgentForIdleAndWhatStartsForWhatItAsksFor() {
        assertThat(submitted()).containsExactly(measure(0, 0));
        run("/web", 1, ServiceClass.BURSTABLE);
        assertThat(submitted()).last().isEqualTo(measure(1_000, 1_000));
    }

    @Test
    void doesNotTakeSilenceForIdleness() {
        run("/web", 2, ServiceClass.GUARANTEED);
        running(1, 2);
        assertThat(submitted()).isEmpty();
        said(1, 100, 100);
        assertThat(submitted()).containsExactly(measure(1_100, 1_100));
    }

    @Test
    void dropsWhatFindsTheRingFull() {
        ring.full = command -> command instanceof Command.MeasureAgents;
        assertThat(submitted()).isEmpty();
        ring.full = command -> false;
        assertThat(submitted()).hasSize(1);
    }
}
