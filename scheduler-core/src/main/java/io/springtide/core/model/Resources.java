package io.springtide.core.model;

import io.springtide.core.Check;

/**
 * An amount of each resource, in whole units so that sums do not depend on their order.
 *
 * @param cpusMilli thousandths of a processor
 * @param memMib MiB of memory
 * @param diskMib MiB of disk
 * @param gpus whole GPUs
 */
public record Resources(long cpusMilli, long memMib, long diskMib, int gpus) {

    /** Nothing at all. */
    public static final Resources NONE = new Resources(0, 0, 0, 0);

    /** Far above any machine, far below overflow of a sum over all agents. */
    public static final long AMOUNT_MAX = 1L << 40;

    public Resources {
        Check.argument(inRange(cpusMilli) && inRange(memMib) && inRange(diskMib) && inRange(gpus),
                "an amount is negative or absurdly large");
    }

    private static boolean inRange(long amount) {
        return amount >= 0 && amount <= AMOUNT_MAX;
    }
}
