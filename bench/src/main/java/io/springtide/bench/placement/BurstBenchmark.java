package io.springtide.bench.placement;

import io.springtide.core.CoreSettings;
import io.springtide.core.SchedulerCore;
import io.springtide.core.command.Command;
import io.springtide.core.command.Decision;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.Backoff;
import io.springtide.core.model.KillSelection;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Resources;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.Shape;
import io.springtide.core.model.Unreachable;
import io.springtide.core.model.Upgrade;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.StateSnapshot;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One app asks for ten thousand instances on five thousand empty agents: what the core does between the
 * command and the last fact applied. A score is instances a second. Journal, network and containers
 * are not in it. Runs with
 * {@code java -cp 'bench/target/classes:bench/target/lib/*' org.openjdk.jmh.Main BurstBenchmark}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(3)
public class BurstBenchmark {

    private static final int INSTANCES = 10_000;
    private static final int AGENTS = 5_000;
    private static final int SITES = 2;
    private static final int AGENTS_PER_RACK = 40;
    private static final long NOW_MS = 1_000_000;

    @Param({"SPREAD", "BINPACK"})
    public PlacementPolicy policy = PlacementPolicy.SPREAD;

    private byte[] empty = {};
    private Command.SubmitApps burst = new Command.SubmitApps(List.of(), false);
    private SchedulerCore core = new SchedulerCore(new ClusterState(), CoreSettings.DEFAULT);

    /** Five thousand agents register. */
    @Setup(Level.Trial)
    public void register() {
        SchedulerCore fresh = new SchedulerCore(new ClusterState(), CoreSettings.DEFAULT);
        for (int i = 0; i < AGENTS; i++) {
            Command register = new Command.RegisterAgent(agent(i), List.of());
            fresh.decide(register, NOW_MS).events().forEach(fresh::apply);
        }
        empty = StateSnapshot.encode(fresh.state());
        burst = new Command.SubmitApps(
                List.of(new Command.AppChange(app(policy), Command.AppChange.ABSENT)), false);
    }

    /** Every burst finds the agents empty. */
    @Setup(Level.Invocation)
    public void restore() {
        core = new SchedulerCore(StateSnapshot.decode(empty), CoreSettings.DEFAULT);
    }

    @Benchmark
    @OperationsPerInvocation(INSTANCES)
    public ClusterState placeBurst() {
        run(burst);
        while (run(new Command.Settle())) {
            // Settles until nothing follows, as the engine does.
        }
        if (core.state().instanceCount() != INSTANCES) {
            throw new IllegalStateException("placed only " + core.state().instanceCount());
        }
        return core.state();
    }

    private boolean run(Command command) {
        Decision decision = core.decide(command, NOW_MS);
        decision.events().forEach(core::apply);
        return !decision.events().isEmpty();
    }

    private static AgentSpec agent(int number) {
        int site = number % SITES;
        int rack = number / SITES / AGENTS_PER_RACK;
        return new AgentSpec(new AgentId("agent-" + number), 1, "agent-" + number, "region",
                "site-" + site, "rack-" + rack, new TreeMap<>(),
                new Resources(16_000, 64 * 1_024, 100_000, 0),
                List.of(new PortRange(31_000, 31_999)), RuntimeKind.DOCKER.bit());
    }

    private static AppSpec app(PlacementPolicy policy) {
        return new AppSpec(new AppId("/flood"), "{}", INSTANCES,
                new Shape(new Resources(1_000, 2_048, 0, 0), List.of(0), RuntimeKind.DOCKER,
                        policy),
                Backoff.DEFAULT, Upgrade.DEFAULT, KillSelection.YOUNGEST_FIRST, Unreachable.DEFAULT,
                3_000, false, List.of(0));
    }
}
