package io.springtide.master.http;

import com.google.protobuf.ByteString;
import io.springtide.api.agent.FileChunk;
import io.springtide.core.CoreSettings;
import io.springtide.core.SchedulerCore;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Goal;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Resources;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.master.TestEngine;
import io.springtide.master.agents.AgentsPort;
import io.springtide.master.metrics.Registries;
import io.springtide.master.nodes.NodesPort;
import io.springtide.master.prefetch.Progress;
import io.springtide.master.ring.CommandPort;
import io.springtide.master.ring.Outcome;
import io.springtide.master.scaling.ScalingPort;
import io.springtide.master.scaling.Standing;
import io.springtide.master.traffic.TrafficPort;
import io.springtide.master.view.ClusterView;
import io.springtide.master.view.CommittedState;
import io.springtide.master.view.History;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A master without ring and journal: the core decides at once, on the caller's thread, then listeners hear. */
final class TestCluster
        implements
            CommandPort,
            ClusterView,
            AgentsPort,
            LeadingAlone,
            AutoCloseable {

    static final String CLUSTER_ID = "5f0c9e1ad2b34c77";

    /** What has been decided, as readers see it: a copy of its own, as in a master. */
    final CommittedState view = new CommittedState(new ClusterState(), 0);
    final EventStream events = new EventStream(view, History.NONE);
    final Registries metrics = Registries.empty();
    final RestServer server;
    private final Vertx vertx = Vertx.vertx();
    private final TestEngine engine = new TestEngine(
            new SchedulerCore(new ClusterState(), CoreSettings.DEFAULT), view);
    /** What routes are told of autoscaling, by app; a test puts it there. */
    final Standings standings = new Standings();
    /** What the reign knows of traffic, if it knows anything. */
    volatile @Nullable TrafficPort traffic;
    /** What the reign knows of machines. */
    volatile List<NodesPort.PoolPicture> pools = List.of();
    volatile Map<AppId, String> machines = Map.of();
    private Optional<Outcome> forced = Optional.empty();
    private Consumer<Command> interference = command -> {
    };
    private long nowMs = 1_700_000_000_000L;
    private long seq;

    TestCluster() throws Exception {
        this(RestSettings.loopback(0));
    }

    TestCluster(RestSettings settings) throws Exception {
        view.listen(events);
        command(new Command.FoundCluster(CLUSTER_ID));
        server = new RestServer(vertx, settings, this, this, this, this, events, metrics,
                standings, () -> Optional.ofNullable(traffic), new NodesPort() {

                    @Override
                    public List<PoolPicture> pools() {
                        return pools;
                    }

                    @Override
                    public Optional<String> waiting(AppId app) {
                        return Optional.ofNullable(machines.get(app));
                    }
                });
        server.start().get(30, TimeUnit.SECONDS);
    }

    /** Every command from now on has this outcome. */
    void force(Outcome outcome) {
        forced = Optional.of(outcome);
    }

    /** Runs once, just before the next command: what somebody else does meanwhile. */
    void interfere(Runnable work) {
        interference = command -> {
            interference = other -> {
            };
            work.run();
        };
    }

    @Override
    public CompletableFuture<Outcome> submit(Command command) {
        if (forced.isPresent()) {
            return CompletableFuture.completedFuture(forced.get());
        }
        interference.accept(command);
        return CompletableFuture.completedFuture(new Outcome.Decided(command(command)));
    }

    synchronized Answer command(Command command) {
        nowMs += 10;
        return engine.command(command, nowMs);
    }

    @Override
    public CommittedState.Frozen freeze() {
        return view.freeze();
    }

    @Override
    public <T> T read(Function<ClusterState, T> query) {
        return view.read(query);
    }

    @Override
    public long revision(AppId app) {
        return view.revision(app);
    }

    @Override
    public long revision() {
        return view.revision();
    }

    /** An agent of its own host name. */
    void agent(String name, String site, String rack, Resources resources,
            Map<String, Resources> reservations) {
        command(new Command.RegisterAgent(new AgentSpec(new AgentId(name), 1, name + ".example",
                "eu", site, rack, AgentSpec.sorted(Map.of("disk", "ssd")), resources,
                List.of(new PortRange(31_000, 31_999)), 3)
                .withReservations(new TreeMap<>(reservations)), List.of()));
    }

    void agent(String name, long cpus) {
        command(new Command.RegisterAgent(new AgentSpec(new AgentId(name), 1, "127.0.0.1",
                "eu", "site-a", "r1", AgentSpec.sorted(Map.of("disk", "ssd")),
                new Resources(cpus * 1_000, 64_000, 100_000, 0),
                List.of(new PortRange(31_000, 31_999)), 3), List.of()));
    }

    /** Brings all instances of an agent to a condition. */
    void report(String agent, Condition condition) {
        report(agent, condition, Health.UNKNOWN);
    }

    void report(String agent, Condition condition, Health health) {
        List<InstanceStatus> statuses = read(state -> {
            List<InstanceStatus> all = new ArrayList<>();
            int row = state.agents().rowOf(new AgentId(agent)).orElseThrow();
            for (int i = 0; i < state.agents().instances(row).size(); i++) {
                all.add(new InstanceStatus(state.agents().instances(row).get(i).number(),
                        condition, condition.terminal() ? 3 : -1,
                        condition.terminal() ? "exited with 3" : "", "", health,
                        health == Health.DEAD ? 1 : 0, false));
            }
            return all;
        });
        command(new Command.ReportStatuses(new AgentId(agent), 1, ++seq, statuses));
    }

    /** Ends those instances of an agent that are to end. */
    void endKilled(String agent) {
        List<InstanceStatus> statuses = read(state -> {
            List<InstanceStatus> all = new ArrayList<>();
            int row = state.agents().rowOf(new AgentId(agent)).orElseThrow();
            for (int i = 0; i < state.agents().instances(row).size(); i++) {
                Instance instance = state.agents().instances(row).get(i);
                if (instance.goal() != Goal.RUNNING) {
                    all.add(new InstanceStatus(instance.number(), Condition.KILLED, 137, "", "",
                            Health.UNKNOWN, 0, false));
                }
            }
            return all;
        });
        command(new Command.ReportStatuses(new AgentId(agent), 1, ++seq, statuses));
    }

    @Override
    public Optional<Contact> contact(AgentId agent) {
        return Optional.of(new Contact(true, 12, "0.1"));
    }

    @Override
    public Optional<InstanceUsage> usage(long instance) {
        return Optional.of(new InstanceUsage(250, 1_000_000));
    }

    @Override
    public CompletableFuture<FileChunk> readFile(AgentId agent, long instance, String file,
            long offset, int size) {
        if (agent.name().equals("gone")) {
            return CompletableFuture.failedFuture(
                    new AgentUnavailable("agent gone is not connected"));
        }
        return CompletableFuture.completedFuture(FileChunk.newBuilder().setOffset(7).setSize(12)
                .setData(ByteString.copyFromUtf8(file + " of " + agent)).build());
    }

    static final class Standings implements ScalingPort {

        final Map<AppId, Standing> now = new ConcurrentHashMap<>();
        final Map<AppId, Progress> prefetches = new ConcurrentHashMap<>();

        @Override
        public Optional<Standing> standing(AppId app) {
            return Optional.ofNullable(now.get(app));
        }

        @Override
        public List<Standing> alarming() {
            return now.values().stream().filter(Standing::alarmed).toList();
        }

        @Override
        public Optional<Progress> prefetch(AppId app) {
            return Optional.ofNullable(prefetches.get(app));
        }

        @Override
        public List<Progress> unfetched() {
            return prefetches.values().stream().filter(one -> one.failed() > 0).toList();
        }

        @Override
        public void look() {
            // Nobody looks here.
        }
    }

    @Override
    public long epoch() {
        return 4;
    }

    @Override
    public long position() {
        return 99;
    }

    @Override
    public void close() {
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
