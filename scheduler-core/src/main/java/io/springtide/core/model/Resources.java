package io.springtide.core.model;

import io.springtide.core.Check;

/**
 * An amount of each resource, in whole units so that sums do not depend on their order.
 *
 * @param cpusMilli thousandths of a processor
 * @param memMib MiB of memory
 * @param diskMib MiB of disk
 * @param gpus whole GPUs
 * @param gpuShareMilli thousandths of one further GPU; for instances only, and only without whole ones
 */
public record Resources(long cpusMilli, long memMib, long diskMib, int gpus, int gpuShareMilli) {

    /** A whole GPU as a share. */
    public static final int GPU_MILLI = 1_000;

    /** Nothing at all. */
    public static final Resources NONE = new Resources(0, 0, 0, 0);

    /** Far above any machine, far below overflow of a sum over all agents. */
    public static final long AMOUNT_MAX = 1L << 40;

    public Resources {
        Check.argument(inRange(cpusMilli) && inRange(memMib) && inRange(diskMib) && inRange(gpus),
                "an amount is negative or absurdly large");
        Check.argument(gpuShareMilli >= 0 && gpuShareMilli < GPU_MILLI
                && (gpus == 0 || gpuShareMilli == 0),
                "a share of a GPU lies below a whole one, and goes without whole ones");
    }

    public Resources(long cpusMilli, long memMib, long diskMib, int gpus) {
        this(cpusMilli, memMib, diskMib, gpus, 0);
    }

    /** Whether GPUs or a share of one are part of it. */
    public boolean hasGpus() {
        return gpus > 0 || gpuShareMilli > 0;
    }

    private static boolean inRange(long amount) {
        return amount >= 0 && amount <= AMOUNT_MAX;
    }
}
