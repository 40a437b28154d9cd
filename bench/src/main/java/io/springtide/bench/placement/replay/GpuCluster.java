package io.springtide.bench.placement.replay;

import io.springtide.core.placement.gpu.GpuDemand;
import io.springtide.core.placement.gpu.GpuFragmentation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the machines of one run have free, as columns, and which rows have changed since when. It
 * refuses what no machine could give, so that no placer can win by cheating.
 */
final class GpuCluster {

    private final List<GpuTrace.Node> nodes;
    private final long[] cpusFreeMilli;
    private final long[] memFreeMib;
    private final int[] devices;
    private final int[] model;
    private final int[] deviceFreeMilli;
    /** The last change of each row; negative if there was none. */
    private final int[] lastChange;
    private int[] changedRows = new int[1024];
    private int changes;
    private int rowsUsed;
    private long gpuMilliTaken;

    GpuCluster(GpuTrace trace) {
        this.nodes = new ArrayList<>(trace.nodes());
        int rows = nodes.size();
        this.cpusFreeMilli = nodes.stream().mapToLong(GpuTrace.Node::cpusMilli).toArray();
        this.memFreeMib = nodes.stream().mapToLong(GpuTrace.Node::memMib).toArray();
        this.devices = nodes.stream().mapToInt(GpuTrace.Node::gpus).toArray();
        this.model = nodes.stream().mapToInt(GpuTrace.Node::model).toArray();
        this.deviceFreeMilli = new int[rows * GpuDemand.DEVICES_MAX];
        this.lastChange = new int[rows];
        Arrays.fill(lastChange, -1);
        for (int row = 0; row < rows; row++) {
            Arrays.fill(deviceFreeMilli, from(row), from(row) + devices[row],
                    GpuDemand.DEVICE_MILLI);
        }
    }

    int rows() {
        return nodes.size();
    }

    long cpusFreeMilli(int row) {
        return cpusFreeMilli[row];
    }

    int gpuFreeMilli(int row) {
        int free = 0;
        for (int i = from(row); i < from(row) + devices[row]; i++) {
            free += deviceFreeMilli[i];
        }
        return free;
    }

    int devices(int row) {
        return devices[row];
    }

    int deviceFreeMilli(int row, int device) {
        return deviceFreeMilli[from(row) + device];
    }

    boolean fits(GpuDemand demand, int row) {
        if (demand.cpusMilli() > cpusFreeMilli[row] || demand.memMib() > memFreeMib[row]) {
            return false;
        }
        if (demand.gpuMilli() == 0) {
            return true;
        }
        int least = demand.gpus() > 0 ? GpuDemand.DEVICE_MILLI : demand.gpuShareMilli();
        int missing = Math.max(1, demand.gpus());
        for (int i = from(row); i < from(row) + devices[row]; i++) {
            missing -= deviceFreeMilli[i] >= least ? 1 : 0;
        }
        return missing <= 0 && demand.allows(model[row]);
    }

    /** What the scorer says of a row; nothing is taken. */
    long best(GpuFragmentation scorer, GpuDemand demand, int row) {
        return scorer.best(demand, cpusFreeMilli[row], memFreeMib[row], model[row],
                deviceFreeMilli, from(row), devices[row]);
    }

    /** Whether two rows are in the same state, device by device. */
    boolean same(int row, int other) {
        return cpusFreeMilli[row] == cpusFreeMilli[other] && memFreeMib[row] == memFreeMib[other]
                && model[row] == model[other] && devices[row] == devices[other]
                && Arrays.equals(deviceFreeMilli, from(row), from(row) + devices[row],
                        deviceFreeMilli, from(other), from(other) + devices[other]);
    }

    /** The measure over all machines, in thousandths of a device. */
    long fragmentationMilli(GpuFragmentation scorer) {
        long micro = 0;
        for (int row = 0; row < rows(); row++) {
            micro += scorer.fragmentationMicro(cpusFreeMilli[row], memFreeMib[row], model[row],
                    deviceFreeMilli, from(row), devices[row]);
        }
        return micro / 1000;
    }

    /** Takes a demand from a row and the chosen devices. */
    void take(GpuDemand demand, int row, int chosen) {
        int each = demand.gpus() > 0 ? GpuDemand.DEVICE_MILLI : demand.gpuShareMilli();
        int wanted = demand.gpuMilli() == 0 ? 0 : Math.max(1, demand.gpus());
        boolean ok = fits(demand, row) && Integer.bitCount(chosen) == wanted
                && chosen >>> devices[row] == 0;
        for (int i = 0; ok && i < devices[row]; i++) {
            if ((chosen >>> i & 1) != 0) {
                deviceFreeMilli[from(row) + i] -= each;
                ok = deviceFreeMilli[from(row) + i] >= 0;
            }
        }
        if (!ok) {
            throw new IllegalStateException("the placer put " + demand + " on "
                    + nodes.get(row).name() + ", devices " + Integer.toBinaryString(chosen)
                    + ", where it does not fit");
        }
        cpusFreeMilli[row] -= demand.cpusMilli();
        memFreeMib[row] -= demand.memMib();
        gpuMilliTaken += demand.gpuMilli();
        rowsUsed += lastChange[row] < 0 ? 1 : 0;
        lastChange[row] = changes;
        if (changes == changedRows.length) {
            changedRows = Arrays.copyOf(changedRows, changes * 2);
        }
        changedRows[changes++] = row;
    }

    /** How many changes there were. */
    int changes() {
        return changes;
    }

    /** The row of a change, from 0. */
    int changedRow(int change) {
        return changedRows[change];
    }

    /** Whether its row has not changed again after a change. */
    boolean isLast(int change) {
        return lastChange[changedRows[change]] == change;
    }

    int rowsUsed() {
        return rowsUsed;
    }

    long gpuMilliTotal() {
        return Arrays.stream(devices).sum() * (long) GpuDemand.DEVICE_MILLI;
    }

    long gpuMilliTaken() {
        return gpuMilliTaken;
    }

    private static int from(int row) {
        return row * GpuDemand.DEVICES_MAX;
    }
}
