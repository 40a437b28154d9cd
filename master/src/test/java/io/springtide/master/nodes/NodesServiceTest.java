package io.springtide.master.nodes;

import io.springtide.cloud.spi.Node;
import io.springtide.cloud.spi.NodesResult;
import io.springtide.cloud.spi.ProvisionResult;
import io.springtide.cloud.spi.ReleaseResult;
import io.springtide.core.command.Command;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Rules;
import io.springtide.core.model.Upkeep;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goal: machines come when they are needed, go when they are not, and none is ordered twice or forgotten,
 * whatever the cloud says. Method: the real core, a cloud in memory, and time by hand.
 */
class NodesServiceTest {

    /** For the agents of a new leader, and for the first list. */
    private static final int SETTLED = 12;

    private final NodesBed bed = new NodesBed();

    private static NodesPort.PoolPicture pool(NodesService service) {
        return service.pools().getFirst();
    }

    private static long count(NodesService service, NodesPort.MachineState state) {
        return pool(service).count(state);
    }

    @Test
    void asManyMachinesAsWhatWaitsNeedsAndNoMore() {
        NodesService service = bed.service();
        bed.pass(SETTLED);
        bed.submit(10);
        bed.pass(1);
        assertThat(bed.cloud.asked).as("the other tiers come first").isEmpty();
        bed.pass(6);
        assertThat(bed.cloud.asked).containsExactly("web-1", "web-2");
        assertThat(bed.running()).isEqualTo(10);
        assertThat(count(service, NodesPort.MachineState.THERE)).isEqualTo(2);
        bed.pass(60);
        assertThat(bed.cloud.asked).hasSize(2);
        assertThat(bed.cloud.requests.getFirst()).satisfies(request -> {
            assertThat(request.clusterId()).isEqualTo("5f0c9e1ad2b34c77");
            assertThat(request.attributes()).containsEntry("machine", "web-1");
            assertThat(request.size().cpusMilli()).isEqualTo(4_000);
        });
    }

    @Test
    void neverMoreThanTheMost() {
        NodesService service = bed.service("max=2");
        bed.pass(SETTLED);
        bed.submit(40);
        bed.pass(30);
        assertThat(bed.cloud.machines).hasSize(2);
        assertThat(bed.running()).isEqualTo(12);
        assertThat(service.waiting(NodesBed.APP).orElseThrow())
                .contains("no more machines than 2", "28 of them");
    }

    @Test
    void whatDoesNotFitOntoAMachineIsToldAndNothingIsOrdered() {
        NodesService service = bed.service();
        bed.pass(SETTLED);
        bed.submit(NodesBed.APP, 2, 4_500, Rules.NONE);
        bed.pass(20);
        assertThat(bed.cloud.asked).isEmpty();
        assertThat(service.waiting(NodesBed.APP).orElseThrow()).contains("too few processors");
    }

    @Test
    void bestEffortWorkOrdersNothing() {
        bed.service();
        bed.pass(SETTLED);
        bed.submit(NodesBed.APP, 30, 1_000, NodesBed.bestEffort());
        bed.pass(20);
        assertThat(bed.cloud.asked).isEmpty();
    }

    @Test
    void thoseThatAreOnTheirWayAreNotOrderedAgain() {
        bed.agentsCome = false;
        NodesService service = bed.service();
        bed.pass(SETTLED);
        bed.submit(8);
        bed.pass(30);
        assertThat(bed.cloud.asked).containsExactly("web-1");
        assertThat(count(service, NodesPort.MachineState.COMING)).isEqualTo(1);
        assertThat(service.waiting(NodesBed.APP)).contains("1 machine of pool web is on its way.");
        bed.submit(12);
        bed.pass(10);
        assertThat(bed.cloud.asked).containsExactly("web-1", "web-2");
    }

    @Test
    void aNewLeaderAsksBeforeItDecides() {
        bed.agentsCome = false;
        bed.service();
        bed.pass(SETTLED);
        bed.submit(8);
        bed.pass(5);
        assertThat(bed.cloud.asked).hasSize(1);
        CompletableFuture<Void> held = new CompletableFuture<>();
        bed.cloud.held = Optional.of(held);
        NodesService next = bed.service();
        bed.pass(30);
        assertThat(bed.cloud.asked).as("nothing is known yet").hasSize(1);
        assertThat(next.waiting(NodesBed.APP).orElse("")).doesNotContain("on its way");
        bed.cloud.held = Optional.empty();
        held.complete(null);
        bed.pass(10);
        assertThat(bed.cloud.asked).hasSize(1);
        assertThat(count(next, NodesPort.MachineState.COMING)).isEqualTo(1);
    }

    @Test
    void anOrderThatWasUnderWayIsRepeatedWithItsToken() {
        CompletableFuture<Void> never = new CompletableFuture<>();
        bed.agentsCome = false;
        bed.service();
        bed.pass(SETTLED);
        bed.cloud.held = Optional.of(never);
        bed.submit(8);
        bed.pass(5);
        assertThat(bed.cloud.asked).containsExactly("web-1");
        bed.cloud.machines.clear();
        bed.cloud.held = Optional.empty();
        bed.agentsCome = true;
        bed.service();
        bed.pass(20);
        assertThat(bed.cloud.asked).containsExactly("web-1", "web-1");
        assertThat(bed.cloud.machines).hasSize(1);
    }

    @Test
    void throttledIsAskedAgainAsItWasSaid() {
        NodesService service = bed.service();
        bed.pass(SETTLED);
        bed.cloud.instead = Optional.of(new ProvisionResult.Throttled(Duration.ofMinutes(1)));
        bed.submit(8);
        bed.pass(50);
        assertThat(bed.cloud.asked).hasSize(1);
        assertThat(pool(service).alarmed()).isFalse();
        bed.cloud.instead = Optional.empty();
        bed.pass(30);
        assertThat(bed.cloud.machines).hasSize(1);
        assertThat(bed.running()).isEqualTo(8);
    }

    @Test
    void aRefusalIsShownAndTriedAgainEverMoreSeldom() {
        NodesService service = bed.service();
        bed.pass(SETTLED);
        bed.cloud.instead = Optional.of(new ProvisionResult.Refused("the quota is used up"));
        bed.submit(40);
        bed.pass(600);
        assertThat(bed.cloud.asked).hasSizeBetween(6, 12);
        assertThat(pool(service).alarmed()).isTrue();
        assertThat(pool(service).trouble().orElseThrow()).contains("the quota is used up");
        assertThat(service.waiting(NodesBed.APP).orElseThrow()).contains("the quota is used up");
        assertThat(bed.counters.refused()).isPositive();
        bed.cloud.instead = Optional.empty();
        bed.pass(310);
        assertThat(bed.cloud.machines).hasSize(5);
        assertThat(pool(service).alarmed()).isFalse();
    }

    @Test
    void anAdapterThatBreaksIsARefusal() {
        NodesService service = bed.service();
        bed.pass(SETTLED);
        bed.cloud.held = Optional.of(CompletableFuture.failedFuture(new RuntimeException("bug")));
        bed.submit(8);
        bed.pass(10);
        assertThat(pool(service).alarmed()).isTrue();
        bed.cloud.held = Optional.empty();
        bed.pass(60);
        assertThat(bed.running()).isEqualTo(8);
    }

    @Test
    void whatCannotBeListedIsNeitherOrderedNorGivenBack() {
        bed.cloud.lists = Optional.of(new NodesResult.Refused("no permission"));
        NodesService service = bed.service();
        bed.pass(SETTLED);
        bed.submit(8);
        bed.pass(60);
        assertThat(bed.cloud.asked).isEmpty();
        assertThat(pool(service).trouble().orElseThrow()).contains("no permission");
        bed.cloud.lists = Optional.empty();
        bed.pass(60);
        assertThat(bed.running()).isEqualTo(8);
        assertThat(pool(service).trouble()).isEmpty();
    }

    @Test
    void aMachineThatNeverCameIsGivenBackAndAnotherIsAskedForLater() {
        bed.agentsCome = false;
        NodesService service = bed.service("coming=60");
        bed.pass(SETTLED);
        bed.submit(8);
        bed.pass(60);
        assertThat(bed.cloud.released).isEmpty();
        bed.pass(10);
        assertThat(bed.cloud.released).containsExactly("i-web-1");
        assertThat(pool(service).alarmed()).isTrue();
        assertThat(pool(service).trouble().orElseThrow()).contains("machine=web-1");
        assertThat(bed.counters.neverCame()).isEqualTo(1);
        bed.agentsCome = true;
        bed.pass(30);
        assertThat(bed.running()).isEqualTo(8);
        assertThat(pool(service).alarmed()).isFalse();
    }

    @Test
    void aMachineThatIsIdleIsDrainedGivenBackAndForgotten() {
        NodesService service = bed.service("idle=60");
        bed.pass(SETTLED);
        bed.submit(8);
        bed.pass(10);
        assertThat(bed.running()).isEqualTo(8);
        bed.submit(0);
        bed.pass(50);
        assertThat(bed.cloud.released).isEmpty();
        bed.pass(15);
        assertThat(bed.cloud.released).containsExactly("i-web-1");
        bed.pass(20);
        assertThat(bed.known("agent-web-1")).as("its agent is forgotten").isFalse();
        assertThat(pool(service).machines()).isEmpty();
        assertThat(bed.known("fixed")).isTrue();
        assertThat(bed.counters.released()).isEqualTo(1);
    }

    @Test
    void theLeastNumberIsKeptAndOrderedWithoutNeed() {
        NodesService service = bed.service("min=2", "idle=10");
        bed.pass(SETTLED);
        bed.pass(5);
        assertThat(bed.cloud.machines).hasSize(2);
        bed.submit(16);
        bed.pass(10);
        assertThat(bed.cloud.machines).hasSize(3);
        bed.submit(0);
        bed.pass(120);
        assertThat(bed.cloud.machines).hasSize(2);
        assertThat(count(service, NodesPort.MachineState.THERE)).isEqualTo(2);
    }

    @Test
    void whatIsNeededAgainIsNotGivenBack() {
        bed.cloud.releases = Optional.of(new ReleaseResult.Throttled(Duration.ofMinutes(10)));
        bed.service("idle=10", "max=1");
        bed.pass(SETTLED);
        bed.submit(8);
        bed.pass(10);
        bed.submit(0);
        bed.pass(20);
        assertThat(bed.mode("agent-web-1")).isEqualTo(Upkeep.Mode.DRAINING);
        bed.submit(8);
        bed.pass(10);
        assertThat(bed.mode("agent-web-1")).isEqualTo(Upkeep.Mode.OPEN);
        assertThat(bed.running()).isEqualTo(8);
        assertThat(bed.cloud.asked).hasSize(1);
    }

    @Test
    void whoTakesADrainBackIsHeededAndTheClockBeginsAnew() {
        bed.cloud.releases = Optional.of(new ReleaseResult.Refused("locked"));
        NodesService service = bed.service("idle=30");
        bed.pass(SETTLED);
        bed.submit(8);
        bed.pass(10);
        bed.submit(0);
        bed.pass(35);
        assertThat(bed.mode("agent-web-1")).isEqualTo(Upkeep.Mode.DRAINING);
        assertThat(pool(service).trouble().orElseThrow()).contains("locked");
        int tries = bed.cloud.released.size();
        bed.keep("agent-web-1", Upkeep.Mode.OPEN);
        bed.pass(25);
        assertThat(bed.mode("agent-web-1")).isEqualTo(Upkeep.Mode.OPEN);
        assertThat(bed.cloud.released).hasSize(tries);
        bed.pass(10);
        assertThat(bed.mode("agent-web-1")).isEqualTo(Upkeep.Mode.DRAINING);
    }

    @Test
    void aReleaseThatIsRefusedIsTriedAgain() {
        bed.cloud.releases = Optional.of(new ReleaseResult.Refused("a disk is attached"));
        NodesService service = bed.service("idle=10");
        bed.pass(SETTLED);
        bed.submit(8);
        bed.pass(10);
        bed.submit(0);
        bed.pass(100);
        assertThat(bed.cloud.released).hasSizeBetween(3, 8);
        assertThat(pool(service).alarmed()).isTrue();
        assertThat(pool(service).trouble().orElseThrow()).contains("a disk is attached");
        bed.cloud.releases = Optional.empty();
        bed.pass(320);
        assertThat(bed.cloud.machines).isEmpty();
        assertThat(service.pools().getFirst().alarmed()).isFalse();
    }

    @Test
    void aCordonedMachineIsLeftAlone() {
        bed.service("idle=10");
        bed.pass(SETTLED);
        bed.submit(8);
        bed.pass(10);
        bed.keep("agent-web-1", Upkeep.Mode.CORDONED);
        bed.submit(0);
        bed.pass(200);
        assertThat(bed.mode("agent-web-1")).isEqualTo(Upkeep.Mode.CORDONED);
        assertThat(bed.cloud.released).isEmpty();
    }

    @Test
    void aMachineThatAPersonHasDrainedIsGivenBackOnlyAfterAWhile() {
        bed.service("idle=100");
        bed.pass(SETTLED);
        bed.submit(8);
        bed.pass(10);
        bed.submit(4);
        bed.pass(2);
        bed.keep("agent-web-1", Upkeep.Mode.DRAINING);
        bed.pass(80);
        assertThat(bed.cloud.released).isEmpty();
        bed.pass(40);
        assertThat(bed.cloud.released).containsExactly("i-web-1");
    }

    @Test
    void machinesDoNotLeaveAllAtOnce() {
        bed.service("idle=10", "max=10");
        bed.pass(SETTLED);
        bed.submit(44);
        bed.pass(20);
        assertThat(bed.cloud.machines).hasSize(10);
        bed.submit(0);
        bed.pass(30);
        assertThat(bed.cloud.released).hasSize(2);
        assertThat(bed.view.<Long>read(state -> state.silence().stormMs())).isZero();
        bed.pass(400);
        assertThat(bed.cloud.machines).isEmpty();
        assertThat(bed.view.<Long>read(state -> state.silence().stormMs())).isZero();
    }

    @Test
    void afterTheFloodOneMachineAfterTheOtherIsEmptiedAndNobodyNotices() {
        NodesService service = bed.service("idle=60");
        AppId filler = new AppId("/filler");
        bed.submit(filler, 4, 1_000, Rules.NONE);
        bed.pass(SETTLED);
        bed.submit(6);
        bed.pass(10);
        assertThat(bed.cloud.machines).hasSize(2);
        bed.submit(filler, 0, 1_000, Rules.NONE);
        emptied(service, 6, 1);
        bed.submit(4);
        bed.pass(1);
        emptied(service, 4, 0);
    }

    private void emptied(NodesService service, int instances, int machines) {
        for (int i = 0; i < 400; i++) {
            bed.pass(1);
            assertThat(bed.running()).as("a new one runs before an old one ends")
                    .isGreaterThanOrEqualTo(instances);
            assertThat(count(service, NodesPort.MachineState.LEAVING)).isLessThanOrEqualTo(1);
        }
        assertThat(bed.running()).isEqualTo(instances);
        assertThat(bed.cloud.machines).hasSize(machines);
        assertThat(bed.cloud.asked).hasSize(2);
    }

    @Test
    void aMachineThatDoesNotHelpIsNotOrderedOverAndOver() {
        bed.real = new Resources(500, 8_192, 0, 0);
        NodesService service = bed.service("idle=30");
        bed.pass(SETTLED);
        bed.submit(6);
        bed.pass(600);
        assertThat(bed.cloud.asked).hasSize(1);
        assertThat(bed.cloud.released).containsExactly("i-web-1");
        assertThat(service.waiting(NodesBed.APP).orElseThrow()).contains("no more are ordered");
        bed.real = new Resources(4_000, 8_192, 0, 0);
        bed.submit(NodesBed.APP, 6, 1_001, Rules.NONE);
        bed.pass(30);
        assertThat(bed.cloud.asked).as("another version is another matter")
                .hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void nothingIsOrderedInAStorm() {
        bed.service();
        for (int i = 0; i < 8; i++) {
            bed.join("other-" + i, Map.of(), new Resources(4_000, 8_192, 0, 0));
        }
        bed.submit(36);
        bed.pass(SETTLED);
        assertThat(bed.running()).isEqualTo(36);
        for (int i = 0; i < 8; i++) {
            bed.command(new Command.AgentFellSilent(
                    new io.springtide.core.model.AgentId("other-" + i)));
        }
        bed.submit(40);
        bed.pass(60);
        assertThat(bed.view.<Long>read(state -> state.silence().stormMs())).isPositive();
        assertThat(bed.cloud.asked).isEmpty();
    }

    @Test
    void aMachineThatVanishedIsForgottenAndReplaced() {
        NodesService service = bed.service();
        bed.pass(SETTLED);
        bed.submit(8);
        bed.pass(10);
        bed.cloud.machines.clear();
        bed.pass(200);
        assertThat(bed.known("agent-web-1")).isFalse();
        assertThat(bed.running()).isGreaterThanOrEqualTo(8);
        assertThat(bed.cloud.machines).hasSize(1);
        assertThat(count(service, NodesPort.MachineState.THERE)).isEqualTo(1);
    }

    @Test
    void machinesOfOthersAreNobodysBusiness() {
        bed.cloud.machines.put("db-1", new Node("i-db-1", "db-1", ""));
        bed.cloud.machines.put("web-x", new Node("i-web-x", "web-x", ""));
        bed.agentsCome = false;
        NodesService service = bed.service("idle=10", "coming=10");
        bed.pass(100);
        assertThat(bed.cloud.released).isEmpty();
        assertThat(pool(service).machines()).isEmpty();
    }

    @Test
    void aClosedServiceDecidesNothing() {
        NodesService service = bed.service();
        bed.pass(SETTLED);
        service.close();
        bed.submit(20);
        bed.pass(30);
        assertThat(bed.cloud.asked).isEmpty();
        assertThat(service.waiting(new AppId("/none"))).isEmpty();
        assertThat(List.copyOf(bed.commands)).isEmpty();
    }
}
