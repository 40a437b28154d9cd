package io.springtide.core.state;

import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Resources;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.model.Shape;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The agents as columns: one row an agent, primitive arrays for what placement scans. A row number
 * stays with its agent until the agent is removed. Only {@code apply} changes it; placement reads the
 * arrays directly and draws on copies.
 */
public final class AgentTable {

    private final TreeMap<AgentId, Integer> rowById = new TreeMap<>();
    private final Places places = new Places();

    private int rows;
    private @Nullable AgentSpec[] specs = new AgentSpec[8];
    private AgentCondition[] conditions = new AgentCondition[8];
    private long[] sinceMs = new long[8];
    private long[] registeredMs = new long[8];
    private long[] seqs = new long[8];
    private InstanceList[] instances = new InstanceList[8];
    private PortSet[] ports = new PortSet[8];
    private long[] cpusFreeMilli = new long[8];
    private long[] memFreeMib = new long[8];
    private long[] diskFreeMib = new long[8];
    private long[] gpusFree = new long[8];
    private int[] sites = new int[8];
    private int[] racks = new int[8];
    private int[] gpuFreeMilli = new int[8 * AgentSpec.GPUS_MAX];
    private long[] cpusUsedMilli = new long[8];
    private long[] memUsedMib = new long[8];
    private long[] cpusOnSlackMilli = new long[8];
    private long[] memOnSlackMib = new long[8];
    private @Nullable Reservations[] reservations = new Reservations[8];
    private long revision;
    private final AgentMarks marks = new AgentMarks();

    AgentTable() {}

    /** Rows to scan; some of them may be empty. */
    public int rows() {
        return rows;
    }

    /** How many agents there are. */
    public int size() {
        return rowById.size();
    }

    public boolean present(int row) {
        return row >= 0 && row < rows && specs[row] != null;
    }

    public OptionalInt rowOf(AgentId id) {
        Integer row = rowById.get(id);
        return row == null ? OptionalInt.empty() : OptionalInt.of(row);
    }

    /** The agent of a row that is {@link #present}. */
    public AgentSpec spec(int row) {
        AgentSpec spec = specs[row];
        if (spec == null) {
            throw new IllegalStateException("no agent in row " + row);
        }
        return spec;
    }

    public AgentCondition condition(int row) {
        return conditions[row];
    }

    /** Since when it has been in its condition. */
    public long sinceMs(int row) {
        return sinceMs[row];
    }

    public long registeredMs(int row) {
        return registeredMs[row];
    }

    /** The newest status batch of its present incarnation that is in the state. */
    public long seq(int row) {
        return seqs[row];
    }

    public InstanceList instances(int row) {
        return instances[row];
    }

    public PortSet ports(int row) {
        return ports[row];
    }

    /** Free processors by row; may be below zero where an agent has shrunk. Not to be changed. */
    public long[] cpusFreeMilli() {
        return cpusFreeMilli;
    }

    /** Free memory by row. Not to be changed. */
    public long[] memFreeMib() {
        return memFreeMib;
    }

    /** Free disk by row. Not to be changed. */
    public long[] diskFreeMib() {
        return diskFreeMib;
    }

    /** GPUs that nobody has a part of, by row. Not to be changed. */
    public long[] gpusFree() {
        return gpusFree;
    }

    /**
     * What is free of each GPU, in thousandths: {@link AgentSpec#GPUS_MAX} places for each row. Not to
     * be changed.
     */
    public int[] gpuFreeMilli() {
        return gpuFreeMilli;
    }

    /** Measured use by what is not best effort, by row; -1 = never measured. Not to be changed. */
    public long[] cpusUsedMilli() {
        return cpusUsedMilli;
    }

    /** Measured use by what is not best effort, by row; -1 = never measured. Not to be changed. */
    public long[] memUsedMib() {
        return memUsedMib;
    }

    /** What best-effort instances ask for, by row. Not to be changed. */
    public long[] cpusOnSlackMilli() {
        return cpusOnSlackMilli;
    }

    /** What best-effort instances ask for, by row. Not to be changed. */
    public long[] memOnSlackMib() {
        return memOnSlackMib;
    }

    /** What of an agent is set aside for roles; empty for most. */
    public Optional<Reservations> reservations(int row) {
        return Optional.ofNullable(reservations[row]);
    }

    /** What is noted of a few agents beside the columns. */
    public AgentMarks marks() {
        return marks;
    }

    /** Rises whenever an agent comes, goes, or describes itself anew. */
    public long revision() {
        return revision;
    }

    /** Which site an agent is in, as a number below {@link #siteCount}. */
    public int site(int row) {
        return sites[row];
    }

    /** Which rack an agent is in, as a number below {@link #rackCount}. */
    public int rack(int row) {
        return racks[row];
    }

    public int siteCount() {
        return places.siteCount();
    }

    public int rackCount() {
        return places.rackCount();
    }

    /** The site of a rack. */
    public int siteOfRack(int rack) {
        return places.siteOfRack(rack);
    }

    /** The row a new agent gets: the lowest free one. */
    public int rowNext() {
        for (int row = 0; row < rows; row++) {
            if (specs[row] == null) {
                return row;
            }
        }
        return rows;
    }

    void register(int row, AgentSpec agent, long atMs) {
        grow(row);
        AgentSpec before = specs[row];
        if (before == null) {
            instances[row] = new InstanceList();
            seqs[row] = 0;
        } else if (before.incarnation() != agent.incarnation()) {
            seqs[row] = 0;
        }
        rowById.put(agent.id(), row);
        if (conditions[row] != AgentCondition.LIVE || before == null) {
            sinceMs[row] = atMs;
        }
        specs[row] = agent;
        conditions[row] = AgentCondition.LIVE;
        registeredMs[row] = atMs;
        sites[row] = places.site(agent);
        racks[row] = places.rack(agent);
        Resources total = agent.resources();
        cpusFreeMilli[row] = total.cpusMilli();
        memFreeMib[row] = total.memMib();
        diskFreeMib[row] = total.diskMib();
        gpusFree[row] = total.gpus();
        for (int gpu = 0; gpu < AgentSpec.GPUS_MAX; gpu++) {
            gpuFreeMilli[row * AgentSpec.GPUS_MAX + gpu] = gpu < total.gpus()
                    ? Resources.GPU_MILLI
                    : 0;
        }
        cpusOnSlackMilli[row] = 0;
        memOnSlackMib[row] = 0;
        if (before == null) {
            cpusUsedMilli[row] = -1;
            memUsedMib[row] = -1;
        }
        reservations[row] = agent.reservations().isEmpty()
                ? null
                : new Reservations(agent.reservations());
        revision++;
        int cursor = before == null ? 0 : ports[row].cursor();
        ports[row] = new PortSet(agent.ports());
        InstanceList held = instances[row];
        for (int i = 0; i < held.size(); i++) {
            Instance instance = held.get(i);
            amount(instance, -1);
            for (int port : instance.ports) {
                ports[row].retake(port);
            }
        }
        int size = agent.ports().stream().mapToInt(PortRange::size).sum();
        ports[row].cursor(cursor < size ? cursor : 0);
    }

    void condition(int row, AgentCondition condition, long atMs) {
        conditions[row] = condition;
        sinceMs[row] = atMs;
    }

    void measured(int row, long cpusMilli, long memMib) {
        cpusUsedMilli[row] = cpusMilli;
        memUsedMib[row] = memMib;
    }

    void seq(int row, long seq) {
        seqs[row] = seq;
    }

    void remove(int row) {
        rowById.remove(spec(row).id());
        specs[row] = null;
        marks.clear(row);
        revision++;
        while (rows > 0 && specs[rows - 1] == null) {
            rows--;
        }
    }

    void take(Instance instance) {
        int row = instance.agentRow;
        amount(instance, -1);
        for (int port : instance.ports) {
            ports[row].take(port);
        }
        instances[row].add(instance);
    }

    /** The same for an instance from a snapshot: its agent may have withdrawn the ports since. */
    void retake(Instance instance) {
        int row = instance.agentRow;
        amount(instance, -1);
        for (int port : instance.ports) {
            ports[row].retake(port);
        }
        instances[row].add(instance);
    }

    void release(Instance instance) {
        int row = instance.agentRow;
        amount(instance, 1);
        for (int port : instance.ports) {
            ports[row].release(port);
        }
        instances[row].remove(instance);
    }

    /** What numbers stand for, for snapshots. */
    Places places() {
        return places;
    }

    private void amount(Instance instance, int sign) {
        int row = instance.agentRow;
        Shape shape = instance.version.spec().shape();
        Resources resources = shape.resources();
        if (shape.rules().serviceClass() == ServiceClass.BEST_EFFORT) {
            cpusOnSlackMilli[row] -= sign * resources.cpusMilli();
            memOnSlackMib[row] -= sign * resources.memMib();
        } else {
            cpusFreeMilli[row] += sign * resources.cpusMilli();
            memFreeMib[row] += sign * resources.memMib();
        }
        diskFreeMib[row] += sign * resources.diskMib();
        if (instance.gpus != 0) {
            gpus(row, instance.gpus, sign * Math.max(resources.gpuShareMilli(),
                    resources.gpus() > 0 ? Resources.GPU_MILLI : 0));
        }
        Reservations reserved = reservations[row];
        if (reserved != null) {
            reserved.take(shape, -sign);
        }
    }

    private void gpus(int row, int mask, int milli) {
        for (int rest = mask; rest != 0; rest &= rest - 1) {
            int at = row * AgentSpec.GPUS_MAX + Integer.numberOfTrailingZeros(rest);
            int before = gpuFreeMilli[at];
            gpuFreeMilli[at] = before + milli;
            gpusFree[row] += (gpuFreeMilli[at] == Resources.GPU_MILLI ? 1 : 0)
                    - (before == Resources.GPU_MILLI ? 1 : 0);
        }
    }

    private void grow(int row) {
        rows = Math.max(rows, row + 1);
        if (rows > specs.length) {
            int length = Math.max(rows, specs.length * 2);
            specs = Arrays.copyOf(specs, length);
            conditions = Arrays.copyOf(conditions, length);
            sinceMs = Arrays.copyOf(sinceMs, length);
            registeredMs = Arrays.copyOf(registeredMs, length);
            seqs = Arrays.copyOf(seqs, length);
            instances = Arrays.copyOf(instances, length);
            ports = Arrays.copyOf(ports, length);
            cpusFreeMilli = Arrays.copyOf(cpusFreeMilli, length);
            memFreeMib = Arrays.copyOf(memFreeMib, length);
            diskFreeMib = Arrays.copyOf(diskFreeMib, length);
            gpusFree = Arrays.copyOf(gpusFree, length);
            sites = Arrays.copyOf(sites, length);
            racks = Arrays.copyOf(racks, length);
            gpuFreeMilli = Arrays.copyOf(gpuFreeMilli, length * AgentSpec.GPUS_MAX);
            cpusUsedMilli = Arrays.copyOf(cpusUsedMilli, length);
            memUsedMib = Arrays.copyOf(memUsedMib, length);
            cpusOnSlackMilli = Arrays.copyOf(cpusOnSlackMilli, length);
            memOnSlackMib = Arrays.copyOf(memOnSlackMib, length);
            reservations = Arrays.copyOf(reservations, length);
        }
    }
}
