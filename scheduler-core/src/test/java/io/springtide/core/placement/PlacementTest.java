package io.springtide.core.placement;

import io.springtide.core.event.Event;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Rejection;
import io.springtide.core.model.Rejections;
import io.springtide.core.model.Resources;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.sim.Cluster;
import io.springtide.core.sim.SimAgent;
import io.springtide.core.sim.Specs;
import io.springtide.core.state.Instance;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Where instances go and why some wait. */
class PlacementTest {

    private final Cluster cluster = new Cluster();

    @Test
    void spreadsOverSitesThenRacksThenAgents() {
        cluster.joinMany(8);
        cluster.accept(Specs.app("/web", 8).submit());
        assertThat(countBy(this::site).values()).containsOnly(4);
        assertThat(countBy(this::rack).values()).containsOnly(2);
        assertThat(countBy(i -> "" + i.agentRow()).values()).hasSize(8).containsOnly(1);
    }

    @Test
    void levelsSitesEvenIfOneHasMoreAgents() {
        for (int i = 0; i < 5; i++) {
            cluster.join(Specs.agent("big" + i, "s1", "r1"));
        }
        cluster.join(Specs.agent("small", "s2", "r1"));
        cluster.accept(Specs.app("/web", 4).submit());
        assertThat(countBy(this::site)).containsEntry("s1", 2).containsEntry("s2", 2);
    }

    @Test
    void spreadGoesOnWhereASiteIsFull() {
        cluster.join(Specs.agent("a0", "s1", "r1"));
        cluster.join(Specs.agent("a1", "s2", "r1", new Resources(1_000, 8_192, 0, 0),
                List.of(new PortRange(31_000, 31_010))));
        cluster.accept(Specs.app("/web", 5).submit());
        assertThat(countBy(this::site)).containsEntry("s1", 4).containsEntry("s2", 1);
    }

    @Test
    void spreadCountsWhatRunsAlready() {
        cluster.join(Specs.agent("a0", "s1", "r1"));
        cluster.accept(Specs.app("/web", 2).submit());
        cluster.quiesce();
        cluster.join(Specs.agent("a1", "s1", "r1"));
        cluster.accept(Specs.app("/web", 4).submit());
        assertThat(countBy(i -> "" + i.agentRow()).values()).containsExactly(2, 2);
    }

    @Test
    void aRackOfTheSameNameInAnotherSiteIsAnotherRack() {
        cluster.join(Specs.agent("a0", "s1", "r1"));
        cluster.join(Specs.agent("a1", "s2", "r1"));
        assertThat(cluster.state().agents().rackCount()).isEqualTo(2);
        assertThat(cluster.state().agents().siteOfRack(1)).isEqualTo(1);
    }

    @Test
    void binpackFillsOneAgentBeforeTheNext() {
        cluster.joinMany(3);
        cluster.accept(Specs.app("/batch", 6).policy(PlacementPolicy.BINPACK).submit());
        assertThat(countBy(i -> "" + i.agentRow()).values()).containsExactly(4, 2);
    }

    @Test
    void binpackPrefersTheFullestAgent() {
        cluster.join(Specs.agent("a0", "s1", "r1"));
        cluster.join(Specs.agent("a1", "s1", "r1", new Resources(2_000, 8_192, 0, 0),
                List.of(new PortRange(31_000, 31_010))));
        // One of two processors weighs more than one of four.
        cluster.accept(Specs.app("/spread", 2).submit());
        cluster.accept(Specs.app("/batch", 1).policy(PlacementPolicy.BINPACK).submit());
        assertThat(cluster.instances("/batch", i -> true).get(0).agentRow()).isEqualTo(1);
    }

    @Test
    void aFixedPortTakesOneAgentEach() {
        cluster.joinMany(3);
        cluster.accept(Specs.app("/lb", 4).hostPorts(31_050, 0).submit());
        List<Instance> placed = cluster.instances("/lb", i -> true);
        assertThat(placed).hasSize(3).allMatch(i -> i.port(0) == 31_050)
                .noneMatch(i -> i.port(1) == 31_050);
        assertThat(cluster.app("/lb").missing()).isEqualTo(1);
        assertThat(cluster.app("/lb").rejections().count(Rejection.PORTS)).isEqualTo(3);
    }

    @Test
    void aFixedPortOutsideTheRangesFitsNowhere() {
        cluster.joinMany(2);
        cluster.accept(Specs.app("/lb", 1).hostPorts(80).submit());
        assertThat(cluster.active("/lb")).isEmpty();
        assertThat(cluster.app("/lb").rejections().count(Rejection.PORTS)).isEqualTo(2);
    }

    @Test
    void aPortJustGivenBackIsUsedLast() {
        cluster.join(Specs.agent("a0", "s1", "r1", new Resources(9_000, 9_000, 0, 0),
                List.of(new PortRange(31_000, 31_003))));
        cluster.accept(Specs.app("/web", 1).submit());
        cluster.quiesce();
        assertThat(portOfOnly()).isEqualTo(31_000);
        for (int expected : new int[]{31_001, 31_002, 31_003, 31_000}) {
            cluster.agents().get(0).held()
                    .forEach(number -> cluster.say(number, Condition.FINISHED, Health.UNKNOWN));
            cluster.returnEmpty(cluster.agents().get(0));
            cluster.passSeconds(10);
            cluster.quiesce();
            assertThat(portOfOnly()).isEqualTo(expected);
        }
    }

    @Test
    void portsRunOutBeforeTheRest() {
        cluster.join(Specs.agent("a0", "s1", "r1", new Resources(9_000, 9_000, 0, 0),
                List.of(new PortRange(31_000, 31_004))));
        cluster.accept(Specs.app("/web", 3).hostPorts(0, 0).submit());
        assertThat(cluster.active("/web")).hasSize(2);
        assertThat(cluster.app("/web").rejections().count(Rejection.PORTS)).isEqualTo(1);
    }

    @Test
    void countsEachAgentOnceByItsFirstVeto() {
        cluster.join(Specs.agent("cpus", "s1", "r1", new Resources(100, 100, 0, 0), List.of()));
        cluster.join(Specs.agent("memory", "s1", "r1", new Resources(9_000, 100, 0, 0),
                List.of()));
        cluster.join(Specs.agent("disk", "s1", "r1", new Resources(9_000, 9_000, 0, 0),
                List.of()));
        cluster.join(Specs.agent("gpus", "s1", "r1", new Resources(9_000, 9_000, 500, 0),
                List.of()));
        cluster.join(Specs.agent("ports", "s1", "r1", new Resources(9_000, 9_000, 500, 1),
                List.of()));
        cluster.join(Specs.running(Specs.agent("runtime", "s1", "r1"), RuntimeKind.PROCESS.bit()));
        SimAgent silent = cluster.join(Specs.agent("silent", "s1", "r1"));
        cluster.silence(silent);
        cluster.accept(Specs.app("/ml", 2).resources(new Resources(1_000, 512, 100, 1))
                .runtime(RuntimeKind.DOCKER).submit());
        Rejections why = cluster.app("/ml").rejections();
        assertThat(why.agents()).isEqualTo(7);
        assertThat(why.counts().subList(0, 7)).containsOnly(1);
        assertThat(why.counts().subList(7, Rejection.values().length)).containsOnly(0);
        assertThat(cluster.app("/ml").missing()).isEqualTo(2);
    }

    @Test
    void saysTheSameRefusalOnlyOnce() {
        cluster.join(Specs.agent("a0", "s1", "r1"));
        cluster.accept(Specs.app("/web", 9).submit());
        int mark = cluster.journal().size();
        cluster.passSeconds(30);
        assertThat(cluster.since(mark, Event.class)).isEmpty();
        assertThat(cluster.app("/web").missing()).isEqualTo(5);
    }

    @Test
    void whatWaitsIsPlacedOnceAnAgentComes() {
        cluster.accept(Specs.app("/web", 2).submit());
        assertThat(cluster.active("/web")).isEmpty();
        long since = cluster.app("/web").waitingSinceMs();
        assertThat(since).isEqualTo(cluster.nowMs());
        cluster.passSeconds(3);
        assertThat(cluster.app("/web").waitingSinceMs()).isEqualTo(since);
        cluster.join(Specs.agent("a0", "s1", "r1"));
        assertThat(cluster.active("/web")).hasSize(2);
        assertThat(cluster.app("/web").missing()).isZero();
        assertThat(cluster.app("/web").waitingSinceMs()).isZero();
    }

    @Test
    void aSmallerShapeIsTriedAtOnce() {
        cluster.join(Specs.agent("a0", "s1", "r1"));
        cluster.accept(Specs.app("/web", 1).cpus(5_000).submit());
        assertThat(cluster.active("/web")).isEmpty();
        cluster.accept(Specs.app("/web", 1).cpus(500).force());
        assertThat(cluster.active("/web")).hasSize(1);
    }

    @Test
    void wantingFewerEndsTheWait() {
        cluster.join(Specs.agent("a0", "s1", "r1"));
        cluster.accept(Specs.app("/web", 9).submit());
        cluster.accept(Specs.app("/web", 4).force());
        assertThat(cluster.app("/web").missing()).isZero();
        assertThat(cluster.app("/web").waitingSinceMs()).isZero();
    }

    @Test
    void whoHasWaitedLongestGoesFirst() {
        cluster.accept(Specs.app("/z", 3).submit());
        cluster.passSeconds(1);
        cluster.accept(Specs.app("/a", 3).submit());
        cluster.join(Specs.agent("a0", "s1", "r1"));
        assertThat(cluster.active("/z")).hasSize(3);
        assertThat(cluster.active("/a")).hasSize(1);
    }

    @Test
    void aBurstBeyondOneRoundIsPlacedByTheNext() {
        for (int i = 0; i < 3; i++) {
            cluster.join(Specs.agent("a" + i, "s1", "r1",
                    new Resources(100_000_000, 100_000_000, 0, 0), List.of()));
        }
        int mark = cluster.journal().size();
        cluster.accept(Specs.app("/flood", 25_000).hostPorts().submit());
        assertThat(cluster.since(mark, Event.InstancesPlaced.class))
                .extracting(e -> e.agentRows().length).containsExactly(20_000, 5_000);
    }

    private int portOfOnly() {
        return cluster.instances("/web", Instance::active).get(0).port(0);
    }

    private String site(Instance instance) {
        return cluster.state().agents().spec(instance.agentRow()).site();
    }

    private String rack(Instance instance) {
        return site(instance) + cluster.state().agents().spec(instance.agentRow()).rack();
    }

    private Map<String, Integer> countBy(Function<Instance, String> place) {
        Map<String, Integer> counts = new TreeMap<>();
        cluster.instances(cluster.state().apps().firstKey().path(), i -> true)
                .forEach(i -> counts.merge(place.apply(i), 1, Integer::sum));
        return counts;
    }
}
