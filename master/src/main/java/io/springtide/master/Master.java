package io.springtide.master;

import io.springtide.core.CoreSettings;
import io.springtide.core.SchedulerCore;
import io.springtide.core.command.Command;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.StateSnapshot;
import io.springtide.master.agents.AgentCounters;
import io.springtide.master.agents.AgentGateway;
import io.springtide.master.agents.GatewaySettings;
import io.springtide.master.config.MasterConfig;
import io.springtide.master.http.EventStream;
import io.springtide.master.http.RestServer;
import io.springtide.master.http.RestSettings;
import io.springtide.master.journal.FileJournal;
import io.springtide.master.journal.JournalConfig;
import io.springtide.master.metrics.EngineMetrics;
import io.springtide.master.metrics.FactMetrics;
import io.springtide.master.metrics.Registries;
import io.springtide.master.plugins.PlacementPlugins;
import io.springtide.master.ring.Engine;
import io.springtide.master.snapshot.JournalHistory;
import io.springtide.master.snapshot.Replay;
import io.springtide.master.snapshot.SnapshotWriter;
import io.springtide.master.view.CommittedState;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A master, wired by hand: journal, state, engine, and the two doors, agents first. */
public final class Master implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Master.class);
    private static final long START_S = 30;

    private final FileJournal journal;
    private final Engine engine;
    private final SnapshotWriter snapshots;
    private final AgentGateway gateway;
    private final Vertx vertx;
    private final RestServer rest;

    /** The surroundings do not allow a start; the message says what is in the way. */
    public static final class CannotStart extends RuntimeException {

        private static final long serialVersionUID = 1;

        CannotStart(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Replays the journal and opens the doors.
     *
     * @param onFatal told when the reign has to end
     * @throws io.springtide.master.journal.JournalException if the journal cannot be used
     * @throws CannotStart if an address is taken
     */
    public static Master start(MasterConfig config, Consumer<Throwable> onFatal) {
        FileJournal journal = FileJournal.open(config.data(), JournalConfig.STANDARD);
        boolean started = false;
        try {
            Master master = new Master(config, journal, onFatal);
            started = true;
            return master;
        } finally {
            if (!started) {
                journal.close();
            }
        }
    }

    private Master(MasterConfig config, FileJournal journal, Consumer<Throwable> onFatal) {
        this.journal = journal;
        journal.findings().forEach(finding -> LOG.warn("journal: {}", finding));
        long begunNanos = System.nanoTime();
        Replay replay = Replay.of(journal);
        long epoch = journal.epochNext();
        CommittedState view = new CommittedState(
                StateSnapshot.decode(StateSnapshot.encode(replay.state())),
                replay.position());
        LOG.info("replayed position={} apps={} instances={} ms={}", replay.position(),
                replay.state().apps().size(),
                replay.state().instanceCount(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos));
        Registries metrics = Registries.empty();
        EngineMetrics engineMetrics = new EngineMetrics(metrics);
        CoreSettings settings = new CoreSettings(config.agentUnreachableAfter().toMillis(),
                CoreSettings.DEFAULT.agentRemovedAfterMs(), config.launchTimeout().toMillis(),
                CoreSettings.DEFAULT.servicePortFirst(), CoreSettings.DEFAULT.servicePortLast());
        engine = new Engine(new SchedulerCore(replay.state(), settings,
                PlacementPlugins.settings().scorers()), view, journal, epoch,
                replay.newestMs(),
                engineMetrics, onFatal);
        EventStream events = new EventStream(view, new JournalHistory(journal));
        gateway = new AgentGateway(
                GatewaySettings.DEFAULT.withAddress(config.agentListen().host(),
                        config.agentListen().port()),
                epoch,
                engine, view, events);
        view.listen(gateway);
        view.listen(events);
        view.listen(new FactMetrics(metrics));
        register(metrics, journal, gateway.counters());
        metrics.ready(Map.of("core", engineMetrics::coreReady, "journal",
                engineMetrics::journalReady, "agents", () -> view.read(Master::anyAgentLive)));
        engine.start();
        found(journal);
        snapshots = new SnapshotWriter(view, journal, epoch);
        snapshots.start();
        // No files are served: without this, each killed master would leave a cache folder behind.
        vertx = Vertx.vertx(new VertxOptions().setFileSystemOptions(new FileSystemOptions()
                .setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        Status status = new Status(config.listen().toString(), epoch, view);
        rest = new RestServer(vertx,
                new RestSettings(config.listen().host(), config.listen().port(),
                        config.insecureBind(), Version.number(), Version.commit(),
                        config.dialect(), config.flags()),
                engine, view, gateway, status, events,
                metrics);
        open(config);
        status.ready = true;
        LOG.info("ready listen={} agents={} epoch={} cluster={}", config.listen(),
                config.agentListen(), epoch,
                journal.clusterId());
    }

    private static void register(Registries metrics, FileJournal journal, AgentCounters agents) {
        metrics.gauge("tide_journal_size_bytes", journal::sizeBytes);
        metrics.gauge("tide_gateway_connected", agents::connected);
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

    private static boolean anyAgentLive(ClusterState state) {
        AgentTable agents = state.agents();
        for (int row = 0; row < agents.rows(); row++) {
            if (agents.present(row) && agents.condition(row) == AgentCondition.LIVE) {
                return true;
            }
        }
        return false;
    }

    private void found(FileJournal journal) {
        try {
            engine.submit(new Command.FoundCluster(journal.clusterId())).get(START_S,
                    TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStart("interrupted while starting", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new CannotStart(
                    "the journal did not take the first fact within " + START_S + " s; look at the"
                            + " disk of its folder",
                    e);
        }
    }

    private void open(MasterConfig config) {
        try {
            gateway.start();
        } catch (UncheckedIOException e) {
            close();
            throw new CannotStart(
                    "cannot listen for agents on " + config.agentListen() + " (" + e.getMessage()
                            + "): end what uses the port, or choose another with --agent-listen",
                    e);
        }
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

    /** Where clients connect, once started. */
    int clientPort() {
        return rest.port();
    }

    /** Doors first, then what is under way, then the journal. */
    @Override
    public void close() {
        rest.close();
        gateway.close();
        engine.close();
        snapshots.close();
        vertx.close();
        journal.close();
        LOG.info("ended");
    }

    /** How this master is. */
    private static final class Status implements MasterStatus {

        private final String leader;
        private final long epoch;
        private final CommittedState view;
        private volatile boolean ready;

        Status(String leader, long epoch, CommittedState view) {
            this.leader = leader;
            this.epoch = epoch;
            this.view = view;
        }

        @Override
        public boolean ready() {
            return ready;
        }

        @Override
        public String leader() {
            return leader;
        }

        @Override
        public long epoch() {
            return epoch;
        }

        @Override
        public long position() {
            return view.position();
        }
    }
}
