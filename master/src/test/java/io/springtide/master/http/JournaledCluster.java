package io.springtide.master.http;

import io.springtide.api.agent.FileChunk;
import io.springtide.core.CoreSettings;
import io.springtide.core.SchedulerCore;
import io.springtide.core.command.Command;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Resources;
import io.springtide.core.state.StateSnapshot;
import io.springtide.master.agents.AgentsPort;
import io.springtide.master.journal.FileJournal;
import io.springtide.master.journal.JournalConfig;
import io.springtide.master.journal.Snapshot;
import io.springtide.master.metrics.EngineMetrics;
import io.springtide.master.metrics.Registries;
import io.springtide.master.ring.Engine;
import io.springtide.master.snapshot.JournalHistory;
import io.springtide.master.snapshot.Replay;
import io.springtide.master.view.CommittedState;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A master with everything but its agents, whose part the test plays: ring, journal, REST. */
final class JournaledCluster implements AgentsPort, LeadingAlone, AutoCloseable {

    private static final long WAIT_S = 30;

    final CommittedState view;
    final EventStream events;
    final RestServer server;
    private final FileJournal journal;
    private final Engine engine;
    private final long epoch;
    private final Vertx vertx = Vertx.vertx();
    private long seq = System.nanoTime();

    JournaledCluster(Path data, Duration patience) throws Exception {
        journal = FileJournal.open(data, new JournalConfig(16 * 1024, 0));
        Replay replay = Replay.of(journal);
        epoch = journal.epochNext();
        view = new CommittedState(StateSnapshot.decode(StateSnapshot.encode(replay.state())),
                replay.position());
        Registries metrics = Registries.empty();
        engine = new Engine(new SchedulerCore(replay.state(), CoreSettings.DEFAULT), view, journal,
                epoch, replay.newestMs(), new EngineMetrics(metrics), failure -> {
                    throw new AssertionError(failure);
                });
        events = new EventStream(view, new JournalHistory(journal), patience);
        view.listen(events);
        engine.start();
        command(new Command.FoundCluster(journal.clusterId()));
        command(new Command.RegisterAgent(new AgentSpec(new AgentId("a1"), 1, "127.0.0.1", "eu",
                "site-a", "r1", AgentSpec.sorted(Map.of()),
                new Resources(4_000_000, 64_000_000, 100_000, 0),
                List.of(new PortRange(20_000, 60_000)), 3), List.of()));
        server = new RestServer(vertx, RestSettings.loopback(0), engine, view, this, this, events,
                metrics);
        server.start().get(WAIT_S, TimeUnit.SECONDS);
    }

    void command(Command command) throws Exception {
        engine.submit(command).get(WAIT_S, TimeUnit.SECONDS);
    }

    /** Brings all instances to a condition. */
    void report(Condition condition, Health health) throws Exception {
        List<InstanceStatus> statuses = view.read(state -> {
            List<InstanceStatus> all = new ArrayList<>();
            int row = state.agents().rowOf(new AgentId("a1")).orElseThrow();
            for (int i = 0; i < state.agents().instances(row).size(); i++) {
                all.add(new InstanceStatus(state.agents().instances(row).get(i).number(),
                        condition, condition.terminal() ? 3 : -1, "", "", health,
                        health == Health.DEAD ? 1 : 0, false));
            }
            return all;
        });
        command(new Command.ReportStatuses(new AgentId("a1"), 1, ++seq, statuses));
    }

    /** Writes a snapshot of the present, and drops what two of them make superfluous. */
    void snapshot() {
        CommittedState.Frozen frozen = view.freeze();
        journal.snapshotSave(new Snapshot(epoch, frozen.position(), System.currentTimeMillis(),
                StateSnapshot.hash(frozen.encoded()), frozen.encoded()));
        journal.truncateBefore(frozen.position());
    }

    @Override
    public Optional<Contact> contact(AgentId agent) {
        return Optional.empty();
    }

    @Override
    public Optional<InstanceUsage> usage(long instance) {
        return Optional.empty();
    }

    @Override
    public CompletableFuture<FileChunk> readFile(AgentId agent, long instance, String file,
            long offset, int size) {
        return CompletableFuture.failedFuture(new AgentUnavailable("there is no agent"));
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public long position() {
        return view.position();
    }

    @Override
    public void close() {
        server.close();
        engine.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        journal.close();
    }
}
