package io.springtide.master;

import io.springtide.core.elasticity.Verdict;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.ClusterState;
import io.springtide.master.agents.AgentCounters;
import io.springtide.master.agents.AgentDoor;
import io.springtide.master.agents.GatewaySettings;
import io.springtide.master.agents.Repair;
import io.springtide.master.config.MasterConfig;
import io.springtide.master.http.EventStream;
import io.springtide.master.http.RestServer;
import io.springtide.master.http.RestSettings;
import io.springtide.master.leader.LeaderParts;
import io.springtide.master.leader.Leadership;
import io.springtide.master.metrics.EngineMetrics;
import io.springtide.master.metrics.FactMetrics;
import io.springtide.master.metrics.Registries;
import io.springtide.master.nodes.NodesCounters;
import io.springtide.master.nodes.NodesParts;
import io.springtide.master.nodes.NodesPort;
import io.springtide.master.plugins.PlacementPlugins;
import io.springtide.master.prefetch.PrefetchCounters;
import io.springtide.master.scaling.ScalingCounters;
import io.springtide.master.scaling.ScalingParts;
import io.springtide.master.snapshot.JournalHistory;
import io.springtide.master.standby.Follower;
import io.springtide.master.store.Election;
import io.springtide.master.store.Store;
import io.springtide.master.traffic.TrafficMetrics;
import io.springtide.master.view.CommittedState;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A master, wired by hand: store, follower, leadership, and the two doors, agents first. */
public final class Master implements AutoCloseable, Rehearsal.Standby {

    private static final Logger LOG = LoggerFactory.getLogger(Master.class);
    private static final long START_S = 30;

    /** No files are served: without this, each killed master would leave a cache folder behind. */
    static final VertxOptions VERTX = new VertxOptions().setFileSystemOptions(
            new FileSystemOptions().setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false));

    /** For what is under way, and for another master to take over. */
    private static final Duration HAND_OVER = Duration.ofSeconds(10);

    /** Other masters, and who looks whether this one is ready, hear of it within this time. */
    private static final Duration HEARD = Duration.ofMillis(1_500);

    private final Store store;
    private final Leadership leadership;
    private final AgentDoor agents;
    private final Vertx vertx;
    private final RestServer rest;

    /** The surroundings do not allow a start; the message says what is in the way. */
    public static final class CannotStart extends RuntimeException {

        private static final long serialVersionUID = 1;

        CannotStart(String message) {
            super(message);
        }

        CannotStart(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Replays the log, opens the doors, and stands for election. Returns when it leads, if the store
     * is its own; with a shared store, when it can answer reads.
     *
     * @param store which this master closes in the end, or at once if it cannot start
     * @param onFatal told if this process cannot go on
     * @throws io.springtide.master.journal.JournalException if the log cannot be used
     * @throws CannotStart if an address is taken
     */
    public static Master start(MasterConfig config, Store store, Consumer<Throwable> onFatal) {
        boolean started = false;
        try {
            Master master = new Master(config, store, onFatal);
            started = true;
            return master;
        } finally {
            if (!started) {
                store.close();
            }
        }
    }

    private Master(MasterConfig config, Store store, Consumer<Throwable> onFatal) {
        this.store = store;
        long begunNanos = System.nanoTime();
        Follower follower = Follower.of(store.log());
        CommittedState view = follower.view();
        LOG.info("replayed store={} position={} ms={}", store.name(), view.position(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos));
        Registries metrics = Registries.empty();
        EngineMetrics engineMetrics = new EngineMetrics(metrics);
        AgentCounters counters = new AgentCounters();
        ScalingCounters scaling = new ScalingCounters();
        NodesCounters nodes = new NodesCounters();
        GatewaySettings gateway = GatewaySettings.DEFAULT.withAddress(config.agentListen().host(),
                config.agentListen().port())
                .withTimes(GatewaySettings.DEFAULT.heartbeatInterval(),
                        config.agentTimes().suspectAfter(), config.agentTimes().grace())
                .withReconcileEvery(config.agentTimes().reconcileEvery());
        agents = new AgentDoor(gateway, () -> store.election().leader()
                .map(leader -> "this master does not lead; " + leader.addresses().agents()
                        + " does")
                .orElse("no master leads at present"));
        EventStream events = new EventStream(view, new JournalHistory(store.log()));
        leadership = new Leadership(store, follower,
                new LeaderParts(config.core(), PlacementPlugins.settings().scorers(), gateway,
                        agents, counters, events, engineMetrics)
                        .withScaling(new ScalingParts(config.prometheus(), scaling))
                        .withTraffic(config.traffic())
                        .withNodes(new NodesParts(config.nodes(), nodes)),
                onFatal);
        TrafficMetrics.register(metrics, leadership::traffic);
        view.listen(events);
        view.listen(new FactMetrics(metrics));
        metrics.gauge("tide_journal_size_bytes", store.log()::sizeBytes);
        register(metrics, leadership, counters);
        register(metrics, scaling);
        if (!config.nodes().isEmpty()) {
            register(metrics, nodes);
        }
        metrics.ready(Map.of("core", engineMetrics::coreReady, "journal",
                engineMetrics::journalReady, "agents", () -> view.read(Master::anyAgentLive),
                "leader", leadership::ready));
        vertx = Vertx.vertx(VERTX);
        rest = new RestServer(vertx,
                new RestSettings(config.listen().host(), config.listen().port(),
                        config.insecureBind(), Version.number(), Version.commit(),
                        config.dialect(), config.flags()),
                leadership, view, leadership, leadership, events, metrics,
                leadership.scaling(), leadership::trafficPort, leadership.nodes());
        Election.Addresses self = new Election.Addresses(config.advertise().toString(),
                config.agentAdvertise().toString());
        listenForAgents(config);
        if (store.shared()) {
            listenForClients(config);
            leadership.begin(self);
        } else {
            leadership.begin(self);
            awaitLeadership();
            listenForClients(config);
        }
        LOG.info("ready listen={} agents={} cluster={}", config.listen(), config.agentListen(),
                store.clusterId());
    }

    /** Nobody else can take the requests that come from now on. */
    private void awaitLeadership() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_S);
        while (!leadership.leads()) {
            if (System.nanoTime() > deadline) {
                close();
                throw new CannotStart("the journal did not take the first fact within " + START_S
                        + " s; look at the disk of its folder");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private static void register(Registries metrics, MasterStatus status, AgentCounters agents) {
        metrics.gauge("tide_standby_stale_seconds", () -> status.staleMs() / 1e3);
        metrics.gauge("tide_gateway_connected", agents::connected);
        metrics.counter("tide_reconcile_repairs_total",
                "Instances where an agent and the state differed though nothing was on its way"
                        + " between them, by how that was put right.",
                "kind", Arrays.stream(Repair.values())
                        .collect(Collectors.toMap(Repair::kind, one -> () -> agents.repairs(one))));
        metrics.counter("tide_gateway_received_messages_total", "Messages of agents.",
                agents::messagesIn);
        metrics.counter("tide_gateway_sent_messages_total", "Messages to agents.",
                agents::messagesOut);
        metrics.counter("tide_gateway_acks_total",
                "Acknowledgements sent; one may stand for several reports.", agents::acks);
        metrics.counter("tide_gateway_refusals_total", "Registrations refused.",
                agents::refusals);
        metrics.counter("tide_gateway_busy_retries_total",
                "Commands handed over again since the ring was full.", agents::busyRetries);
        metrics.counter("tide_gateway_slow_closed_total",
                "Connections closed since their agent did not keep up with its orders.",
                agents::slowClosed);
    }

    private static void register(Registries metrics, ScalingCounters scaling) {
        metrics.gauge("tide_autoscale_policies", scaling::policies);
        metrics.gauge("tide_autoscale_frozen", scaling::frozen);
        metrics.counter("tide_autoscale_decisions_total",
                "Changes of a count by a policy, those on trial included.", "direction",
                Map.of("up", () -> scaling.decisions(Verdict.Direction.UP), "down",
                        () -> scaling.decisions(Verdict.Direction.DOWN)));
        metrics.counter("tide_autoscale_refusals_total",
                "Changes of a count by a policy that the cluster did not grant.",
                scaling::refusals);
        metrics.counter("tide_autoscale_queries_total",
                "Queries of policies to Prometheus, by whether they gave one number.", "result",
                Map.of("answered", scaling::queriesAnswered, "failed", scaling::queriesFailed));
        PrefetchCounters prefetches = scaling.prefetches();
        metrics.gauge("tide_prefetch_agents", prefetches::agents);
        metrics.gauge("tide_prefetch_agents_done", prefetches::agentsDone);
        metrics.counter("tide_prefetch_fetches_total",
                "What agents were to have for a schedule ahead of time, by how it ended.",
                "result", Map.of("done", prefetches::done, "failed", prefetches::failed));
    }

    private static void register(Registries metrics, NodesCounters nodes) {
        for (NodesPort.MachineState state : NodesPort.MachineState.values()) {
            metrics.gauge("tide_nodes_" + state.name().toLowerCase(Locale.ROOT),
                    () -> nodes.machines(state));
        }
        metrics.counter("tide_nodes_requests_total",
                "What adapters of machines said to requests, by what came of it.", "result",
                Map.of("granted", nodes::granted, "released", nodes::released, "throttled",
                        nodes::throttled, "refused", nodes::refused));
        metrics.counter("tide_nodes_never_came_total",
                "Machines given back since no agent of theirs registered in time.",
                nodes::neverCame);
    }

    private static boolean anyAgentLive(ClusterState state) {
        AgentTable agents = state.agents();
        for (int row = 0; row < agents.rows(); row++) {
            if (agents.present(row) && agents.condition(row) == AgentCondition.LIVE) {
                return true;
            }
        }
        return false;
    }

    private void listenForAgents(MasterConfig config) {
        try {
            agents.start();
        } catch (UncheckedIOException e) {
            close();
            throw new CannotStart(
                    "cannot listen for agents on " + config.agentListen() + " (" + e.getMessage()
                            + "): end what uses the port, or choose another with --agent-listen",
                    e);
        }
    }

    private void listenForClients(MasterConfig config) {
        try {
            rest.start().get(START_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStart("interrupted while starting", e);
        } catch (ExecutionException | TimeoutException e) {
            close();
            String why = e.getCause() == null ? "no answer in time" : e.getCause().getMessage();
            throw new CannotStart("cannot listen for clients on " + config.listen() + " (" + why
                    + "): end what uses the port, or choose another with --listen", e);
        }
    }

    /** Whether it is this one that decides. */
    @Override
    public boolean leads() {
        return leadership.leads();
    }

    @Override
    public int instances() {
        return leadership.instances();
    }

    @Override
    public void rehearse() {
        leadership.rehearse();
    }

    /** Where clients connect, once started. */
    int clientPort() {
        return rest.port();
    }

    /** Leadership first, then the doors, what is under way, the store. */
    @Override
    public void close() {
        leadership.handOver(HAND_OVER, HEARD);
        rest.close();
        leadership.close();
        agents.close();
        vertx.close();
        store.close();
        LOG.info("ended");
    }
}
