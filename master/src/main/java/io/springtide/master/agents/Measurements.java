package io.springtide.master.agents;

import io.springtide.core.command.Command;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Resources;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.model.Shape;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.InstanceList;
import io.springtide.master.agents.AgentsPort.InstanceUsage;
import io.springtide.master.ring.CommandPort;
import io.springtide.master.ring.Outcome;
import io.springtide.master.view.ClusterView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Tells the engine what is really used on agents, for best-effort work to live on the rest. One look
 * at a time; used by one thread.
 */
final class Measurements {

    static final Duration INTERVAL = Duration.ofSeconds(5);

    /** Few enough that no reader of the state waits for it. */
    private static final int ROWS_A_LOOK = 64;

    /** The core passes over less than a part of the agent; such measures need not trouble the ring. */
    private static final int STEPS = 20;

    private static final long MIB = 1L << 20;

    private final ClusterView view;
    private final CommandPort commands;
    private final Usages usages;
    private final Predicate<AgentId> connected;
    private CompletableFuture<Outcome> last = CompletableFuture
            .completedFuture(new Outcome.Busy());

    /** What one agent is to be measured by. */
    private record Load(AgentId agent, Resources total, long cpusBefore, long memBefore,
            List<Member> members) {}

    private record Member(long number, Shape shape, boolean running) {}

    Measurements(ClusterView view, CommandPort commands, Usages usages,
            Predicate<AgentId> connected) {
        this.view = view;
        this.commands = commands;
        this.usages = usages;
        this.connected = connected;
    }

    /** Measures all agents. What finds the ring full is dropped: the next look is as good. */
    void look() {
        if (!last.isDone()) {
            return;
        }
        List<Command.Measure> changed = new ArrayList<>();
        int rows = view.read(state -> state.agents().rows());
        for (int from = 0; from < rows; from += ROWS_A_LOOK) {
            int first = from;
            for (Load load : view.read(state -> loads(state, first))) {
                if (connected.test(load.agent())) {
                    measure(load).filter(one -> matters(load, one)).ifPresent(changed::add);
                }
            }
        }
        if (!changed.isEmpty()) {
            last = commands.submit(new Command.MeasureAgents(changed));
        }
    }

    private static List<Load> loads(ClusterState state, int from) {
        AgentTable agents = state.agents();
        List<Load> loads = new ArrayList<>();
        for (int row = from; row < Math.min(agents.rows(), from + ROWS_A_LOOK); row++) {
            if (!agents.present(row) || agents.condition(row) != AgentCondition.LIVE) {
                continue;
            }
            InstanceList instances = agents.instances(row);
            List<Member> members = new ArrayList<>(instances.size());
            for (int i = 0; i < instances.size(); i++) {
                Instance one = instances.get(i);
                Shape shape = one.version().spec().shape();
                if (shape.rules().serviceClass() != ServiceClass.BEST_EFFORT) {
                    members.add(new Member(one.number(), shape,
                            one.seen() == Condition.RUNNING));
                }
            }
            loads.add(new Load(agents.spec(row).id(), agents.spec(row).resources(),
                    agents.cpusUsedMilli()[row], agents.memUsedMib()[row], members));
        }
        return loads;
    }

    /** Empty while the agent has said nothing of what runs on it: that is not the same as nothing used. */
    private Optional<Command.Measure> measure(Load load) {
        long cpusMilli = 0;
        long memBytes = 0;
        int running = 0;
        int said = 0;
        for (Member member : load.members()) {
            Optional<InstanceUsage> usage = usages.steady(member.number());
            Resources asked = member.shape().resources();
            running += member.running() ? 1 : 0;
            said += usage.isPresent() ? 1 : 0;
            // What is only starting will use what it has asked for.
            boolean known = usage.isPresent() && member.running();
            cpusMilli += known ? usage.get().cpusMilli() : asked.cpusMilli();
            memBytes += known ? usage.get().memBytes() : asked.memMib() * MIB;
        }
        return running > 0 && said == 0
                ? Optional.empty()
                : Optional.of(new Command.Measure(load.agent(), cpusMilli,
                        (memBytes + MIB - 1) / MIB));
    }

    private static boolean matters(Load load, Command.Measure measure) {
        return load.cpusBefore() < 0
                || Math.abs(load.cpusBefore() - measure.cpusMilli()) > load.total().cpusMilli()
                        / STEPS
                || Math.abs(load.memBefore() - measure.memMib()) > load.total().memMib() / STEPS;
    }
}
