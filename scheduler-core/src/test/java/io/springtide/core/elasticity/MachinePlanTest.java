package io.springtide.core.elasticity;

import io.springtide.core.command.Command;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Constraint;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Rejection;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Rules;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.model.Shape;
import io.springtide.core.placement.Forecast;
import io.springtide.core.placement.PlacementSettings;
import io.springtide.core.sim.Cluster;
import io.springtide.core.sim.Specs;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MachinePlanTest {

    private static final AgentSpec MACHINE = Specs.agent("m", "cloud", "r1",
            new Resources(4_000, 8_192, 0, 0), List.of(new PortRange(31_000, 31_099)));

    private static MachineNeed need(int count, Constraint... rules) {
        Shape shape = Specs.app("/a", 1).spec().shape()
                .withRules(Rules.NONE.withConstraints(rules));
        return new MachineNeed(new AppId("/a"), 1, shape, count, new TreeMap<>());
    }

    private static MachinePlan plan(MachineNeed need, int empty, int more) {
        return MachinePlan.of(List.of(need),
                List.of(new MachinePool("web", MACHINE, empty, more)));
    }

    @Test
    void fourFitOntoEach() {
        assertThat(plan(need(9), 0, 10).machines("web")).isEqualTo(3);
        assertThat(plan(need(9), 2, 10).machines("web")).isEqualTo(1);
        assertThat(plan(need(8), 2, 10).orders()).isEmpty();
        assertThat(plan(need(9), 0, 2).untaken()).singleElement()
                .satisfies(one -> assertThat(one.instances()).isEqualTo(1));
    }

    @Test
    void whatAsksForHostsOfItsOwnGetsAMachineEach() {
        assertThat(plan(need(3, new Constraint("hostname", Constraint.Operator.UNIQUE, "")), 1, 10)
                .machines("web")).isEqualTo(2);
        assertThat(
                plan(need(5, new Constraint("machine", Constraint.Operator.MAX_PER, "2")), 0, 10)
                        .machines("web"))
                .isEqualTo(3);
    }

    @Test
    void whatIsToBeElsewhereOrdersNothing() {
        MachinePlan plan = plan(need(3, new Constraint("@zone", Constraint.Operator.IS, "other")),
                0, 10);
        assertThat(plan.orders()).isEmpty();
        assertThat(plan.untaken()).containsExactly(new MachinePlan.Untaken(new AppId("/a"), 3,
                List.of(new MachinePlan.Veto("web", Optional.of(Rejection.CONSTRAINT)))));
        assertThat(plan(need(3, new Constraint("@zone", Constraint.Operator.LIKE, "cl.*")), 0, 10)
                .machines("web")).isEqualTo(1);
        assertThat(plan(need(3, new Constraint("ssd", Constraint.Operator.GROUP_BY, "")), 0, 10)
                .orders()).isEmpty();
    }

    @Test
    void aSiteThatIsFullByRuleGetsNoMachines() {
        Constraint rule = new Constraint("@zone", Constraint.Operator.MAX_PER, "5");
        MachineNeed need = need(9, rule);
        TreeMap<String, java.util.SortedMap<String, Integer>> placed = new TreeMap<>();
        placed.put("@zone", new TreeMap<>(java.util.Map.of("cloud", 4, "other", 5)));
        MachineNeed partly = new MachineNeed(need.app(), 1, need.shape(), 9, placed);
        MachinePlan plan = plan(partly, 0, 10);
        assertThat(plan.machines("web")).isEqualTo(1);
        assertThat(plan.shares()).singleElement()
                .satisfies(one -> assertThat(one.instances()).isEqualTo(1));
        assertThat(plan.untaken().getFirst().why().getFirst().reason())
                .contains(Rejection.CONSTRAINT);
    }

    @Test
    void thoseThatAreToStayOnOneHostGetOne() {
        MachinePlan plan = plan(need(9, new Constraint("hostname", Constraint.Operator.CLUSTER,
                "")), 0, 10);
        assertThat(plan.machines("web")).isEqualTo(1);
        assertThat(plan.untaken().getFirst().instances()).isEqualTo(5);
    }

    @Test
    void theNextPoolTakesWhatTheFirstCannot() {
        MachinePlan plan = MachinePlan.of(List.of(need(9)),
                List.of(new MachinePool("first", MACHINE, 0, 1),
                        new MachinePool("second", MACHINE, 0, 5)));
        assertThat(plan.machines("first")).isEqualTo(1);
        assertThat(plan.machines("second")).isEqualTo(2);
    }

    // ------------------------------------------------------------ what waits

    private static List<MachineNeed> needs(Cluster cluster, long waitMs) {
        return Forecast.needs(cluster.state(), PlacementSettings.DEFAULT, cluster.nowMs(), waitMs);
    }

    private static Cluster full(Specs.App app) {
        Cluster cluster = new Cluster();
        cluster.join(Specs.agent("a1", "site-a", "r1"));
        cluster.accept(new Command.SubmitApps(
                List.of(new Command.AppChange(app.spec(), Command.AppChange.ANY)), false));
        return cluster;
    }

    @Test
    void whatFindsNoRoomNeedsMachinesAfterAWhile() {
        Cluster cluster = full(Specs.app("/a", 7));
        assertThat(needs(cluster, 2_000)).isEmpty();
        cluster.passSeconds(3);
        assertThat(needs(cluster, 2_000)).singleElement().satisfies(need -> {
            assertThat(need.app()).isEqualTo(new AppId("/a"));
            assertThat(need.count()).isEqualTo(3);
        });
        cluster.join(Specs.agent("a2", "site-a", "r1"));
        assertThat(needs(cluster, 0)).isEmpty();
    }

    @Test
    void withoutAnyAgentEverythingNeedsMachines() {
        Cluster cluster = new Cluster();
        cluster.accept(new Command.SubmitApps(List.of(new Command.AppChange(
                Specs.app("/a", 2).spec(), Command.AppChange.ANY)), false));
        cluster.passSeconds(3);
        assertThat(needs(cluster, 2_000)).singleElement()
                .satisfies(need -> assertThat(need.count()).isEqualTo(2));
    }

    @Test
    void bestEffortWorkNeverNeedsMachines() {
        Specs.App app = Specs.app("/a", 7);
        Cluster cluster = full(app.rules(
                app.spec().shape().rules().withServiceClass(ServiceClass.BEST_EFFORT)));
        cluster.passSeconds(3);
        assertThat(cluster.state().app(new AppId("/a")).orElseThrow().missing()).isPositive();
        assertThat(needs(cluster, 0)).isEmpty();
    }

    @Test
    void roomThatIsComingFreeIsNotOrderedAgain() {
        Cluster cluster = full(Specs.app("/a", 4));
        cluster.passSeconds(2);
        cluster.accept(new Command.SubmitApps(List.of(new Command.AppChange(
                Specs.app("/b", 2).spec(), Command.AppChange.ANY)), false));
        cluster.passSeconds(3);
        assertThat(needs(cluster, 0)).singleElement()
                .satisfies(need -> assertThat(need.count()).isEqualTo(2));
        // It is ending, and has not ended before its agent says so.
        cluster.accept(new Command.DeleteApp(new AppId("/a")));
        assertThat(needs(cluster, 0)).isEmpty();
    }
}
