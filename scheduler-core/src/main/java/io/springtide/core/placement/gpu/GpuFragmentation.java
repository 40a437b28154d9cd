package io.springtide.core.placement.gpu;

import io.springtide.core.Check;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

import static io.springtide.core.placement.gpu.GpuDemand.DEVICES_MAX;
import static io.springtide.core.placement.gpu.GpuDemand.DEVICE_MILLI;

/**
 * Scores agents for an instance by how much idle GPU it would make useless there.
 *
 * <p>The fragmentation F of an agent is the idle GPU that an instance drawn from the {@link GpuMix}
 * cannot use, on average: all of it if the instance does not fit, else what sits on devices with less
 * left than it needs. Placing where F grows least is fragmentation gradient descent. Source: Weng et
 * al., "Beware of Fragmentation", USENIX ATC 2023. Three things are ours:
 *
 * <ul>
 * <li>F sees a want of CPU or memory only when the next instance no longer fits. So the growth of
 * <em>stranded</em> GPU counts as well: what would stay idle if the agent went on filling with
 * average instances until its CPU or memory ran out. It sends CPU-hungry work to agents with few GPUs
 * for their CPU, and keeps CPU beside idle GPUs.</li>
 * <li>Devices of a model that other instances insist on cost extra, by {@link GpuMix#pressure}.</li>
 * <li>Growths less than {@link #STEP_MILLI} apart count as equal. Among equals the agent with the
 * least GPU left wins, then the one with the least CPU left: the fullest agents fill up, whole ones
 * stay whole. Ties that remain are the caller's: the lowest row.</li>
 * </ul>
 *
 * <p>A score depends on the demand, the mix and the state of that one agent: keep it until one of
 * them changes. Nothing is allocated for a candidate, but for a row of the tables when a combination
 * of model, CPU and memory is first met. Owned by one thread.
 */
public final class GpuFragmentation {

    /** What {@link #best} answers if the agent cannot take the instance; sorts after all scores. */
    public static final long NO_FIT = -1L;

    /** Growths of the measure are compared in steps of so many thousandths of a device. */
    public static final int STEP_MILLI = 1 << 6;

    private static final int STEP_BITS = 6 + GpuMix.RATIO_BITS;
    private static final int GROWTH_BITS = 11;
    private static final long GROWTH_MAX = (1L << GROWTH_BITS) - 1;
    /** The measure may shrink by all devices twice: F and stranded GPU at once. */
    private static final long GROWTH_ZERO = 2L * DEVICES_MAX * DEVICE_MILLI / STEP_MILLI + 1;
    private static final int GPU_LEFT_BITS = 14;
    private static final int CPU_LEFT_BITS = 7;
    private static final long CPU_LEFT_MAX = (1L << CPU_LEFT_BITS) - 1;
    private static final int MILLI_PER_CPU_BITS = 10;
    private static final int SCORE_SHIFT = 32;

    private final GpuMix mix;
    private final long[] cpuSteps;
    private final long[] memSteps;
    private final short[] shareRank = new short[DEVICE_MILLI + 1];
    private final int shareRanks;
    private final int[] @Nullable [] @Nullable [] rows = new int[GpuDemand.MODELS_MAX][][];

    /** Makes the tables of a mix; their rows fill up with use. */
    public GpuFragmentation(GpuMix mix) {
        this.mix = mix;
        this.cpuSteps = steps(mix.kinds(), GpuDemand::cpusMilli);
        this.memSteps = steps(mix.kinds(), GpuDemand::memMib);
        long[] shares = steps(mix.kinds().stream().filter(GpuFragmentation::onOneDevice).toList(),
                GpuDemand::gpuMilli);
        for (int milli = 0; milli <= DEVICE_MILLI; milli++) {
            shareRank[milli] = (short) rank(shares, milli);
        }
        this.shareRanks = shares.length + 1;
    }

    /**
     * The fragmentation F of an agent, in millionths of a device.
     *
     * @param model of its devices, below {@link GpuDemand#MODELS_MAX}; without meaning if it has none
     * @param deviceFreeMilli what each device has left, from {@code from} on
     */
    public long fragmentationMicro(long cpusFreeMilli, long memFreeMib, int model,
            int[] deviceFreeMilli, int from, int devices) {
        Check.argument(devices <= DEVICES_MAX, "an agent has too many GPUs");
        int idle = idle(deviceFreeMilli, from, devices);
        if (idle == 0) {
            return 0;
        }
        int[] row = row(model, rank(cpuSteps, cpusFreeMilli), rank(memSteps, memFreeMib));
        long usable = usable(row, deviceFreeMilli, from, devices)
                + usableByMany(row, whole(deviceFreeMilli, from, devices));
        return (((long) idle << GpuMix.RATIO_BITS) - usable) * DEVICE_MILLI / GpuMix.POPULARITY_ONE;
    }

    /**
     * How good an agent is for an instance, and which of its devices the instance should get.
     *
     * @param model of its devices, below {@link GpuDemand#MODELS_MAX}; without meaning if it has none
     * @param deviceFreeMilli what each device has left, from {@code from} on
     * @return {@link #NO_FIT}, or what {@link #score} and {@link #devices} take apart; the smaller,
     *         as an unsigned number, the better
     */
    public long best(GpuDemand demand, long cpusFreeMilli, long memFreeMib, int model,
            int[] deviceFreeMilli, int from, int devices) {
        Check.argument(devices <= DEVICES_MAX, "an agent has too many GPUs");
        long cpusLeft = cpusFreeMilli - demand.cpusMilli();
        long memLeft = memFreeMib - demand.memMib();
        int need = demand.gpuMilli();
        int idle = idle(deviceFreeMilli, from, devices);
        if (cpusLeft < 0 || memLeft < 0 || idle < need || (need > 0 && !demand.allows(model))) {
            return NO_FIT;
        }
        if (idle == 0) {
            return answer(0, 0, cpusLeft, 0);
        }
        int whole = whole(deviceFreeMilli, from, devices);
        int cpuRank = rank(cpuSteps, cpusFreeMilli);
        int memRank = rank(memSteps, memFreeMib);
        int cpuRankLeft = rank(cpuSteps, cpusLeft);
        int memRankLeft = rank(memSteps, memLeft);
        int[] before = row(model, cpuRank, memRank);
        int[] after = row(model, cpuRankLeft, memRankLeft);
        long usableBefore = usable(before, deviceFreeMilli, from, devices);
        long usableAfter = usableBefore;
        if (cpuRank != cpuRankLeft || memRank != memRankLeft) {
            usableAfter = usable(after, deviceFreeMilli, from, devices);
        }
        usableBefore += usableByMany(before, whole);
        int chosen = 0;
        if (demand.gpuShareMilli() > 0) {
            int device = bestDevice(after, whole, need, deviceFreeMilli, from, devices);
            if (device < 0) {
                return NO_FIT;
            }
            chosen = 1 << device;
            usableAfter += change(after, whole, need, deviceFreeMilli[from + device]);
        } else {
            if (whole < demand.gpus()) {
                return NO_FIT;
            }
            chosen = firstWhole(demand.gpus(), deviceFreeMilli, from, devices);
            usableAfter += usableByMany(after, whole - demand.gpus())
                    - (long) need * after[shareRank[DEVICE_MILLI]];
        }
        long growth = usableBefore - usableAfter - ((long) need << GpuMix.RATIO_BITS)
                + stranded(idle - need, cpusLeft, memLeft)
                - stranded(idle, cpusFreeMilli, memFreeMib) + need * mix.pressure(model);
        return answer(growth, idle - need, cpusLeft, chosen);
    }

    /** The score in an answer of {@link #best}: 32 bits without sign, the smaller the better. */
    public static int score(long answer) {
        return (int) (answer >>> SCORE_SHIFT);
    }

    /** The devices in an answer of {@link #best}: bit {@code i} is set for the agent's device i. */
    public static int devices(long answer) {
        return (int) answer & (1 << DEVICES_MAX) - 1;
    }

    private static long answer(long growth, int gpuLeftMilli, long cpusLeftMilli, int devices) {
        long steps = Math.clamp((growth >> STEP_BITS) + GROWTH_ZERO, 0, GROWTH_MAX - 1);
        long cpusLeft = Math.min(cpusLeftMilli >> MILLI_PER_CPU_BITS, CPU_LEFT_MAX);
        long score = (steps << GPU_LEFT_BITS | gpuLeftMilli) << CPU_LEFT_BITS | cpusLeft;
        return score << SCORE_SHIFT | devices;
    }

    /** The device on which a share leaves most for others; among equals the tightest. */
    private int bestDevice(int[] after, int whole, int need, int[] deviceFreeMilli, int from,
            int devices) {
        int best = -1;
        int bestFree = 0;
        long bestChange = 0;
        for (int i = 0; i < devices; i++) {
            int free = deviceFreeMilli[from + i];
            if (free < need || free == bestFree) {
                continue;
            }
            long change = change(after, whole, need, free);
            if (best < 0 || change > bestChange || (change == bestChange && free < bestFree)) {
                best = i;
                bestFree = free;
                bestChange = change;
            }
        }
        return best;
    }

    /** What taking a share from a device that has {@code free} left makes of the usable amount. */
    private long change(int[] row, int whole, int need, int free) {
        int left = free - need;
        return (long) left * row[shareRank[left]] - (long) free * row[shareRank[free]]
                + usableByMany(row, free == DEVICE_MILLI ? whole - 1 : whole);
    }

    private static int firstWhole(int count, int[] deviceFreeMilli, int from, int devices) {
        int missing = count;
        int mask = 0;
        for (int i = 0; i < devices && missing > 0; i++) {
            if (deviceFreeMilli[from + i] == DEVICE_MILLI) {
                mask |= 1 << i;
                missing--;
            }
        }
        return mask;
    }

    /** What would stay idle if average instances took the rest of the agent; in fixed point. */
    private long stranded(int idleMilli, long cpusMilli, long memMib) {
        long byCpus = Math.min(cpusMilli, GpuDemand.AMOUNT_MAX) * mix.gpuMilliPerCpuMilli();
        long byMem = Math.min(memMib, GpuDemand.AMOUNT_MAX) * mix.gpuMilliPerMemMib();
        return Math.max(0, ((long) idleMilli << GpuMix.RATIO_BITS) - Math.min(byCpus, byMem));
    }

    private static int idle(int[] deviceFreeMilli, int from, int devices) {
        int idle = 0;
        for (int i = from; i < from + devices; i++) {
            idle += deviceFreeMilli[i];
        }
        return idle;
    }

    private static int whole(int[] deviceFreeMilli, int from, int devices) {
        int whole = 0;
        for (int i = from; i < from + devices; i++) {
            whole += deviceFreeMilli[i] / DEVICE_MILLI;
        }
        return whole;
    }

    /** The idle amount that kinds on one device can use, times their popularity. */
    private long usable(int[] row, int[] deviceFreeMilli, int from, int devices) {
        long usable = 0;
        for (int i = from; i < from + devices; i++) {
            int free = deviceFreeMilli[i];
            usable += (long) free * row[shareRank[free]];
        }
        return usable;
    }

    /** The idle amount that kinds on several devices can use, times their popularity. */
    private long usableByMany(int[] row, int whole) {
        return (long) whole * DEVICE_MILLI * row[shareRanks + whole];
    }

    /**
     * Popularity of the kinds that model, CPU and memory admit: by what a device must have left, for
     * kinds on one device; then by the number of whole devices, for the others.
     */
    private int[] row(int model, int cpuRank, int memRank) {
        int[] @Nullable [] ofModel = rows[model];
        if (ofModel == null) {
            ofModel = new int[(cpuSteps.length + 1) * (memSteps.length + 1)][];
            rows[model] = ofModel;
        }
        int at = cpuRank * (memSteps.length + 1) + memRank;
        int[] row = ofModel[at];
        if (row == null) {
            row = newRow(model, cpuRank == 0 ? -1 : cpuSteps[cpuRank - 1],
                    memRank == 0 ? -1 : memSteps[memRank - 1]);
            ofModel[at] = row;
        }
        return row;
    }

    private int[] newRow(int model, long cpusMilli, long memMib) {
        int[] row = new int[shareRanks + DEVICES_MAX + 1];
        for (int kind = 0; kind < mix.kinds().size(); kind++) {
            GpuDemand demand = mix.kinds().get(kind);
            if (demand.gpuMilli() == 0 || !demand.allows(model) || demand.cpusMilli() > cpusMilli
                    || demand.memMib() > memMib) {
                continue;
            }
            boolean one = onOneDevice(demand);
            int first = one ? shareRank[demand.gpuMilli()] : shareRanks + demand.gpus();
            int end = one ? shareRanks : row.length;
            for (int i = first; i < end; i++) {
                row[i] += mix.popularity(kind);
            }
        }
        return row;
    }

    private static boolean onOneDevice(GpuDemand demand) {
        return demand.gpuMilli() > 0 && demand.gpuMilli() <= DEVICE_MILLI;
    }

    private static long[] steps(List<GpuDemand> kinds, ToLongFunction<GpuDemand> amount) {
        return kinds.stream().filter(demand -> demand.gpuMilli() > 0).mapToLong(amount).distinct()
                .sorted().toArray();
    }

    /** How many of the steps an amount reaches. */
    private static int rank(long[] steps, long amount) {
        int low = 0;
        int high = steps.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (steps[middle] <= amount) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
