package io.springtide.core.elasticity;

import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Rules;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.Shape;
import io.springtide.core.sim.Specs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goal: as many machines as are needed, none too many, and nothing is passed over in silence. Method:
 * random needs and pools beside a reference that puts instance after instance into the first machine
 * that has room.
 */
class MachinePlanProperties {

    private static final int MORE_MAX = 12;

    private static AgentSpec machine(SplittableRandom random, String name) {
        return Specs.agent(name, "site", "rack", new Resources(1_000L * random.nextInt(1, 17),
                1_024L * random.nextInt(1, 33), 1_024L * random.nextInt(0, 9),
                random.nextInt(0, 3)), List.of(new PortRange(31_000, 31_019)));
    }

    private static MachineNeed need(SplittableRandom random, int number) {
        int gpus = random.nextInt(8) == 0 ? random.nextInt(1, 3) : 0;
        Resources each = new Resources(100L * random.nextInt(0, 60), 128L * random.nextInt(0, 60),
                random.nextInt(4) == 0 ? 512L * random.nextInt(1, 6) : 0, gpus,
                gpus == 0 && random.nextInt(8) == 0 ? random.nextInt(1, 1_000) : 0);
        List<Integer> ports = switch (random.nextInt(5)) {
            case 0 -> List.of(0, 0);
            case 1 -> List.of(31_000 + random.nextInt(3));
            default -> List.of();
        };
        Shape shape = new Shape(each, ports, RuntimeKind.PROCESS, PlacementPolicy.SPREAD,
                Rules.NONE.withPriority(random.nextInt(3)));
        return new MachineNeed(new AppId("/app-" + number), 1, shape, random.nextInt(1, 30),
                new TreeMap<>());
    }

    private static List<MachineNeed> needs(SplittableRandom random) {
        List<MachineNeed> needs = new ArrayList<>();
        int count = random.nextInt(1, 8);
        for (int i = 0; i < count; i++) {
            needs.add(need(random, i));
        }
        return needs;
    }

    private static List<MachinePool> pools(SplittableRandom random) {
        List<MachinePool> pools = new ArrayList<>();
        int count = random.nextInt(1, 4);
        for (int i = 0; i < count; i++) {
            pools.add(new MachinePool("pool-" + i, machine(random, "m" + i), random.nextInt(0, 4),
                    random.nextInt(0, MORE_MAX)));
        }
        return pools;
    }

    @Property(tries = 1_000)
    void asManyAsFirstFitNeedsAndTheRestIsTold(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<MachinePool> pools = pools(random);
        List<MachineNeed> needs = needs(random);
        MachinePlan plan = MachinePlan.of(needs, pools);
        FirstFit reference = new FirstFit(pools);
        for (MachineNeed need : reference.order(needs)) {
            int placed = reference.place(need);
            int shared = plan.shares().stream().filter(one -> one.app().equals(need.app()))
                    .mapToInt(MachinePlan.Share::instances).sum();
            int told = plan.untaken().stream().filter(one -> one.app().equals(need.app()))
                    .mapToInt(MachinePlan.Untaken::instances).sum();
            assertThat(shared).as("%s, seed %s", need, seed).isEqualTo(placed);
            assertThat(shared + told).as("%s, seed %s", need, seed).isEqualTo(need.count());
        }
        for (int i = 0; i < pools.size(); i++) {
            assertThat(plan.machines(pools.get(i).name())).as("seed %s", seed)
                    .isEqualTo(reference.ordered[i]).isLessThanOrEqualTo(pools.get(i).more());
        }
    }

    @Property(tries = 500)
    void whatIsToldOfFitsOntoNoEmptyMachineOrThereAreNoMore(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<MachinePool> pools = pools(random);
        List<MachineNeed> needs = needs(random);
        MachinePlan plan = MachinePlan.of(needs, pools);
        for (MachinePlan.Untaken untaken : plan.untaken()) {
            MachineNeed need = needs.stream().filter(one -> one.app().equals(untaken.app()))
                    .findAny().orElseThrow();
            assertThat(untaken.why()).hasSize(pools.size());
            for (int i = 0; i < pools.size(); i++) {
                boolean fits = new Machine(pools.get(i).machine()).takes(need);
                assertThat(untaken.why().get(i).reason().isEmpty()).as("seed %s", seed)
                        .isEqualTo(fits);
                assertThat(fits && plan.machines(pools.get(i).name()) < pools.get(i).more())
                        .as("a machine that would help was not ordered, seed %s", seed).isFalse();
            }
        }
    }

    @Property(tries = 500)
    void moreWorkNeedsNoFewerMachinesAndMoreEmptyOnesNoMore(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        MachineNeed need = need(random, 0);
        MachineNeed larger = new MachineNeed(need.app(), 1, need.shape(),
                need.count() + random.nextInt(1, 10), need.placed());
        AgentSpec machine = machine(random, "m");
        int empty = random.nextInt(0, 4);
        int more = random.nextInt(0, MORE_MAX);
        int ordered = ordered(List.of(need), machine, empty, more);
        assertThat(ordered(List.of(larger), machine, empty, more)).isGreaterThanOrEqualTo(ordered);
        assertThat(ordered(List.of(need), machine, empty, more + 3))
                .isGreaterThanOrEqualTo(ordered);
        List<MachineNeed> several = needs(random);
        int without = ordered(several, machine, 0, 1_000);
        for (int there = 0; there < without + 2; there++) {
            assertThat(ordered(several, machine, there, 1_000)).as("seed %s", seed)
                    .isEqualTo(Math.max(0, without - there));
        }
    }

    @Property(tries = 200)
    void theOrderOfNeedsDoesNotMatter(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<MachinePool> pools = pools(random);
        List<MachineNeed> needs = needs(random);
        assertThat(MachinePlan.of(needs.reversed(), pools)).isEqualTo(MachinePlan.of(needs, pools));
    }

    private static int ordered(List<MachineNeed> needs, AgentSpec machine, int empty, int more) {
        return MachinePlan.of(needs, List.of(new MachinePool("p", machine, empty, more)))
                .machines("p");
    }

    /** One instance after the other, written as plainly as can be. */
    private static final class FirstFit {

        private final List<MachinePool> pools;
        private final List<List<Machine>> machines = new ArrayList<>();
        private final int[] ordered;

        FirstFit(List<MachinePool> pools) {
            this.pools = pools;
            this.ordered = new int[pools.size()];
            for (MachinePool pool : pools) {
                List<Machine> empty = new ArrayList<>();
                for (int i = 0; i < pool.empty(); i++) {
                    empty.add(new Machine(pool.machine()));
                }
                machines.add(empty);
            }
        }

        List<MachineNeed> order(List<MachineNeed> needs) {
            Resources whole = pools.getFirst().machine().resources();
            return needs.stream().sorted(Comparator
                    .<MachineNeed>comparingInt(need -> -need.shape().rules().priority())
                    .thenComparing(Comparator.comparingLong(
                            (MachineNeed need) -> part(need.shape().resources(), whole))
                            .reversed())
                    .thenComparing(MachineNeed::app)).toList();
        }

        private static long part(Resources need, Resources whole) {
            long most = need.cpusMilli() * 1_000_000 / whole.cpusMilli();
            most = Math.max(most, need.memMib() * 1_000_000 / whole.memMib());
            most = Math.max(most, need.diskMib() * 1_000_000 / Math.max(1, whole.diskMib()));
            return Math.max(most, (need.gpus() * 1_000L + need.gpuShareMilli()) * 1_000_000
                    / Math.max(1, whole.gpus() * 1_000L));
        }

        int place(MachineNeed need) {
            int placed = 0;
            while (placed < need.count() && placeOne(need)) {
                placed++;
            }
            return placed;
        }

        private boolean placeOne(MachineNeed need) {
            for (List<Machine> some : machines) {
                for (Machine one : some) {
                    if (one.takes(need)) {
                        one.take(need);
                        return true;
                    }
                }
            }
            for (int i = 0; i < pools.size(); i++) {
                Machine fresh = new Machine(pools.get(i).machine());
                if (ordered[i] < pools.get(i).more() && fresh.takes(need)) {
                    fresh.take(need);
                    machines.get(i).add(fresh);
                    ordered[i]++;
                    return true;
                }
            }
            return false;
        }
    }

    private static final class Machine {

        private long cpus;
        private long mem;
        private long disk;
        private final int[] gpus;
        private final List<Integer> named = new ArrayList<>();
        private int portsFree = 20;

        Machine(AgentSpec spec) {
            cpus = spec.resources().cpusMilli();
            mem = spec.resources().memMib();
            disk = spec.resources().diskMib();
            gpus = new int[spec.resources().gpus()];
            Arrays.fill(gpus, 1_000);
        }

        /** A free choice never takes a port that somebody may ask for by its number. */
        boolean takes(MachineNeed need) {
            Resources each = need.shape().resources();
            Optional<int[]> left = gpusAfter(each);
            return cpus >= each.cpusMilli() && mem >= each.memMib() && disk >= each.diskMib()
                    && left.isPresent() && portsFree >= need.shape().hostPorts().size()
                    && need.shape().hostPorts().stream().noneMatch(named::contains);
        }

        private Optional<int[]> gpusAfter(Resources each) {
            int[] after = gpus.clone();
            int whole = each.gpus();
            boolean share = each.gpuShareMilli() == 0;
            for (int i = 0; i < after.length; i++) {
                if (whole > 0 && after[i] == 1_000) {
                    after[i] = 0;
                    whole--;
                } else if (!share && after[i] >= each.gpuShareMilli()) {
                    after[i] -= each.gpuShareMilli();
                    share = true;
                }
            }
            return whole == 0 && share ? Optional.of(after) : Optional.empty();
        }

        void take(MachineNeed need) {
            Resources each = need.shape().resources();
            System.arraycopy(gpusAfter(each).orElseThrow(), 0, gpus, 0, gpus.length);
            cpus -= each.cpusMilli();
            mem -= each.memMib();
            disk -= each.diskMib();
            portsFree -= need.shape().hostPorts().size();
            need.shape().hostPorts().stream().filter(port -> port != 0).forEach(named::add);
        }
    }
}
