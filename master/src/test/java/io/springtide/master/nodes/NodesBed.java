package io.springtide.master.nodes;

import io.springtide.core.CoreSettings;
import io.springtide.core.SchedulerCore;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.Backoff;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Goal;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.KillSelection;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Rules;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.model.Shape;
import io.springtide.core.model.Unreachable;
import io.springtide.core.model.Upgrade;
import io.springtide.core.model.Upkeep;
import io.springtide.core.placement.PlacementSettings;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.InstanceList;
import io.springtide.master.TestEngine;
import io.springtide.master.agents.Timing;
import io.springtide.master.config.NodesSetting;
import io.springtide.master.ring.CommandPort;
import io.springtide.master.ring.Outcome;
import io.springtide.master.view.CommittedState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** The real core with agents that do as they are told, a cloud in memory, and a clock that a test moves. */
final class NodesBed implements CommandPort {

    static final AppId APP = new AppId("/shop");

    final CommittedState view = new CommittedState(new ClusterState(), 0);
    final FakeProvider cloud = new FakeProvider();
    final NodesCounters counters = new NodesCounters();
    final List<Command> commands = new ArrayList<>();
    /** Agents come by themselves a look after their machine is granted. */
    boolean agentsCome = true;
    /** What the agent of a machine has; a machine may be smaller than it was ordered. */
    Resources real = new Resources(4_000, 8_192, 0, 0);
    long nowMs = Instant.parse("2026-03-02T09:00:00Z").toEpochMilli();
    private final TestEngine engine = new TestEngine(
            new SchedulerCore(new ClusterState(), CoreSettings.DEFAULT), view);
    private final List<Runnable> soon = new ArrayList<>();
    private final TreeMap<String, Long> seqs = new TreeMap<>();
    private Optional<Runnable> everySecond = Optional.empty();
    private long incarnations;

    NodesBed() {
        command(new Command.FoundCluster("5f0c9e1ad2b34c77"));
        join("fixed", Map.of(), new Resources(4_000, 8_192, 0, 0));
    }

    /** A leader of this cluster whose pool is set up like this. */
    NodesService service(String... settings) {
        soon.clear();
        TreeMap<String, String> all = new TreeMap<>(
                Map.of("max", "5", "cpus", "4", "mem", "8192", "adapter", "fake"));
        for (String one : settings) {
            String[] parts = one.split("=", 2);
            all.put(parts[0], parts[1]);
        }
        PoolSettings pool = PoolSettings.of(new NodesSetting("web", "web=file", all));
        command(new Command.FoundCluster("5f0c9e1ad2b34c77"));
        NodesService service = new NodesService(view, this, PlacementSettings.DEFAULT,
                List.of(new Adapters.Opened(pool, cloud)), new Steps(),
                () -> Instant.ofEpochMilli(nowMs), counters);
        service.start();
        return service;
    }

    void join(String name, Map<String, String> attributes, Resources resources) {
        command(new Command.RegisterAgent(new AgentSpec(new AgentId(name), ++incarnations,
                "127.0.0.1", "eu", "default", "", AgentSpec.sorted(attributes), resources,
                List.of(new PortRange(31_000, 31_999)), 3), List.of()));
        seqs.put(name, 0L);
    }

    /** So many instances of a processor each. */
    void submit(int instances) {
        submit(APP, instances, 1_000, Rules.NONE);
    }

    void submit(AppId app, int instances, long cpusMilli, Rules rules) {
        Shape shape = new Shape(new Resources(cpusMilli, 64, 0, 0), List.of(), RuntimeKind.PROCESS,
                PlacementPolicy.SPREAD, rules);
        AppSpec spec = new AppSpec(app, "{}", instances, shape, Backoff.DEFAULT, Upgrade.DEFAULT,
                KillSelection.YOUNGEST_FIRST, Unreachable.DEFAULT, 3_000, false, List.of());
        if (command(new Command.SubmitApps(List.of(new Command.AppChange(spec,
                Command.AppChange.ANY)), true)) instanceof Answer.Refused refused) {
            throw new AssertionError(refused.detail());
        }
    }

    static Rules bestEffort() {
        return Rules.NONE.withServiceClass(ServiceClass.BEST_EFFORT);
    }

    int running() {
        return view.read(state -> {
            AppState app = state.app(APP).orElseThrow();
            int count = 0;
            for (int i = 0; i < app.instances().size(); i++) {
                count += app.instances().get(i).seen() == Condition.RUNNING ? 1 : 0;
            }
            return count;
        });
    }

    boolean known(String agent) {
        return view.read(state -> state.agents().rowOf(new AgentId(agent)).isPresent());
    }

    Upkeep.Mode mode(String agent) {
        return view.read(state -> state.agents().marks()
                .upkeep(state.agents().rowOf(new AgentId(agent)).orElseThrow()).mode());
    }

    void keep(String agent, Upkeep.Mode mode) {
        command(new Command.KeepAgent(new AgentId(agent), mode, 0, false));
    }

    // ------------------------------------------------------------ time

    void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            nowMs += 1_000;
            command(new Command.Tick());
            machines();
            obey();
            everySecond.ifPresent(Runnable::run);
            drain();
            obey();
        }
    }

    void drain() {
        while (!soon.isEmpty()) {
            List<Runnable> now = List.copyOf(soon);
            soon.clear();
            now.forEach(Runnable::run);
        }
    }

    /** Agents come with their machines, and fall silent without them. */
    private void machines() {
        cloud.machines.keySet().stream()
                .filter(token -> agentsCome && !seqs.containsKey("agent-" + token)).toList()
                .forEach(token -> join("agent-" + token, Map.of("machine", token), real));
        seqs.keySet().stream().filter(name -> name.startsWith("agent-")
                && !cloud.machines.containsKey(name.substring("agent-".length()))).toList()
                .forEach(name -> {
                    seqs.remove(name);
                    command(new Command.AgentFellSilent(new AgentId(name)));
                });
    }

    /** What was ordered of the agents is done. */
    private void obey() {
        seqs.keySet().stream().toList().forEach(name -> {
            List<InstanceStatus> statuses = view.read(state -> open(state, name));
            if (!statuses.isEmpty()) {
                long incarnation = view.read(state -> state.agents()
                        .spec(state.agents().rowOf(new AgentId(name)).orElseThrow())
                        .incarnation());
                command(new Command.ReportStatuses(new AgentId(name), incarnation,
                        seqs.merge(name, 1L, Long::sum), statuses));
            }
        });
    }

    private static List<InstanceStatus> open(ClusterState state, String name) {
        List<InstanceStatus> all = new ArrayList<>();
        InstanceList held = state.agents()
                .instances(state.agents().rowOf(new AgentId(name)).orElseThrow());
        for (int i = 0; i < held.size(); i++) {
            Instance one = held.get(i);
            boolean ends = one.goal() == Goal.DECOMMISSIONED;
            if (ends || one.seen() != Condition.RUNNING) {
                all.add(new InstanceStatus(one.number(),
                        ends ? Condition.KILLED : Condition.RUNNING, ends ? 137 : -1, "", "",
                        Health.UNKNOWN, 0, false));
            }
        }
        return all;
    }

    private final class Steps implements Timing {

        @Override
        public long nanoTime() {
            return nowMs * 1_000_000;
        }

        @Override
        public long random(long from, long to) {
            return from;
        }

        @Override
        public void after(Duration delay, Runnable task) {
            soon.add(task);
        }

        @Override
        public void every(Duration pause, Runnable task) {
            everySecond = Optional.of(task);
        }

        @Override
        public void close() {
            everySecond = Optional.empty();
            soon.clear();
        }
    }

    // ------------------------------------------------------------ the ring

    @Override
    public CompletableFuture<Outcome> submit(Command command) {
        commands.add(command);
        return CompletableFuture.completedFuture(new Outcome.Decided(command(command)));
    }

    Answer command(Command command) {
        return engine.command(command, nowMs);
    }
}
