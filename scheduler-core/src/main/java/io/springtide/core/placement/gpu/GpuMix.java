package io.springtide.core.placement.gpu;

import io.springtide.core.Check;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import static java.util.Comparator.comparingLong;

/**
 * What the cluster is usually asked for: the popular kinds of demand, each with its part of all
 * instances. Fragmentation is measured against it. Immutable; build it once a round, or less often:
 * it may be somewhat out of date without harm.
 */
public final class GpuMix {

    /** Popularities are parts of this; together they make it up exactly. */
    public static final int POPULARITY_ONE = 1 << 20;

    /** Kinds kept: those that make up so much of all instances. Source: as {@link GpuFragmentation}. */
    static final int COVERED_PERCENT = 95;

    /** Bounds what building costs; in the traces we know, 95 % are at most 200 kinds. */
    static final int KINDS_MAX = 256;

    /** Fixed point of the ratios below. */
    static final int RATIO_BITS = 20;

    /** Kinds looked at, the most popular ones: keeps every sum below within a long. */
    private static final int SEEN_MAX = 4_096;

    private static final long RATIO_MAX = 1L << 30;
    private static final long PRESSURE_MAX = 4L << RATIO_BITS;
    private static final long DIVIDEND_MAX = 1L << 42;

    private static final Comparator<Seen> BY_POPULARITY = comparingLong(Seen::instances).reversed()
            .thenComparing(Seen::demand, comparingLong(GpuDemand::cpusMilli)
                    .thenComparingLong(GpuDemand::memMib).thenComparingInt(GpuDemand::gpuMilli)
                    .thenComparingLong(GpuDemand::modelsAllowed));

    private final List<GpuDemand> kinds;
    private final int[] popularity;
    private final long gpuMilliPerCpuMilli;
    private final long gpuMilliPerMemMib;
    private final long[] pressure;

    /** How many instances ask for the same. */
    public record Seen(GpuDemand demand, long instances) {

        /** More cannot run in one cluster. */
        public static final long INSTANCES_MAX = 1L << 20;

        public Seen {
            Check.argument(instances > 0 && instances <= INSTANCES_MAX,
                    "instances is out of range");
        }
    }

    private GpuMix(List<Seen> seen, long[] gpusByModel) {
        List<Seen> popular = popular(seen);
        this.kinds = popular.stream().map(Seen::demand).toList();
        this.popularity = popularity(popular);
        long cpus = 0;
        long mem = 0;
        long gpus = 0;
        for (Seen each : seen) {
            if (each.demand().gpuMilli() > 0) {
                cpus += each.demand().cpusMilli() * each.instances();
                mem += each.demand().memMib() * each.instances();
                gpus += each.demand().gpuMilli() * each.instances();
            }
        }
        this.gpuMilliPerCpuMilli = ratio(gpus, cpus);
        this.gpuMilliPerMemMib = ratio(gpus, mem);
        this.pressure = pressure(seen, gpusByModel);
    }

    /**
     * The mix of what was seen, in any order; equal demands add up.
     *
     * @param gpusByModel how many devices of each model the cluster has; the index is the model
     */
    public static GpuMix of(Collection<Seen> seen, long[] gpusByModel) {
        Check.argument(gpusByModel.length <= GpuDemand.MODELS_MAX, "too many GPU models");
        Map<GpuDemand, Long> instances = new LinkedHashMap<>();
        for (Seen each : seen) {
            instances.merge(each.demand(), each.instances(), (a, b) -> Math.min(a + b,
                    Seen.INSTANCES_MAX));
        }
        List<Seen> merged = new ArrayList<>(instances.size());
        instances.forEach((demand, count) -> merged.add(new Seen(demand, count)));
        merged.sort(BY_POPULARITY);
        return new GpuMix(merged.subList(0, Math.min(merged.size(), SEEN_MAX)), gpusByModel);
    }

    /** The popular kinds, the most popular one first. */
    public List<GpuDemand> kinds() {
        return kinds;
    }

    /** The part of a kind, of {@link #POPULARITY_ONE}. */
    public int popularity(int kind) {
        return popularity[kind];
    }

    /** How much GPU instances take for each milli-CPU they take, on average, in fixed point. */
    long gpuMilliPerCpuMilli() {
        return gpuMilliPerCpuMilli;
    }

    /** How much GPU instances take for each MiB they take, on average, in fixed point. */
    long gpuMilliPerMemMib() {
        return gpuMilliPerMemMib;
    }

    /**
     * How sought-after a model is: the part of the demand that insists on it over its part of the
     * devices, in fixed point. Zero if nobody insists on it, one if those who do could fill it.
     */
    long pressure(int model) {
        return model < pressure.length ? pressure[model] : 0;
    }

    private static List<Seen> popular(List<Seen> seen) {
        long all = seen.stream().mapToLong(Seen::instances).sum();
        List<Seen> popular = new ArrayList<>();
        long covered = 0;
        for (Seen each : seen) {
            if (covered * 100 >= all * COVERED_PERCENT || popular.size() == KINDS_MAX) {
                break;
            }
            covered += each.instances();
            popular.add(each);
        }
        return popular;
    }

    private static int[] popularity(List<Seen> popular) {
        long all = popular.stream().mapToLong(Seen::instances).sum();
        int[] parts = new int[popular.size()];
        int rest = POPULARITY_ONE;
        for (int i = 0; i < parts.length; i++) {
            parts[i] = (int) (popular.get(i).instances() * POPULARITY_ONE / all);
            rest -= parts[i];
        }
        if (parts.length > 0) {
            parts[0] += rest; // what rounding lost
        }
        return parts;
    }

    private static long[] pressure(List<Seen> seen, long[] gpusByModel) {
        long devices = 0;
        for (long each : gpusByModel) {
            devices += each;
        }
        long all = 0;
        long[] pressure = new long[gpusByModel.length];
        for (Seen each : seen) {
            all += each.demand().gpuMilli() * each.instances();
        }
        if (all == 0 || devices == 0) {
            return pressure;
        }
        for (Seen each : seen) {
            GpuDemand demand = each.demand();
            long fitting = 0;
            for (int model = 0; model < gpusByModel.length; model++) {
                fitting += demand.allows(model) ? gpusByModel[model] : 0;
            }
            if (demand.gpuMilli() == 0 || fitting == 0 || fitting == devices) {
                continue;
            }
            // Spread over the devices it may use, its demand weighs on each of them alike.
            long amount = demand.gpuMilli() * each.instances();
            long weight = ratio(amount, all) * devices / fitting;
            for (int model = 0; model < gpusByModel.length; model++) {
                if (demand.allows(model)) {
                    pressure[model] = Math.min(pressure[model] + weight, PRESSURE_MAX);
                }
            }
        }
        return pressure;
    }

    /** One amount over another in fixed point; {@link #RATIO_MAX} stands for all that is more. */
    private static long ratio(long part, long whole) {
        long dividend = part;
        long divisor = whole;
        while (dividend > DIVIDEND_MAX) {
            dividend >>= 1;
            divisor >>= 1;
        }
        return divisor == 0 ? RATIO_MAX : Math.min((dividend << RATIO_BITS) / divisor, RATIO_MAX);
    }
}
