package io.springtide.master.traffic;

import io.springtide.cloud.spi.traffic.TrafficReport;
import io.springtide.core.command.Command;
import io.springtide.core.elasticity.ScalingPolicy;
import io.springtide.core.elasticity.ScalingReason;
import io.springtide.core.elasticity.Target;
import io.springtide.core.event.Event;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.Resources;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Goal: no fact empties an app by mistake, and none keeps what is no longer its own. As TrafficTest. */
class TrafficGuardTest {

    private static final AppId SHOP = new AppId("/shop");
    private final TrafficWorld world = new TrafficWorld();

    @BeforeEach
    void agents() {
        world.agent("a1");
        world.agent("a2");
    }

    private void checked(int instances, boolean readiness) {
        world.submit(world.spec("/shop", instances, Map.of("HAPROXY_GROUP", "external",
                "HAPROXY_0_VHOST", "shop.example"), !readiness, readiness, "1"));
    }

    /** All instances of an app with checks have served, and now fail them. */
    private void failing(int instances) {
        checked(instances, false);
        world.report("/shop", Condition.RUNNING, Health.ALIVE);
        world.timing.pass(20);
        world.report("/shop", Condition.RUNNING, Health.DEAD);
        world.timing.pass(20);
    }

    private long first() {
        return world.instances("/shop").getFirst();
    }

    /** Somebody else gets a port; the next command is of the same batch. */
    private void placed(int row, int port) {
        world.traffic.after(new Event.InstancesPlaced(new AppId("/other"), 1, 999, new int[]{row},
                new int[]{port}, new int[0], 1), world.view.read(state -> state));
    }

    private List<TrafficPort.Empty> alarms() {
        return world.traffic.trouble().empty();
    }

    @Test
    void theLastOnesStayInAndItIsAlarmed() {
        checked(2, false);
        world.report("/shop", Condition.RUNNING, Health.ALIVE);
        world.timing.pass(20);
        world.report("/shop", Condition.RUNNING, Health.DEAD);
        world.timing.pass(20);
        assertThat(world.open("/shop:0")).hasSize(1);
        TrafficPort.Empty alarm = world.traffic.trouble().empty().getFirst();
        assertThat(alarm.app()).isEqualTo(SHOP);
        assertThat(alarm.kept()).isEqualTo(1);
        assertThat(world.traffic.picture().kept()).hasSize(1);

        world.report(first(), Condition.RUNNING, Health.ALIVE, Optional.empty());
        world.timing.pass(20);
        assertThat(world.open("/shop:0")).containsExactly(first());
        assertThat(world.traffic.trouble().empty()).isEmpty();
    }

    @Test
    void aPersonCanSayThatItIsEmptyAndScalingToNothingSaysItToo() {
        checked(1, false);
        world.report("/shop", Condition.RUNNING, Health.ALIVE);
        world.report("/shop", Condition.RUNNING, Health.DEAD);
        world.timing.pass(20);
        assertThat(world.open("/shop:0")).hasSize(1);
        assertThat(world.traffic.release(SHOP)).contains(true);
        world.timing.pass(20);
        assertThat(world.open("/shop:0")).isEmpty();
        assertThat(world.traffic.trouble().empty()).isEmpty();
        assertThat(world.traffic.release(new AppId("/other"))).isEmpty();

        world.report("/shop", Condition.RUNNING, Health.ALIVE);
        world.report("/shop", Condition.RUNNING, Health.DEAD);
        world.timing.pass(20);
        assertThat(world.traffic.trouble().empty()).hasSize(1);
        checked(0, false);
        world.timing.pass(20);
        assertThat(world.open("/shop:0")).isEmpty();
        assertThat(world.traffic.trouble().empty()).isEmpty();
    }

    @Test
    void oneThatIsGoneIsKeptOnlyUntilItsPortHasAnotherOwner() {
        world.served("/shop", 1);
        world.run("/shop");
        long gone = first();
        int row = world.instance(gone).agentRow();
        int port = world.instance(gone).port(0);
        world.report(gone, Condition.FAILED, Health.UNKNOWN, Optional.empty());
        world.timing.pass(20);
        assertThat(world.traffic.trouble().empty()).hasSize(1);
        assertThat(world.open("/shop:0")).containsExactly(gone);
        placed(row, port);
        world.served("/shop", 1);
        world.command(new Command.ResetBackoff(SHOP));
        world.timing.pass(20);
        assertThat(world.open("/shop:0")).doesNotContain(gone);
    }

    @Test
    void inOneBatchItsPortMayHaveAnotherOwnerAtOnce() {
        world.served("/shop", 1);
        world.run("/shop");
        long gone = first();
        placed(world.instance(gone).agentRow(), world.instance(gone).port(0));
        world.report(gone, Condition.FAILED, Health.UNKNOWN, Optional.empty());
        world.timing.pass(20);
        assertThat(world.open("/shop:0")).isEmpty();
        assertThat(alarms()).singleElement()
                .satisfies(alarm -> assertThat(alarm.kept()).isZero());
    }

    @Test
    void whatAnAgentComesWithoutIsNotKept() {
        world.served("/shop", 1);
        world.run("/shop");
        int row = world.instance(first()).agentRow();
        AgentId agent = world.view.read(state -> state.agents().spec(row).id());
        world.agent(agent.name(), List.of());
        world.timing.pass(20);
        assertThat(world.open("/shop:0")).isEmpty();
        assertThat(alarms()).singleElement()
                .satisfies(alarm -> assertThat(alarm.kept()).isZero());
    }

    @Test
    void anotherRouteFindsThoseThatAreKept() {
        Map<String, String> one = Map.of("TIDE_0_HOST", "shop.example");
        world.submit(world.spec("/shop", 1, one, true, false, "1", 2));
        world.report("/shop", Condition.RUNNING, Health.ALIVE);
        world.timing.pass(20);
        world.report("/shop", Condition.RUNNING, Health.DEAD);
        world.timing.pass(20);
        long kept = first();
        assertThat(world.open("/shop:0")).containsExactly(kept);
        // There is no room for the new version, so that the old one stays.
        world.submit(world.spec("/shop", 1,
                Map.of("TIDE_0_HOST", "shop.example", "TIDE_1_HOST", "admin.example"), true, false,
                "1", 2)
                .withShape(new Shape(new Resources(65_000_000, 32, 0, 0), List.of(0, 0),
                        RuntimeKind.PROCESS, PlacementPolicy.SPREAD)));
        world.timing.pass(20);
        assertThat(world.open("/shop:0")).containsExactly(kept);
        assertThat(world.service("/shop:1").endpoints()).singleElement()
                .satisfies(there -> assertThat(there.port())
                        .isEqualTo(world.instance(kept).port(1)));
        assertThat(alarms()).hasSize(1);
        world.served("/other", 1);
        world.run("/other");
        assertThat(world.open("/other:0")).as("the others are served").hasSize(1);
    }

    @Test
    void anotherPortForgetsThoseThatAreGone() {
        Map<String, String> one = Map.of("TIDE_0_HOST", "shop.example");
        world.submit(world.spec("/shop", 1, one, false, false, "1", 2));
        world.run("/shop");
        long gone = first();
        world.report(gone, Condition.FAILED, Health.UNKNOWN, Optional.empty());
        world.timing.pass(20);
        assertThat(world.open("/shop:0")).containsExactly(gone);
        world.submit(world.spec("/shop", 1, Map.of("TIDE_1_HOST", "shop.example"), false, false,
                "1", 2));
        world.timing.pass(20);
        assertThat(world.service("/shop:1").endpoints()).isEmpty();
        assertThat(alarms()).hasSize(1);
    }

    @Test
    void aNewLeaderKeepsWhomTheLastOneMayHaveKept() {
        failing(2);
        world.reign(8, List.of(world.driver));
        world.timing.pass(20);
        assertThat(world.open("/shop:0")).isNotEmpty();
        assertThat(alarms()).singleElement().satisfies(alarm -> {
            assertThat(alarm.app()).isEqualTo(SHOP);
            assertThat(alarm.kept()).isPositive();
        });
        world.report(first(), Condition.RUNNING, Health.ALIVE, Optional.empty());
        world.reign(9, List.of(world.driver));
        world.timing.pass(20);
        assertThat(world.open("/shop:0")).as("one serves").containsExactly(first());
        assertThat(alarms()).isEmpty();
    }

    @Test
    void oneThatIsKeptFinishesBeforeItEnds() {
        failing(1);
        long kept = world.open("/shop:0").getFirst();
        world.command(new Command.KillInstances(List.of(kept), true, true));
        assertThat(world.traffic.mayKill(world.instance(kept))).isFalse();
        world.timing.pass(20);
        assertThat(world.draining("/shop:0")).containsExactly(kept);
        world.driver.says = new TrafficReport(world.driver.last().revision(), "", 1, List.of());
        world.timing.pass(100);
        assertThat(world.released).containsExactly(kept);
    }

    @Test
    void nobodyIsMissedWhereNothingIsServed() {
        failing(1);
        assertThat(alarms()).hasSize(1);
        world.submit(world.spec("/shop", 1, Map.of("TIDE_DRAIN", "5s"), true, false, "1"));
        world.timing.pass(20);
        assertThat(alarms()).isEmpty();
    }

    @Test
    void aPolicyThatScalesToNothingSaysThatItIsEmpty() {
        world.served("/shop", 1);
        world.run("/shop");
        world.report(first(), Condition.FAILED, Health.UNKNOWN, Optional.empty());
        world.timing.pass(20);
        assertThat(alarms()).hasSize(1);
        world.command(new Command.SetScaling(SHOP, new ScalingPolicy(0, 5,
                List.of(new Target(Target.Kind.CPU, 50_000)))));
        world.command(new Command.Scale(SHOP, 0,
                new ScalingReason(ScalingReason.TARGET, "nobody asks for anything")));
        world.timing.pass(20);
        int wanted = world.view.read(state -> state.app(SHOP).orElseThrow().wanted());
        assertThat(wanted).isZero();
        assertThat(alarms()).isEmpty();
    }
}
