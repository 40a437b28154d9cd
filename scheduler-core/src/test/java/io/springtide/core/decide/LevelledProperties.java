package io.springtide.core.decide;

import io.springtide.core.command.Command;
import io.springtide.core.model.Constraint;
import io.springtide.core.model.KillSelection;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Resources;
import io.springtide.core.sim.Cluster;
import io.springtide.core.sim.Specs;
import io.springtide.core.state.Instance;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

import static org.assertj.core.api.Assertions.assertThat;

/** What is level over the values of a field stays so when an app is scaled down. */
class LevelledProperties {

    private static final Constraint BY_ZONE = new Constraint(Constraint.ZONE,
            Constraint.Operator.GROUP_BY, "");
    private static final Constraint BY_RACK = new Constraint(Constraint.RACK,
            Constraint.Operator.GROUP_BY, "");

    private final Cluster cluster = new Cluster();

    @Property(tries = 60, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void scalingDownStaysLevel(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Cluster world = new Cluster();
        int zones = random.nextInt(2, 5);
        agents(world, zones, random.nextInt(1, 3));
        int wanted = random.nextInt(zones, 30);
        Specs.App app = app(random).constraints(BY_ZONE);
        world.accept(app.instances(wanted).submit());
        world.quiesce();
        assertThat(spread(world, zones)).isLessThanOrEqualTo(1);
        while (wanted > 0) {
            wanted -= random.nextInt(1, wanted + 1);
            world.accept(app.instances(wanted).submit());
            assertThat(world.active("/web")).hasSize(wanted);
            assertThat(spread(world, zones)).isLessThanOrEqualTo(1);
            world.quiesce();
        }
    }

    /** From whatever is there, one of the largest zone goes, and of its largest rack. */
    @Property(tries = 60, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void oneOfTheLargestGroupGoes(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Cluster world = new Cluster();
        agents(world, random.nextInt(2, 4), 3);
        Specs.App app = app(random).constraints(BY_ZONE, BY_RACK);
        world.accept(app.instances(24).submit());
        world.quiesce();
        for (int i = 0; i < 8; i++) {
            List<Long> all = world.active("/web");
            world.accept(new Command.KillInstances(
                    List.of(all.get(random.nextInt(all.size()))), true, true));
        }
        world.quiesce();
        for (int left = world.active("/web").size(); left > 0; left--) {
            Map<String, Integer> zones = count(world, Constraint.ZONE);
            Map<String, Integer> racks = count(world, Constraint.RACK);
            world.accept(app.instances(left - 1).submit());
            Instance gone = world.instances("/web", one -> !one.active()).getFirst();
            String zone = value(world, gone, Constraint.ZONE);
            assertThat(zones.get(zone)).isEqualTo(Collections.max(zones.values()));
            assertThat(racks.get(value(world, gone, Constraint.RACK))).isEqualTo(racks.entrySet()
                    .stream().filter(rack -> rack.getKey().startsWith(zone))
                    .mapToInt(Map.Entry::getValue).max().orElseThrow());
            world.quiesce();
        }
    }

    /** Four in one zone, two in the other: levelling first, then the kill selection. */
    @Example
    void balanceComesBeforeKillSelection() {
        agents(cluster, 2, 1);
        Specs.App app = Specs.app("/web", 8).cpus(100).kills(KillSelection.OLDEST_FIRST)
                .constraints(BY_ZONE);
        cluster.accept(app.submit());
        cluster.quiesce();
        // They alternate between the zones: the odd ones are in one, the even ones in the other.
        cluster.accept(new Command.KillInstances(List.of(1L, 3L), true, true));
        cluster.quiesce();
        cluster.accept(app.instances(4).submit());
        assertThat(cluster.active("/web")).containsExactly(5L, 6L, 7L, 8L);
        cluster.quiesce();
        cluster.accept(app.instances(3).submit());
        assertThat(cluster.active("/web")).containsExactly(6L, 7L, 8L);
    }

    @Example
    void whatDoesNotRunGoesBeforeBalance() {
        agents(cluster, 2, 1);
        Specs.App app = Specs.app("/web", 4).cpus(100).constraints(BY_ZONE);
        cluster.accept(app.submit());
        cluster.quiesce();
        cluster.accept(new Command.KillInstances(List.of(1L), true, true));
        cluster.quiesce();
        // The new one comes into the smaller zone, and is the one to go while it has not started.
        cluster.accept(app.instances(4).submit());
        cluster.accept(app.instances(3).force());
        assertThat(cluster.active("/web")).containsExactly(2L, 3L, 4L);
    }

    private static Specs.App app(SplittableRandom random) {
        return Specs.app("/web", 0).cpus(10).hostPorts().kills(
                random.nextBoolean() ? KillSelection.OLDEST_FIRST : KillSelection.YOUNGEST_FIRST);
    }

    private static void agents(Cluster cluster, int zones, int racks) {
        for (int zone = 0; zone < zones; zone++) {
            for (int rack = 0; rack < racks; rack++) {
                cluster.join(Specs.agent("a" + zone + rack, "z" + zone, "z" + zone + "-" + rack,
                        new Resources(100_000, 100_000, 100_000, 0), List.of(
                                new PortRange(31_000, 31_099))));
            }
        }
    }

    private static int spread(Cluster cluster, int zones) {
        Map<String, Integer> count = count(cluster, Constraint.ZONE);
        int least = count.size() < zones ? 0 : Collections.min(count.values());
        return count.isEmpty() ? 0 : Collections.max(count.values()) - least;
    }

    private static Map<String, Integer> count(Cluster cluster, String field) {
        Map<String, Integer> count = new TreeMap<>();
        cluster.instances("/web", Instance::active)
                .forEach(one -> count.merge(value(cluster, one, field), 1, Integer::sum));
        return count;
    }

    private static String value(Cluster cluster, Instance instance, String field) {
        return cluster.state().agents().spec(instance.agentRow()).field(field).orElseThrow();
    }
}
