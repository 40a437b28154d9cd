package io.springtide.core.decide;

import io.springtide.core.CoreSettings;
import io.springtide.core.event.Event;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Rules;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.sim.Cluster;
import io.springtide.core.sim.Specs;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goal: whoever can be given room by evicting others gets it, and then there is peace. Method: random
 * clusters, looked at by a slow judge once agents have done what they were told; that every single
 * eviction was allowed is checked by the invariants of {@link Cluster}.
 */
class PreemptionProperties {

    @Property(tries = 150, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void whoCanBeGivenRoomGetsIt(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Cluster cluster = new Cluster();
        agents(cluster, random);
        int apps = random.nextInt(2, 7);
        for (int step = 0; step < 12; step++) {
            cluster.ask(app(random, "/app" + random.nextInt(apps)).force());
            if (random.nextInt(3) > 0) {
                cluster.settle();
            }
            if (random.nextBoolean()) {
                cluster.quiesce();
            }
        }
        cluster.settle();
        cluster.quiesce();
        int mark = cluster.journal().size();
        cluster.live(8);
        assertThat(cluster.since(mark, Event.InstancesPlaced.class)).isEmpty();
        assertThat(cluster.since(mark, Event.InstancesDecommissioned.class)).isEmpty();
        for (AppState app : cluster.state().apps().values()) {
            room(cluster.state(), app).ifPresent(where -> {
                throw new AssertionError(app.id() + " could have room: " + where);
            });
        }
    }

    /** One that is more important than all, of any size that fits, runs with all its instances. */
    @Property(tries = 100, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void theMostImportantRuns(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Cluster cluster = new Cluster();
        agents(cluster, random);
        for (int i = 0; i < 4; i++) {
            Specs.App low = app(random, "/low" + i);
            cluster.accept(low.rules(low.spec().shape().rules().withDisruptionPpm(Rules.PPM))
                    .submit());
            if (random.nextBoolean()) {
                cluster.quiesce();
            }
        }
        AgentTable agents = cluster.state().agents();
        long largest = 0;
        for (int row = 0; row < agents.rows(); row++) {
            largest = Math.max(largest, agents.spec(row).resources().cpusMilli());
        }
        long size = random.nextLong(1, largest + 1);
        long wanted = 0;
        for (int row = 0; row < agents.rows(); row++) {
            wanted += agents.spec(row).resources().cpusMilli() / size;
        }
        int count = (int) Math.min(50, wanted);
        cluster.accept(Specs.app("/top", count).hostPorts().resources(
                new Resources(size, 1, 0, 0)).rules(Rules.NONE.withPriority(1_000)).submit());
        cluster.quiesce();
        assertThat(cluster.healthy("/top")).isEqualTo(count);
    }

    /** However the queue is made up, no agent is given away twice and the end is the same. */
    @Property(tries = 60, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void aRestoredCoreEvictsTheSame(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Cluster cluster = new Cluster(CoreSettings.DEFAULT);
        agents(cluster, random);
        for (int step = 0; step < 16; step++) {
            cluster.ask(app(random, "/app" + random.nextInt(6)).force());
            cluster.settle();
            if (step == 6) {
                cluster.restoreShadow();
            }
            switch (random.nextInt(3)) {
                case 0 -> cluster.agents().forEach(agent -> cluster.sync(agent, 1));
                case 1 -> cluster.passMs(5_000 + random.nextLong(60_000));
                default -> cluster.quiesce();
            }
        }
    }

    private static void agents(Cluster cluster, SplittableRandom random) {
        int count = random.nextInt(1, 6);
        for (int i = 0; i < count; i++) {
            cluster.join(Specs.agent("a" + i, "s" + i % 2, "r" + i,
                    new Resources(random.nextLong(1, 9) * 500, 1_000, 1_000, 0), List.of()));
        }
    }

    private static Specs.App app(SplittableRandom random, String path) {
        Rules rules = Rules.NONE.withPriority(random.nextInt(4) * 10)
                .withDisruptionPpm(random.nextInt(5) * 250_000)
                .withRole("role" + random.nextInt(2));
        if (random.nextInt(5) == 0) {
            rules = rules.withServiceClass(ServiceClass.BEST_EFFORT);
        }
        return Specs.app(path, random.nextInt(1, 8)).hostPorts()
                .policy(random.nextBoolean() ? PlacementPolicy.BINPACK : PlacementPolicy.SPREAD)
                .resources(new Resources(random.nextLong(1, 9) * 250, 1, 0, 0)).rules(rules);
    }

    /** Where one more instance of a waiting app would fit if all gave way that have to. */
    private static Optional<String> room(ClusterState state, AppState app) {
        Rules rules = app.current().spec().shape().rules();
        long need = app.current().spec().shape().resources().cpusMilli();
        if (Rollout.of(state, app).launch() == 0
                || rules.serviceClass() == ServiceClass.BEST_EFFORT) {
            return Optional.empty();
        }
        AgentTable agents = state.agents();
        for (int row = 0; row < agents.rows(); row++) {
            if (agents.condition(row) != AgentCondition.LIVE) {
                continue;
            }
            long free = agents.cpusFreeMilli()[row];
            TreeMap<String, List<Instance>> lower = new TreeMap<>();
            for (int i = 0; i < agents.instances(row).size(); i++) {
                Instance instance = agents.instances(row).get(i);
                Rules theirs = instance.version().spec().shape().rules();
                int height = Math.max(theirs.priority(),
                        instance.app().current().spec().shape().rules().priority());
                if (height < rules.priority() && instance.app() != app
                        && theirs.serviceClass() != ServiceClass.BEST_EFFORT) {
                    lower.merge(instance.app().id().path(), List.of(instance),
                            (left, right) -> Stream
                                    .concat(left.stream(), right.stream()).toList());
                }
            }
            for (List<Instance> ofOneApp : lower.values()) {
                AppState victim = ofOneApp.getFirst().app();
                int lost = Math.min(victim.evicted(), victim.wanted() - victim.active());
                long may = Math.ceilDiv((long) victim.wanted()
                        * victim.current().spec().shape().rules().disruptionPpm(), Rules.PPM)
                        - lost;
                free += ofOneApp.stream().limit(Math.max(0, may))
                        .mapToLong(one -> one.version().spec().shape().resources().cpusMilli())
                        .sum();
            }
            if (free >= need) {
                return Optional.of("row " + row + ", " + free + " for " + need);
            }
        }
        return Optional.empty();
    }
}
