package io.springtide.core.placement;

import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.Resources;

/** What one agent has left, as a scorer sees it: a window that is moved from agent to agent. */
public final class Offer {

    private final Offers offers;
    private int row;

    Offer(Offers offers) {
        this.offers = offers;
    }

    Offer at(int newRow) {
        row = newRow;
        return this;
    }

    public AgentSpec agent() {
        return offers.agents().spec(row);
    }

    public long cpusFreeMilli() {
        return offers.cpusFreeMilli(row);
    }

    public long memFreeMib() {
        return offers.memFreeMib(row);
    }

    public long diskFreeMib() {
        return offers.diskFreeMib(row);
    }

    /** Processors in use, as part of all of them: 0 to {@link Scorer#SCORE_MAX}. */
    public long cpusLoad() {
        return offers.cpusLoad(row);
    }

    /** Memory in use, as part of all of it: 0 to {@link Scorer#SCORE_MAX}. */
    public long memLoad() {
        return offers.memLoad(row);
    }

    /** How many GPUs the agent has. */
    public int gpus() {
        return offers.gpuCount(row);
    }

    /** Thousandths left of one of its GPUs. */
    public int gpuFreeMilli(int gpu) {
        return offers.gpuFreeMilli()[row * AgentSpec.GPUS_MAX + gpu];
    }

    /** The free parts of all GPUs of all agents; those of this one begin at {@link #gpuBase}. */
    public int[] gpuFreeMilli() {
        return offers.gpuFreeMilli();
    }

    /** Where this agent's GPUs begin. */
    public int gpuBase() {
        return row * AgentSpec.GPUS_MAX;
    }

    /** The GPU that is left with least by a share, as a bit; 0 if none has room. */
    public int tightestGpu(int shareMilli) {
        int best = -1;
        int bestFree = Integer.MAX_VALUE;
        for (int gpu = 0; gpu < gpus(); gpu++) {
            int free = gpuFreeMilli(gpu);
            if (free >= shareMilli && free < bestFree) {
                best = gpu;
                bestFree = free;
            }
        }
        return best < 0 ? 0 : 1 << best;
    }

    /** The first GPUs that nobody has a part of, one bit each. */
    public int firstGpus(int count) {
        int mask = 0;
        int found = 0;
        for (int gpu = 0; gpu < gpus() && found < count; gpu++) {
            if (gpuFreeMilli(gpu) == Resources.GPU_MILLI) {
                mask |= 1 << gpu;
                found++;
            }
        }
        return mask;
    }
}
