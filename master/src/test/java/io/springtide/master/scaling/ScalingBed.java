package io.springtide.master.scaling;

import io.springtide.api.agent.FileChunk;
import io.springtide.api.agent.Prefetch;
import io.springtide.api.agent.PrefetchState;
import io.springtide.core.CoreSettings;
import io.springtide.core.SchedulerCore;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.elasticity.ScalingDecision;
import io.springtide.core.elasticity.ScalingPolicy;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Backoff;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Goal;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.KillSelection;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Resources;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.Shape;
import io.springtide.core.model.Unreachable;
import io.springtide.core.model.Upgrade;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.master.TestEngine;
import io.springtide.master.agents.AgentsPort;
import io.springtide.master.agents.PrefetchPort;
import io.springtide.master.agents.Timing;
import io.springtide.master.ring.CommandPort;
import io.springtide.master.ring.Outcome;
import io.springtide.master.traffic.AppLoad;
import io.springtide.master.traffic.TrafficLoads;
import io.springtide.master.view.CommittedState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The real core with one agent, loads and queries that a test says, and a clock that it moves. */
final class ScalingBed implements CommandPort, AgentsPort, PrefetchPort, TrafficLoads, Queries {

    static final AppId APP = new AppId("/shop/web");
    private static final AgentId AGENT = new AgentId("agent-1");

    final CommittedState view = new CommittedState(new ClusterState(), 0);
    final ScalingCounters counters = new ScalingCounters();
    final List<Command.Scale> ordered = new ArrayList<>();
    final Map<String, Answered> answers = new HashMap<>();
    final Map<Long, InstanceUsage> usages = new HashMap<>();
    Set<String> asked = Set.of();
    /** What instances of the app need, if that is anything. */
    @Nullable
    Prefetch needed;
    /** What the agent was told last to fetch ahead of time. */
    List<Prefetch> wanted = List.of();
    long nowMs = Instant.parse("2026-03-02T09:00:00Z").toEpochMilli();
    long heardMsAgo = 200;
    private final TestEngine engine = new TestEngine(
            new SchedulerCore(new ClusterState(), CoreSettings.DEFAULT), view);
    private final List<Runnable> listeners = new ArrayList<>();
    private final List<Runnable> soon = new ArrayList<>();
    private final List<Runnable> held = new ArrayList<>();
    private Optional<Runnable> everySecond = Optional.empty();
    private Optional<AppLoad> load = Optional.empty();
    private boolean holding;
    private long mark;
    private long seq;

    ScalingBed() {
        command(new Command.FoundCluster("5f0c9e1ad2b34c77"));
        command(new Command.RegisterAgent(new AgentSpec(AGENT, 1, "127.0.0.1", "eu", "site-a",
                "r1", AgentSpec.sorted(Map.of()), new Resources(1_000_000, 1_000_000, 1_000, 0),
                List.of(new PortRange(31_000, 31_999)), 3), List.of()));
    }

    /** A leader of this cluster. */
    ScalingService service() {
        listeners.clear();
        soon.clear();
        ScalingService service = new ScalingService(view, this, this, this, this, this, new Steps(),
                () -> Instant.ofEpochMilli(nowMs), counters);
        service.start();
        return service;
    }

    void app(int instances, ScalingPolicy policy) {
        submit(instances);
        command(new Command.SetScaling(APP, policy));
        run();
    }

    void submit(int instances) {
        Shape shape = new Shape(new Resources(1_000, 64, 0, 0), List.of(), RuntimeKind.PROCESS,
                PlacementPolicy.SPREAD);
        AppSpec spec = new AppSpec(APP, "{}", instances, shape, Backoff.DEFAULT, Upgrade.DEFAULT,
                KillSelection.YOUNGEST_FIRST, Unreachable.DEFAULT, 3_000, false, List.of());
        Answer answer = command(new Command.SubmitApps(
                List.of(new Command.AppChange(spec, Command.AppChange.ANY)), true));
        if (answer instanceof Answer.Refused refused) {
            throw new AssertionError(refused.detail());
        }
    }

    /** What was ordered of the agent is done. */
    void run() {
        List<InstanceStatus> statuses = view.read(state -> {
            List<InstanceStatus> all = new ArrayList<>();
            app(state).ifPresent(app -> {
                for (int i = 0; i < app.instances().size(); i++) {
                    Instance one = app.instances().get(i);
                    boolean ends = one.goal() == Goal.DECOMMISSIONED;
                    if (ends || one.seen() != Condition.RUNNING) {
                        all.add(new InstanceStatus(one.number(),
                                ends ? Condition.KILLED : Condition.RUNNING, ends ? 137 : -1, "",
                                "", Health.UNKNOWN, 0, false));
                    }
                }
            });
            return all;
        });
        if (!statuses.isEmpty()) {
            command(new Command.ReportStatuses(AGENT, 1, ++seq, statuses));
        }
    }

    void uses(long cpusMilli) {
        usages.clear();
        view.read(state -> {
            app(state).ifPresent(app -> {
                for (int i = 0; i < app.instances().size(); i++) {
                    usages.put(app.instances().get(i).number(),
                            new InstanceUsage(cpusMilli, 1 << 20));
                }
            });
            return usages;
        });
    }

    int count() {
        return view.read(state -> app(state).map(AppState::scaled).orElse(-1));
    }

    List<ScalingDecision> decisions() {
        return view.read(state -> app(state).map(AppState::scalings).orElse(List.of()));
    }

    private static Optional<AppState> app(ClusterState state) {
        return state.app(APP);
    }

    // ------------------------------------------------------------ time and load

    /** A report of a load balancer; whoever listens hears of it at once. */
    void report(double arrivals) {
        load = Optional.of(new AppLoad(arrivals, 0, Math.round(arrivals / 10), 0, 20, 0,
                count(), ++mark));
        List.copyOf(listeners).forEach(Runnable::run);
        drain();
    }

    /** The same for some seconds. */
    void report(double arrivals, int seconds) {
        for (int i = 0; i < seconds; i++) {
            pass(1_000);
            report(arrivals);
            run();
        }
    }

    /** Nobody says anything more. */
    void forget() {
        load = Optional.empty();
    }

    void pass(long ms) {
        for (long left = ms; left > 0; left -= 1_000) {
            nowMs += Math.min(left, 1_000);
            everySecond.ifPresent(Runnable::run);
            drain();
        }
    }

    private void drain() {
        List<Runnable> now = List.copyOf(soon);
        soon.clear();
        now.forEach(Runnable::run);
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

    /** Commands wait from now on. */
    void hold() {
        holding = true;
    }

    void release() {
        holding = false;
        List<Runnable> now = List.copyOf(held);
        held.clear();
        now.forEach(Runnable::run);
        drain();
    }

    @Override
    public CompletableFuture<Outcome> submit(Command command) {
        CompletableFuture<Outcome> future = new CompletableFuture<>();
        if (command instanceof Command.Scale scale) {
            ordered.add(scale);
        }
        Runnable work = () -> future.complete(new Outcome.Decided(command(command)));
        if (holding) {
            held.add(work);
        } else {
            work.run();
        }
        return future;
    }

    Answer command(Command command) {
        return engine.command(command, nowMs);
    }

    // ------------------------------------------------------------ what is measured

    @Override
    public Optional<AppLoad> load(AppId app) {
        return app.equals(APP) ? load : Optional.empty();
    }

    @Override
    public void onReport(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public void ask(Set<String> wanted, long atMs) {
        asked = wanted;
    }

    @Override
    public Optional<Answered> answer(String query) {
        return Optional.ofNullable(answers.get(query));
    }

    // ------------------------------------------------------------ ahead of time

    @Override
    public Optional<Prefetch> needs(AppVersion version, String clusterId) {
        return Optional.ofNullable(needed);
    }

    @Override
    public void want(AgentId agent, List<Prefetch> items) {
        wanted = items;
    }

    @Override
    public Optional<Map<String, PrefetchState>> said(AgentId agent) {
        return Optional.of(Map.of());
    }

    @Override
    public Optional<Contact> contact(AgentId agent) {
        return Optional.of(new Contact(true, heardMsAgo, "0.1"));
    }

    @Override
    public Optional<InstanceUsage> usage(long instance) {
        return Optional.ofNullable(usages.get(instance));
    }

    @Override
    public CompletableFuture<FileChunk> readFile(AgentId agent, long instance, String file,
            long offset, int size) {
        throw new UnsupportedOperationException("no files here");
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
