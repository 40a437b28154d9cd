package io.springtide.core.placement;

import io.springtide.core.model.Resources;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.model.Shape;
import java.util.List;

/** What one instance of a shape asks of an agent, laid out for the many times it is compared. */
final class Demand {

    final Shape shape;
    final Resources resources;
    final long cpusMilli;
    final long memMib;
    final long diskMib;
    final int gpus;
    final int gpuShareMilli;
    final List<Integer> hostPorts;
    final int ports;
    final boolean portsFixed;
    final boolean onSlack;

    Demand(Shape shape) {
        this.shape = shape;
        this.resources = shape.resources();
        this.cpusMilli = resources.cpusMilli();
        this.memMib = resources.memMib();
        this.diskMib = resources.diskMib();
        this.gpus = resources.gpus();
        this.gpuShareMilli = resources.gpuShareMilli();
        this.hostPorts = shape.hostPorts();
        this.ports = hostPorts.size();
        this.portsFixed = shape.portsFixed();
        this.onSlack = shape.rules().serviceClass() == ServiceClass.BEST_EFFORT;
    }
}
