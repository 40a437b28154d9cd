package io.springtide.core.placement.gpu;

import io.springtide.core.Check;

/**
 * What one instance asks of an agent with GPUs: whole devices, or a share of a single one, or none.
 *
 * @param gpus whole devices, each of them otherwise unused
 * @param gpuShareMilli thousandths of one device that others may share; only without whole ones
 * @param modelsAllowed bit {@code m} is set if a device of model {@code m} will do; {@link #ANY_MODEL}
 *         for an instance that does not care. Without meaning if no GPU is asked for
 */
public record GpuDemand(long cpusMilli, long memMib, int gpus, int gpuShareMilli,
        long modelsAllowed) {

    /** Every model will do. */
    public static final long ANY_MODEL = -1L;

    /** One device, in the unit in which devices are shared. */
    public static final int DEVICE_MILLI = 1000;

    /** Devices of one agent, at most: as many as the biggest machines on the market have. */
    public static final int DEVICES_MAX = 16;

    /** Models a cluster can tell apart: the bits of a mask. */
    public static final int MODELS_MAX = Long.SIZE;

    /** A million cores, a pebibyte: far above any machine, and no sum of it overflows. */
    public static final long AMOUNT_MAX = 1L << 30;

    public GpuDemand {
        Check.argument(cpusMilli >= 0 && cpusMilli <= AMOUNT_MAX, "cpusMilli is out of range");
        Check.argument(memMib >= 0 && memMib <= AMOUNT_MAX, "memMib is out of range");
        Check.argument(gpus >= 0 && gpus <= DEVICES_MAX, "gpus is out of range");
        Check.argument(gpuShareMilli >= 0 && gpuShareMilli < DEVICE_MILLI,
                "gpuShareMilli is out of range");
        Check.argument(gpus == 0 || gpuShareMilli == 0,
                "an instance asks for whole GPUs or for a share, not for both");
        Check.argument(modelsAllowed != 0, "no GPU model is allowed");
    }

    /** All it takes from the devices of its agent. */
    public int gpuMilli() {
        return gpus * DEVICE_MILLI + gpuShareMilli;
    }

    /** Whether a device of this model will do. */
    public boolean allows(int model) {
        return (modelsAllowed >>> model & 1) != 0;
    }
}
