package io.springtide.core.decide;

import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.Resources;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.model.Shape;
import io.springtide.core.state.AgentTable;

/** Resources as arrays of four: thousandths of processors, MiB, MiB of disk, thousandths of GPUs. */
final class Amounts {

    static final int KINDS = 4;

    /** A whole, as a share. */
    static final long WHOLE = 1_000_000_000;

    private Amounts() {}

    /** What an instance takes of what is free. Best effort takes no processors and no memory. */
    static long[] taken(Shape shape) {
        long[] need = of(shape.resources());
        if (shape.rules().serviceClass() == ServiceClass.BEST_EFFORT) {
            need[0] = 0;
            need[1] = 0;
        }
        return need;
    }

    static long[] of(Resources resources) {
        return new long[]{resources.cpusMilli(), resources.memMib(), resources.diskMib(),
                (long) resources.gpus() * Resources.GPU_MILLI + resources.gpuShareMilli()};
    }

    static void add(long[] amounts, long[] more, long times) {
        for (int kind = 0; kind < KINDS; kind++) {
            amounts[kind] += more[kind] * times;
        }
    }

    /** What all agents have that are heard of. */
    static long[] total(AgentTable agents) {
        long[] total = new long[KINDS];
        for (int row = 0; row < agents.rows(); row++) {
            if (live(agents, row)) {
                add(total, of(agents.spec(row).resources()), 1);
            }
        }
        return total;
    }

    /** What is free on all agents that are heard of. */
    static long[] free(AgentTable agents) {
        long[] free = new long[KINDS];
        for (int row = 0; row < agents.rows(); row++) {
            if (live(agents, row)) {
                free[0] += Math.max(0, agents.cpusFreeMilli()[row]);
                free[1] += Math.max(0, agents.memFreeMib()[row]);
                free[2] += Math.max(0, agents.diskFreeMib()[row]);
                for (int gpu = 0; gpu < AgentSpec.GPUS_MAX; gpu++) {
                    free[3] += Math.max(0,
                            agents.gpuFreeMilli()[row * AgentSpec.GPUS_MAX + gpu]);
                }
            }
        }
        return free;
    }

    static boolean live(AgentTable agents, int row) {
        return agents.present(row) && agents.condition(row) == AgentCondition.LIVE;
    }

    /** The largest part of a whole, in {@link #WHOLE}ths, among all resources. */
    static long dominant(long[] parts, long[] wholes) {
        long dominant = 0;
        for (int kind = 0; kind < KINDS; kind++) {
            dominant = Math.max(dominant, share(parts[kind], wholes[kind]));
        }
        return dominant;
    }

    /** A part of a whole in {@link #WHOLE}ths; of nothing, any part is more than all. */
    static long share(long part, long whole) {
        if (part <= 0) {
            return 0;
        }
        if (whole <= 0) {
            return 2 * WHOLE;
        }
        return part <= Long.MAX_VALUE / WHOLE
                ? part * WHOLE / whole
                : part / Math.max(1, whole / WHOLE);
    }
}
