package io.springtide.core.state;

import io.springtide.core.model.Resources;
import io.springtide.core.model.RoleSpec;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.model.Shape;

/** A role: what it is entitled to, and what its instances hold. Only {@code apply} changes it. */
public final class RoleState {

    RoleSpec spec;
    boolean configured;
    long cpusMilli;
    long memMib;
    long diskMib;
    long gpuMilli;
    int instances;

    RoleState(RoleSpec spec) {
        this.spec = spec;
    }

    public RoleSpec spec() {
        return spec;
    }

    /** Somebody has set its entitlements; else they are those of any role. */
    public boolean configured() {
        return configured;
    }

    /** Processors held, those of best-effort instances not counted. */
    public long cpusMilli() {
        return cpusMilli;
    }

    /** Memory held, that of best-effort instances not counted. */
    public long memMib() {
        return memMib;
    }

    public long diskMib() {
        return diskMib;
    }

    /** Thousandths of GPUs held. */
    public long gpuMilli() {
        return gpuMilli;
    }

    public int instances() {
        return instances;
    }

    void charge(Shape shape, int sign) {
        Resources need = shape.resources();
        if (shape.rules().serviceClass() != ServiceClass.BEST_EFFORT) {
            cpusMilli += sign * need.cpusMilli();
            memMib += sign * need.memMib();
        }
        diskMib += sign * need.diskMib();
        gpuMilli += sign * ((long) need.gpus() * Resources.GPU_MILLI + need.gpuShareMilli());
        instances += sign;
    }
}
