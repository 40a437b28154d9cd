package io.springtide.core.placement;

import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.Rejection;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Rules;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.model.Shape;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.Instance;
import io.springtide.core.state.PortSet;
import io.springtide.core.state.Reservations;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the agents have to offer during one round of placement: scratch copies of the columns, from
 * which the round takes what it hands out, so that the state stays as it is until the facts are
 * applied. Notes which agents have changed, so that rankings can follow.
 */
final class Offers {

    private final AgentTable agents;
    private final Capacity capacity;
    private final int slackMarginPpm;
    private final long[] cpus;
    private final long[] mem;
    private final long[] disk;
    private final long[] gpus;
    /** Those of the state until something is taken: most rounds touch no GPU. */
    private int[] gpuFreeMilli;
    private boolean gpusTouched;
    private final @Nullable PortSet[] portsTouched;
    private final @Nullable Reservations[] reservationsTouched;
    private final boolean[] held;
    private final Offer window = new Offer(this);
    private long[] cpusSlack = {};
    private long[] memSlack = {};
    private int[] changes = new int[64];
    private final int[] lastChange;
    private int changeCount;

    Offers(AgentTable agents, Capacity capacity, int slackMarginPpm) {
        int rows = agents.rows();
        this.agents = agents;
        this.capacity = capacity;
        this.slackMarginPpm = slackMarginPpm;
        this.cpus = Arrays.copyOf(agents.cpusFreeMilli(), rows);
        this.mem = Arrays.copyOf(agents.memFreeMib(), rows);
        this.disk = Arrays.copyOf(agents.diskFreeMib(), rows);
        this.gpus = Arrays.copyOf(agents.gpusFree(), rows);
        this.gpuFreeMilli = agents.gpuFreeMilli();
        this.portsTouched = new PortSet[rows];
        this.reservationsTouched = new Reservations[rows];
        this.held = new boolean[rows];
        this.lastChange = new int[rows];
    }

    AgentTable agents() {
        return agents;
    }

    Offer window(int row) {
        return window.at(row);
    }

    long cpusFreeMilli(int row) {
        return cpus[row];
    }

    long memFreeMib(int row) {
        return mem[row];
    }

    long diskFreeMib(int row) {
        return disk[row];
    }

    long cpusLoad(int row) {
        return capacity.cpusLoad(row, cpus[row]);
    }

    long memLoad(int row) {
        return capacity.memLoad(row, mem[row]);
    }

    int gpuCount(int row) {
        return capacity.gpus(row);
    }

    int[] gpuFreeMilli() {
        return gpuFreeMilli;
    }

    // What has changed

    /** How many changes there have been; {@link #change} names the agent of each. */
    int changeCount() {
        return changeCount;
    }

    int change(int index) {
        return changes[index];
    }

    /** Whether its agent has not changed again after a change. */
    boolean isLast(int index) {
        return lastChange[changes[index]] == index;
    }

    private void changed(int row) {
        lastChange[row] = changeCount;
        if (changeCount == changes.length) {
            changes = Arrays.copyOf(changes, changeCount * 2);
        }
        changes[changeCount++] = row;
    }

    // Whether an instance fits

    /** Whether an agent has room for one more. */
    boolean fits(int row, Demand need) {
        if (disk[row] < need.diskMib || gpus[row] < need.gpus || held[row]) {
            return false;
        }
        if (need.onSlack) {
            if (cpusSlack(row) < need.cpusMilli || memSlack(row) < need.memMib
                    || Math.min(cpus[row], mem[row]) < 0) {
                return false;
            }
        } else if (cpus[row] < need.cpusMilli || mem[row] < need.memMib) {
            return false;
        }
        if (need.gpuShareMilli > 0 && window(row).tightestGpu(need.gpuShareMilli) == 0) {
            return false;
        }
        if (need.ports > 0 && !portsFit(row, need)) {
            return false;
        }
        return agents.reservations(row).isEmpty() || reservationAllows(row, need);
    }

    /** How many more an agent could take, were it asked for nothing else. */
    long room(int row, Demand need) {
        if (!fits(row, need)) {
            return 0;
        }
        long room = times(disk[row], need.diskMib);
        room = Math.min(room, times(need.onSlack ? cpusSlack(row) : cpus[row], need.cpusMilli));
        room = Math.min(room, times(need.onSlack ? memSlack(row) : mem[row], need.memMib));
        room = Math.min(room, times(gpus[row], need.gpus));
        if (need.gpuShareMilli > 0) {
            int shares = 0;
            for (int gpu = 0; gpu < gpuCount(row); gpu++) {
                shares += Math.max(0, gpuFreeMilli[row * AgentSpec.GPUS_MAX + gpu])
                        / need.gpuShareMilli;
            }
            room = Math.min(room, shares);
        }
        if (need.ports > 0) {
            room = Math.min(room, need.portsFixed ? 1 : ports(row).free() / need.ports);
        }
        return room;
    }

    /** The first thing an agent lacks that has no room for one more. */
    Rejection shortage(int row, Demand need) {
        if (held[row]) {
            return Rejection.HELD;
        }
        if (need.onSlack) {
            if (cpusSlack(row) < need.cpusMilli || memSlack(row) < need.memMib
                    || Math.min(cpus[row], mem[row]) < 0) {
                return Rejection.SLACK;
            }
        } else if (cpus[row] < need.cpusMilli) {
            return Rejection.CPUS;
        } else if (mem[row] < need.memMib) {
            return Rejection.MEMORY;
        }
        if (disk[row] < need.diskMib) {
            return Rejection.DISK;
        }
        if (gpus[row] < need.gpus || (need.gpuShareMilli > 0
                && window(row).tightestGpu(need.gpuShareMilli) == 0)) {
            return Rejection.GPUS;
        }
        return need.ports > 0 && !portsFit(row, need) ? Rejection.PORTS : Rejection.ROLE;
    }

    /** How much of the resource is missing, in its unit. */
    long missing(int row, Demand need, Rejection resource) {
        return switch (resource) {
            case CPUS -> need.cpusMilli - cpus[row];
            case MEMORY -> need.memMib - mem[row];
            case DISK -> need.diskMib - disk[row];
            case GPUS -> need.gpus > 0 ? need.gpus - gpus[row] : 1;
            case PORTS -> Math.max(1, need.ports - ports(row).free());
            case SLACK -> Math.max(0, need.cpusMilli - cpusSlack(row));
            case AGENT_SILENT, RUNTIME, ROLE, CONSTRAINT, AFFINITY, HELD, QUOTA, CORDONED -> 0;
        };
    }

    private boolean portsFit(int row, Demand need) {
        PortSet free = ports(row);
        if (free.free() < need.ports) {
            return false;
        }
        if (need.portsFixed) {
            for (int i = 0; i < need.ports; i++) {
                int wanted = need.hostPorts.get(i);
                if (wanted != 0 && !free.isFree(wanted)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean reservationAllows(int row, Demand need) {
        Reservations reserved = reservationsTouched[row];
        if (reserved == null) {
            reserved = agents.reservations(row).orElseThrow();
        }
        Rules rules = need.shape.rules();
        // A share counts as a GPU of its own: nobody breaks into one that is set aside.
        long whole = need.gpuShareMilli > 0 ? 1 : need.gpus;
        return (need.onSlack || ((need.cpusMilli == 0
                || reserved.cpusMilliOf(rules, cpus[row]) >= need.cpusMilli)
                && (need.memMib == 0 || reserved.memMibOf(rules, mem[row]) >= need.memMib)))
                && (need.diskMib == 0 || reserved.diskMibOf(rules, disk[row]) >= need.diskMib)
                && (whole == 0 || reserved.gpusOf(rules, gpus[row]) >= whole);
    }

    private PortSet ports(int row) {
        PortSet touched = portsTouched[row];
        return touched == null ? agents.ports(row) : touched;
    }

    private long cpusSlack(int row) {
        fillSlack();
        return cpusSlack[row];
    }

    private long memSlack(int row) {
        fillSlack();
        return memSlack[row];
    }

    private void fillSlack() {
        if (cpusSlack.length == cpus.length) {
            return;
        }
        cpusSlack = new long[cpus.length];
        memSlack = new long[cpus.length];
        for (int row = 0; row < cpus.length; row++) {
            if (agents.present(row)) {
                // What this round has taken already counts where nothing is measured.
                boolean free = agents.cpusUsedMilli()[row] < 0;
                cpusSlack[row] = (free
                        ? cpus[row]
                        : Slack.cpusMilli(agents, row, slackMarginPpm))
                        - agents.cpusOnSlackMilli()[row];
                memSlack[row] = (free ? mem[row] : Slack.memMib(agents, row, slackMarginPpm))
                        - agents.memOnSlackMib()[row];
            }
        }
    }

    // Taking and giving back

    /**
     * Takes one instance's worth from an agent; writes its host ports to {@code ports} from {@code at}.
     *
     * @param gpuMask the GPUs to take, one bit each
     */
    void take(int row, Demand need, int gpuMask, int[] ports, int at) {
        if (need.onSlack || gpuMask != 0 || agents.reservations(row).isPresent()) {
            amounts(row, need.shape, gpuMask, -1);
        } else {
            reserve(row, need.cpusMilli, need.memMib);
            disk[row] -= need.diskMib;
        }
        if (need.ports > 0) {
            PortSet free = portsToTake(row);
            // Asked-for ports first: a free choice must not take one of them.
            for (int i = 0; i < need.ports; i++) {
                int wanted = need.portsFixed ? need.hostPorts.get(i) : 0;
                if (wanted != 0) {
                    free.take(wanted);
                    ports[at + i] = wanted;
                }
            }
            for (int i = 0; i < need.ports; i++) {
                if (!need.portsFixed || need.hostPorts.get(i) == 0) {
                    ports[at + i] = free.takeAny();
                }
            }
        }
        changed(row);
    }

    /** As if the instance had ended. */
    void giveBack(Instance instance) {
        int row = instance.agentRow();
        amounts(row, instance.version().spec().shape(), instance.gpus(), 1);
        for (int i = 0; i < instance.portCount(); i++) {
            portsToTake(row).giveBack(instance.port(i));
        }
        changed(row);
    }

    /** As if it had not ended after all. */
    void takeBack(Instance instance) {
        int row = instance.agentRow();
        amounts(row, instance.version().spec().shape(), instance.gpus(), -1);
        for (int i = 0; i < instance.portCount(); i++) {
            portsToTake(row).retake(instance.port(i));
        }
        changed(row);
    }

    /** From now on the agent has room for nobody, or for everybody again. */
    void hold(int row, boolean now) {
        if (held[row] != now) {
            held[row] = now;
            changed(row);
        }
    }

    private void amounts(int row, Shape shape, int gpuMask, int sign) {
        Resources need = shape.resources();
        if (shape.rules().serviceClass() == ServiceClass.BEST_EFFORT) {
            fillSlack();
            cpusSlack[row] += sign * need.cpusMilli();
            memSlack[row] += sign * need.memMib();
        } else {
            reserve(row, -sign * need.cpusMilli(), -sign * need.memMib());
        }
        disk[row] += sign * need.diskMib();
        if (gpuMask != 0) {
            gpus(row, gpuMask, sign * (need.gpus() > 0
                    ? Resources.GPU_MILLI
                    : need.gpuShareMilli()));
        }
        if (agents.reservations(row).isPresent()) {
            Reservations touched = reservationsTouched[row];
            if (touched == null) {
                touched = agents.reservations(row).get().copy();
                reservationsTouched[row] = touched;
            }
            touched.take(shape, -sign);
        }
    }

    private void reserve(int row, long cpusMilli, long memMib) {
        cpus[row] -= cpusMilli;
        mem[row] -= memMib;
        if (cpusSlack.length > 0 && agents.cpusUsedMilli()[row] < 0) {
            cpusSlack[row] -= cpusMilli;
            memSlack[row] -= memMib;
        }
    }

    private void gpus(int row, int mask, int milli) {
        if (!gpusTouched) {
            gpusTouched = true;
            gpuFreeMilli = Arrays.copyOf(gpuFreeMilli, cpus.length * AgentSpec.GPUS_MAX);
        }
        for (int rest = mask; rest != 0; rest &= rest - 1) {
            int at = row * AgentSpec.GPUS_MAX + Integer.numberOfTrailingZeros(rest);
            int before = gpuFreeMilli[at];
            gpuFreeMilli[at] = before + milli;
            gpus[row] += (gpuFreeMilli[at] == Resources.GPU_MILLI ? 1 : 0)
                    - (before == Resources.GPU_MILLI ? 1 : 0);
        }
    }

    private PortSet portsToTake(int row) {
        PortSet touched = portsTouched[row];
        if (touched == null) {
            touched = agents.ports(row).copy();
            portsTouched[row] = touched;
        }
        return touched;
    }

    private static long times(long free, long need) {
        return need == 0 ? Integer.MAX_VALUE : free / need;
    }
}
