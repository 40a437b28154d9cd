package io.springtide.core.placement.gpu;

import io.springtide.core.placement.gpu.GpuMix.Seen;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goal: the tables say what the definition says. Method: the measure is added up kind by kind and
 * device by device, before and after each choice of a device.
 */
class GpuFragmentationProperties {

    private static final int MODELS = 3;
    private static final long[] GPUS = {10, 3, 7};

    /** The state of one agent. */
    record Agent(long cpusMilli, long memMib, int model, List<Integer> devices) {

        Agent without(GpuDemand demand, int chosen) {
            List<Integer> left = new ArrayList<>(devices);
            for (int i = 0; i < left.size(); i++) {
                if ((chosen >>> i & 1) != 0) {
                    left.set(i, left.get(i)
                            - (demand.gpus() > 0 ? 1_000 : demand.gpuShareMilli()));
                }
            }
            return new Agent(cpusMilli - demand.cpusMilli(), memMib - demand.memMib(), model, left);
        }

        long idle() {
            return devices.stream().mapToLong(Integer::longValue).sum();
        }

        int[] columns() {
            return devices.stream().mapToInt(Integer::intValue).toArray();
        }
    }

    @Property(tries = 500)
    void measuresAsDefined(@ForAll("mixes") List<Seen> seen, @ForAll("agents") Agent agent) {
        GpuMix mix = GpuMix.of(seen, GPUS);
        long expected = slow(mix, agent) * 1_000 / GpuMix.POPULARITY_ONE;
        assertThat(new GpuFragmentation(mix).fragmentationMicro(agent.cpusMilli(), agent.memMib(),
                agent.model(), agent.columns(), 0, agent.devices().size())).isEqualTo(expected);
    }

    @Property(tries = 1_000)
    void choosesTheDeviceWhereItGrowsLeast(@ForAll("mixes") List<Seen> seen,
            @ForAll("agents") Agent agent, @ForAll("demands") GpuDemand demand) {
        GpuMix mix = GpuMix.of(seen, GPUS);
        long answer = best(new GpuFragmentation(mix), demand, agent);
        if (!fits(demand, agent)) {
            assertThat(answer).isEqualTo(GpuFragmentation.NO_FIT);
            return;
        }
        assertThat(answer).isNotEqualTo(GpuFragmentation.NO_FIT);
        int chosen = GpuFragmentation.devices(answer);
        Agent after = agent.without(demand, chosen);
        assertThat(after.devices()).allMatch(free -> free >= 0);
        assertThat(agent.idle() - after.idle()).isEqualTo(demand.gpuMilli());
        for (int i = 0; i < agent.devices().size(); i++) {
            if (demand.gpuShareMilli() > 0 && agent.devices().get(i) >= demand.gpuShareMilli()) {
                assertThat(slow(mix, after)).as("device " + i)
                        .isLessThanOrEqualTo(slow(mix, agent.without(demand, 1 << i)));
            }
        }
    }

    @Property(tries = 1_000)
    void scoresByGrowthThenByWhatIsLeft(@ForAll("mixes") List<Seen> seen,
            @ForAll("agents") Agent agent, @ForAll("agents") Agent other,
            @ForAll("demands") GpuDemand demand) {
        GpuMix mix = GpuMix.of(seen, GPUS);
        GpuFragmentation scorer = new GpuFragmentation(mix);
        long answer = best(scorer, demand, agent);
        long answerOther = best(scorer, demand, other);
        if (answer == GpuFragmentation.NO_FIT || answerOther == GpuFragmentation.NO_FIT) {
            return;
        }
        long[] key = key(mix, demand, agent, GpuFragmentation.devices(answer));
        long[] keyOther = key(mix, demand, other, GpuFragmentation.devices(answerOther));
        assertThat(Integer.signum(Integer.compareUnsigned(GpuFragmentation.score(answer),
                GpuFragmentation.score(answerOther))))
                .isEqualTo(Integer.signum(Arrays.compare(key, keyOther)));
    }

    private static long best(GpuFragmentation scorer, GpuDemand demand, Agent agent) {
        return scorer.best(demand, agent.cpusMilli(), agent.memMib(), agent.model(),
                agent.columns(), 0, agent.devices().size());
    }

    private static long[] key(GpuMix mix, GpuDemand demand, Agent agent, int chosen) {
        Agent after = agent.without(demand, chosen);
        long growth = slow(mix, after) - slow(mix, agent) + stranded(mix, after)
                - stranded(mix, agent) + demand.gpuMilli() * mix.pressure(agent.model());
        long step = (long) GpuFragmentation.STEP_MILLI * GpuMix.POPULARITY_ONE;
        return new long[]{Math.floorDiv(growth, step), after.idle(),
                Math.min(after.cpusMilli() / 1_024, 127)};
    }

    /** The idle amount each kind cannot use, times its popularity. */
    private static long slow(GpuMix mix, Agent agent) {
        long sum = 0;
        for (int kind = 0; kind < mix.kinds().size(); kind++) {
            GpuDemand demand = mix.kinds().get(kind);
            int least = demand.gpus() > 0 ? 1_000 : demand.gpuShareMilli();
            boolean usable = demand.gpuMilli() > 0 && fits(demand, agent);
            sum += agent.devices().stream().filter(free -> !usable || free < least)
                    .mapToLong(Integer::longValue).sum() * mix.popularity(kind);
        }
        return sum;
    }

    private static long stranded(GpuMix mix, Agent agent) {
        long idle = agent.idle() * GpuMix.POPULARITY_ONE;
        return Math.max(0, Math.max(idle - agent.cpusMilli() * mix.gpuMilliPerCpuMilli(),
                idle - agent.memMib() * mix.gpuMilliPerMemMib()));
    }

    private static boolean fits(GpuDemand demand, Agent agent) {
        int least = demand.gpus() > 0 ? 1_000 : demand.gpuShareMilli();
        long devices = agent.devices().stream().filter(free -> free >= least).count();
        return demand.cpusMilli() <= agent.cpusMilli() && demand.memMib() <= agent.memMib()
                && (demand.gpuMilli() == 0
                        || (demand.allows(agent.model()) && devices >= Math.max(1, demand.gpus())));
    }

    @Provide
    Arbitrary<List<Seen>> mixes() {
        return Combinators.combine(demands(), Arbitraries.longs().between(1, 50)).as(Seen::new)
                .list().ofMinSize(1).ofMaxSize(20);
    }

    @Provide
    Arbitrary<GpuDemand> demands() {
        Arbitrary<Long> cpus = Arbitraries.longs().between(0, 40).map(n -> n * 500);
        Arbitrary<Long> mem = Arbitraries.longs().between(0, 40).map(n -> n * 1_000);
        Arbitrary<Long> models = Arbitraries.oneOf(Arbitraries.just(GpuDemand.ANY_MODEL),
                Arbitraries.longs().between(1, (1 << MODELS) - 1));
        Arbitrary<Integer> gpuMilli = Arbitraries.oneOf(
                Arbitraries.integers().between(0, 19).map(n -> n * 50),
                Arbitraries.integers().between(1, 8).map(n -> n * 1_000));
        return Combinators.combine(cpus, mem, gpuMilli, models)
                .as((c, m, g, mask) -> new GpuDemand(c, m, g / 1_000, g % 1_000, mask));
    }

    @Provide
    Arbitrary<Agent> agents() {
        Arbitrary<List<Integer>> devices = Arbitraries.oneOf(Arbitraries.just(1_000),
                Arbitraries.integers().between(0, 20).map(n -> n * 50)).list()
                .ofMaxSize(GpuDemand.DEVICES_MAX);
        return Combinators.combine(Arbitraries.longs().between(0, 100_000),
                Arbitraries.longs().between(0, 200_000),
                Arbitraries.integers().between(0, MODELS - 1), devices).as(Agent::new);
    }
}
