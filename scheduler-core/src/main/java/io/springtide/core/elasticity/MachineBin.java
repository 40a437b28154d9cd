package io.springtide.core.elasticity;

import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Constraint;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Rejection;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is left of one machine that was empty in the beginning. */
final class MachineBin {

    private final List<PortRange> ports;
    private final int[] gpuMilli;
    private final TreeSet<Integer> portsTaken = new TreeSet<>();
    private final TreeMap<AppId, Integer> has = new TreeMap<>();
    private long cpusMilli;
    private long memMib;
    private long diskMib;
    private int portsFree;

    MachineBin(AgentSpec machine) {
        Resources whole = machine.resources();
        cpusMilli = whole.cpusMilli();
        memMib = whole.memMib();
        diskMib = whole.diskMib();
        gpuMilli = new int[whole.gpus()];
        Arrays.fill(gpuMilli, Resources.GPU_MILLI);
        ports = machine.ports();
        portsFree = ports.stream().mapToInt(PortRange::size).sum();
    }

    boolean has(AppId app) {
        return has.containsKey(app);
    }

    /** How many instances it takes. */
    int room(MachineNeed need) {
        Shape shape = need.shape();
        Resources each = shape.resources();
        long room = Math.min(times(cpusMilli, each.cpusMilli()), times(memMib, each.memMib()));
        room = Math.min(room, times(diskMib, each.diskMib()));
        room = Math.min(room, gpus(each));
        room = Math.min(room, times(portsFree, shape.hostPorts().size()));
        if (shape.portsFixed()) {
            room = Math.min(room, fixedFree(shape) ? 1 : 0);
        }
        for (Constraint rule : MachineRules.limits(shape)) {
            if (MachinePool.ofItsOwn(rule.field())) {
                room = Math.min(room,
                        MachineRules.most(rule) - has.getOrDefault(need.app(), 0));
            }
        }
        if (MachineRules.apart(need)) {
            room = Math.min(room, has(need.app()) ? 0 : 1);
        }
        return Math.clamp(room, 0, Integer.MAX_VALUE);
    }

    /** The first thing of which it has too little for one more; empty if it has room. */
    Optional<Rejection> shortage(MachineNeed need) {
        Resources each = need.shape().resources();
        if (room(need) > 0) {
            return Optional.empty();
        }
        if (cpusMilli < each.cpusMilli()) {
            return Optional.of(Rejection.CPUS);
        }
        if (memMib < each.memMib()) {
            return Optional.of(Rejection.MEMORY);
        }
        if (diskMib < each.diskMib()) {
            return Optional.of(Rejection.DISK);
        }
        if (gpus(each) == 0) {
            return Optional.of(Rejection.GPUS);
        }
        if (portsFree < need.shape().hostPorts().size()
                || (need.shape().portsFixed() && !fixedFree(need.shape()))) {
            return Optional.of(Rejection.PORTS);
        }
        return Optional.of(Rejection.CONSTRAINT);
    }

    /** Takes instances; there must be {@link #room}. */
    void put(MachineNeed need, int count) {
        Shape shape = need.shape();
        Resources each = shape.resources();
        cpusMilli -= each.cpusMilli() * count;
        memMib -= each.memMib() * count;
        diskMib -= each.diskMib() * count;
        for (int i = 0; i < count && each.hasGpus(); i++) {
            takeGpus(each);
        }
        portsFree -= shape.hostPorts().size() * count;
        shape.hostPorts().stream().filter(port -> port != 0).forEach(portsTaken::add);
        has.merge(need.app(), count, Integer::sum);
    }

    private boolean fixedFree(Shape shape) {
        return shape.hostPorts().stream().filter(port -> port != 0)
                .allMatch(port -> !portsTaken.contains(port) && ports.stream().anyMatch(
                        range -> range.first() <= port && port <= range.last()));
    }

    private long gpus(Resources each) {
        if (each.gpus() > 0) {
            return Arrays.stream(gpuMilli).filter(free -> free == Resources.GPU_MILLI).count()
                    / each.gpus();
        }
        return each.gpuShareMilli() == 0
                ? Integer.MAX_VALUE
                : Arrays.stream(gpuMilli).mapToLong(free -> free / each.gpuShareMilli()).sum();
    }

    private void takeGpus(Resources each) {
        int whole = each.gpus();
        for (int gpu = 0; gpu < gpuMilli.length; gpu++) {
            if (whole > 0 && gpuMilli[gpu] == Resources.GPU_MILLI) {
                gpuMilli[gpu] = 0;
                whole--;
            } else if (each.gpuShareMilli() > 0 && gpuMilli[gpu] >= each.gpuShareMilli()) {
                gpuMilli[gpu] -= each.gpuShareMilli();
                return;
            }
        }
    }

    private static long times(long free, long need) {
        return need == 0 ? Integer.MAX_VALUE : free / need;
    }
}
