package io.springtide.core.placement;

import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.Rejection;
import io.springtide.core.model.Resources;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.model.Shape;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.Instance;
import io.springtide.core.state.PortSet;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What the agents have to offer during one round of placement: scratch copies of the columns, from
 * which the round takes what it hands out, so that the state stays as it is until the facts are
 * applied.
 */
final class Offers {

    private static final int LOAD_SCALE = 0xFFFF;

    private final AgentTable agents;
    private final int rows;
    private final long[] cpus;
    private final long[] mem;
    private final long[] disk;
    private final long[] gpus;
    private final int[] gpuFreeMilli;
    private final @Nullable PortSet[] portsTouched;
    private final long[] cpusSlack;
    private final long[] memSlack;
    private final BitSet held = new BitSet();

    Offers(AgentTable agents, int slackMarginPpm) {
        this.cpusSlack = new long[agents.rows()];
        this.memSlack = new long[agents.rows()];
        for (int row = 0; row < agents.rows(); row++) {
            if (agents.present(row)) {
                cpusSlack[row] = Slack.cpusMilli(agents, row, slackMarginPpm)
                        - agents.cpusOnSlackMilli()[row];
                memSlack[row] = Slack.memMib(agents, row, slackMarginPpm)
                        - agents.memOnSlackMib()[row];
            }
        }
        this.agents = agents;
        this.rows = agents.rows();
        this.portsTouched = new PortSet[rows];
        this.cpus = Arrays.copyOf(agents.cpusFreeMilli(), rows);
        this.mem = Arrays.copyOf(agents.memFreeMib(), rows);
        this.disk = Arrays.copyOf(agents.diskFreeMib(), rows);
        this.gpuFreeMilli = Arrays.copyOf(agents.gpuFreeMilli(), rows * AgentSpec.GPUS_MAX);
        this.gpus = Arrays.copyOf(agents.gpusFree(), rows);
    }

    int rows() {
        return rows;
    }

    AgentTable agents() {
        return agents;
    }

    /**
     * How many instances of a shape an agent can take, none of them with a veto.
     *
     * @param vetoes counts the first veto of an agent that takes none
     */
    int room(int row, Shape shape, int[] vetoes) {
        if (agents.condition(row) != AgentCondition.LIVE) {
            return veto(Rejection.AGENT_SILENT, vetoes);
        }
        if ((agents.spec(row).runtimesMask() & shape.runtime().bit()) == 0) {
            return veto(Rejection.RUNTIME, vetoes);
        }
        if (held.get(row)) {
            return veto(Rejection.HELD, vetoes);
        }
        Resources need = shape.resources();
        if (onSlack(shape)) {
            if (Math.min(times(cpusSlack[row], need.cpusMilli()),
                    times(memSlack[row], need.memMib())) <= 0) {
                return veto(Rejection.SLACK, vetoes);
            }
        }
        long room = times((onSlack(shape) ? cpusSlack : cpus)[row], need.cpusMilli());
        if (room <= 0) {
            return veto(Rejection.CPUS, vetoes);
        }
        room = Math.min(room,
                times((onSlack(shape) ? memSlack : mem)[row], need.memMib()));
        if (room <= 0) {
            return veto(Rejection.MEMORY, vetoes);
        }
        room = Math.min(room, times(disk[row], need.diskMib()));
        if (room <= 0) {
            return veto(Rejection.DISK, vetoes);
        }
        room = Math.min(room, need.gpuShareMilli() > 0
                ? shares(row, need.gpuShareMilli())
                : times(gpus[row], need.gpus()));
        if (room <= 0) {
            return veto(Rejection.GPUS, vetoes);
        }
        room = Math.min(room, portRoom(row, shape));
        if (room <= 0) {
            return veto(Rejection.PORTS, vetoes);
        }
        return (int) Math.min(room, Integer.MAX_VALUE);
    }

    /** How full an agent is by its scarcest resource, 0 to 65535. */
    int load(int row) {
        Resources total = agents.spec(row).resources();
        long byCpus = share(total.cpusMilli() - cpus[row], total.cpusMilli());
        long byMem = share(total.memMib() - mem[row], total.memMib());
        return (int) Math.max(byCpus, byMem);
    }

    /**
     * Takes one instance's worth from an agent; writes its host ports to {@code ports} from {@code at}.
     *
     * @return the GPUs taken, one bit each
     */
    int take(int row, Shape shape, int[] ports, int at) {
        Resources need = shape.resources();
        amounts(row, shape, -1);
        int count = shape.hostPorts().size();
        if (count > 0) {
            PortSet free = portsToTake(row);
            // Asked-for ports first: a free choice must not take one of them.
            for (int i = 0; i < count; i++) {
                int wanted = shape.hostPorts().get(i);
                if (wanted != 0) {
                    free.take(wanted);
                    ports[at + i] = wanted;
                }
            }
            for (int i = 0; i < count; i++) {
                if (shape.hostPorts().get(i) == 0) {
                    ports[at + i] = free.takeAny();
                }
            }
        }
        return need.hasGpus() ? takeGpus(row, need) : 0;
    }

    void hold(int row, boolean hold) {
        held.set(row, hold);
    }

    void giveBack(Instance instance, int sign) {
        int row = instance.agentRow();
        Resources need = instance.version().spec().shape().resources();
        amounts(row, instance.version().spec().shape(), sign);
        for (int i = 0; i < instance.portCount(); i++) {
            if (sign > 0) {
                portsToTake(row).giveBack(instance.port(i));
            } else {
                portsToTake(row).retake(instance.port(i));
            }
        }
        for (int rest = instance.gpus(); rest != 0; rest &= rest - 1) {
            int at = row * AgentSpec.GPUS_MAX + Integer.numberOfTrailingZeros(rest);
            int before = gpuFreeMilli[at];
            gpuFreeMilli[at] += sign * Math.max(need.gpuShareMilli(),
                    need.gpus() > 0 ? Resources.GPU_MILLI : 0);
            gpus[row] += (gpuFreeMilli[at] == Resources.GPU_MILLI ? 1 : 0)
                    - (before == Resources.GPU_MILLI ? 1 : 0);
        }
    }

    private void amounts(int row, Shape shape, int sign) {
        Resources need = shape.resources();
        boolean unmeasured = agents.cpusUsedMilli()[row] < 0;
        if (!onSlack(shape)) {
            cpus[row] += sign * need.cpusMilli();
            mem[row] += sign * need.memMib();
        }
        if (onSlack(shape) || unmeasured) {
            cpusSlack[row] += sign * need.cpusMilli();
            memSlack[row] += sign * need.memMib();
        }
        disk[row] += sign * need.diskMib();
    }

    private static boolean onSlack(Shape shape) {
        return shape.rules().serviceClass() == ServiceClass.BEST_EFFORT;
    }

    /** A share goes to the GPU that is left with least. */
    private int takeGpus(int row, Resources need) {
        int base = row * AgentSpec.GPUS_MAX;
        if (need.gpuShareMilli() > 0) {
            int best = -1;
            for (int gpu = 0; gpu < AgentSpec.GPUS_MAX; gpu++) {
                int free = gpuFreeMilli[base + gpu];
                if (free >= need.gpuShareMilli()
                        && (best < 0 || free < gpuFreeMilli[base + best])) {
                    best = gpu;
                }
            }
            gpus[row] -= gpuFreeMilli[base + best] == Resources.GPU_MILLI ? 1 : 0;
            gpuFreeMilli[base + best] -= need.gpuShareMilli();
            return 1 << best;
        }
        int mask = 0;
        for (int gpu = 0; Integer.bitCount(mask) < need.gpus(); gpu++) {
            if (gpuFreeMilli[base + gpu] == Resources.GPU_MILLI) {
                gpuFreeMilli[base + gpu] = 0;
                mask |= 1 << gpu;
            }
        }
        gpus[row] -= need.gpus();
        return mask;
    }

    /** How many shares of this size an agent's GPUs have left. */
    private int shares(int row, int shareMilli) {
        int base = row * AgentSpec.GPUS_MAX;
        int shares = 0;
        for (int gpu = 0; gpu < AgentSpec.GPUS_MAX; gpu++) {
            shares += Math.max(0, gpuFreeMilli[base + gpu]) / shareMilli;
        }
        return shares;
    }

    private PortSet portsToTake(int row) {
        PortSet touched = portsTouched[row];
        if (touched == null) {
            touched = agents.ports(row).copy();
            portsTouched[row] = touched;
        }
        return touched;
    }

    private int portRoom(int row, Shape shape) {
        int count = shape.hostPorts().size();
        if (count == 0) {
            return Integer.MAX_VALUE;
        }
        PortSet touched = portsTouched[row];
        PortSet free = touched == null ? agents.ports(row) : touched;
        if (!shape.portsFixed()) {
            return free.free() / count;
        }
        for (int wanted : shape.hostPorts()) {
            if (wanted != 0 && !free.isFree(wanted)) {
                return 0;
            }
        }
        return free.free() >= count ? 1 : 0;
    }

    private static long times(long free, long need) {
        if (need == 0) {
            return Integer.MAX_VALUE;
        }
        return free < need ? 0 : free / need;
    }

    private static long share(long used, long total) {
        return total <= 0 ? 0 : Math.clamp(used * LOAD_SCALE / total, 0, LOAD_SCALE);
    }

    @SuppressWarnings("EnumOrdinal") // counts lie in the order of the reasons
    private static int veto(Rejection rejection, int[] vetoes) {
        vetoes[rejection.ordinal()]++;
        return 0;
    }
}
