package io.springtide.master.agents;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.springtide.api.agent.AgentMessage;
import io.springtide.api.agent.FileChunk;
import io.springtide.api.agent.MasterMessage;
import io.springtide.api.agent.Prefetch;
import io.springtide.api.agent.PrefetchState;
import io.springtide.api.agent.TaskIds;
import io.springtide.core.Check;
import io.springtide.core.command.Command;
import io.springtide.core.event.Event;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppVersion;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.master.ring.CommandPort;
import io.springtide.master.ring.Outcome;
import io.springtide.master.view.ClusterView;
import io.springtide.master.view.CommitListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * The agents of one reign: takes their streams, puts what they say through the ring, and turns durable
 * facts into orders.
 *
 * <p>The listener's methods belong to the outbox's thread and hand everything on without waiting; all
 * else may be called by any thread.
 */
public final class AgentGateway
        implements
            AgentsPort,
            PrefetchPort,
            CommitListener,
            AutoCloseable {

    /** What one answer to {@link #readFile} may hold; a message must stay below 4 MiB. */
    public static final int READ_BYTES_MAX = 1 << 20;

    /** Connections that have said nothing yet, beyond those of agents. */
    private static final int STRANGERS_MAX = 1_000;

    /** A connection that says nothing for so long is not an agent. */
    private static final long INTRODUCTION_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** How often silence is looked for, in parts of the time that counts as silence. */
    private static final int LOOKS = 8;

    /** Agents asked in one step; four times what 20 000 need once a minute. */
    private static final int LOOKS_MAX = 1_000;

    private static final Duration STALE_LOOK = Duration.ofSeconds(60);

    private final Entrance door;
    private final Timing timing;
    private final Usages usages;
    private final SessionContext context;
    private final ConcurrentHashMap<AgentId, AgentSlot> slots = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Integer, AgentSession> byRow = new ConcurrentHashMap<>();
    private final UnknownEnds unknownEnds;
    private final AgentCounters counters;
    /** By number, so that they are looked at in an order that anybody can repeat. */
    private final ConcurrentHashMap<Long, AgentSession> sessions = new ConcurrentHashMap<>();
    private final AtomicLong connections = new AtomicLong();
    private final Lifecycle lifecycle = new Lifecycle();
    private final FactOrders orders;
    private volatile boolean closing;
    private long lookedNanos;
    private volatile long begunNanos;

    /**
     * Prepares a gateway; {@link #start} sets it going.
     *
     * @param epoch of this reign; goes with everything that agents are told
     * @param view which this gateway is to be made a listener of, before it starts
     * @param counters which it adds to
     * @param door whose streams it takes while it leads
     * @param timing closed with the gateway
     * @param gate asked before anything is ended
     */
    public AgentGateway(GatewaySettings settings, long epoch, CommandPort commands,
            ClusterView view, UnknownEnds unknownEnds, AgentCounters counters, Entrance door,
            Timing timing, KillGate gate) {
        this.unknownEnds = unknownEnds;
        this.counters = counters;
        this.door = door;
        this.timing = timing;
        usages = new Usages(timing::nanoTime);
        lookedNanos = timing.nanoTime();
        context = new SessionContext(epoch, settings, commands, view,
                new Submissions(timing, counters), timing, door.pool(), counters, usages,
                new TaskSpecs(), new ForeignAgents(System::currentTimeMillis), gate);
        orders = new FactOrders(context, byRow);
        gate.onRelease(orders::released);
    }

    /**
     * Takes the streams of the door. The state must have been founded, and its last facts be
     * committed.
     */
    public void start() {
        long lookNanos = Math.max(TimeUnit.MILLISECONDS.toNanos(10),
                context.settings().silentAfter().toNanos() / LOOKS);
        lookedNanos = timing.nanoTime();
        begunNanos = lookedNanos;
        timing.every(Duration.ofNanos(lookNanos), this::lookForSilence);
        timing.every(STALE_LOOK, usages::forgetStale);
        timing.every(context.settings().reconcileStep(), this::reconcile);
        Measurements measurements = new Measurements(context.view(), context.commands(), usages,
                id -> connected(id).isPresent());
        timing.every(Measurements.INTERVAL, measurements::look);
        timing.after(context.settings().absentAfter(), this::callAbsent);
        door.lead(this);
    }

    /** Cuts all connections; nobody is called silent for it. */
    @Override
    public void close() {
        closing = true;
        door.rest();
        sessions.values().forEach(session -> session
                .close(Status.UNAVAILABLE.withDescription("this master leads no longer")));
        timing.close();
    }

    // ------------------------------------------------------------ what others ask

    @Override
    public Optional<Contact> contact(AgentId agent) {
        return Optional.ofNullable(slots.get(agent)).flatMap(AgentSlot::contact);
    }

    @Override
    public Optional<Foreign> foreign() {
        return context.foreign().now();
    }

    @Override
    public Optional<InstanceUsage> usage(long instance) {
        return usages.of(instance);
    }

    @Override
    public CompletableFuture<FileChunk> readFile(AgentId agent, long instance, String file,
            long offset, int size) {
        Check.argument(size > 0, "the size to read must be above zero");
        return connected(agent)
                .map(session -> session.readFile(instance, file, offset,
                        Math.min(size, READ_BYTES_MAX)))
                .orElseGet(() -> CompletableFuture.failedFuture(
                        new AgentUnavailable("agent " + agent + " is not connected")));
    }

    // ------------------------------------------------------------ ahead of time

    @Override
    public Optional<Prefetch> needs(AppVersion version, String clusterId) {
        return context.specs().of(version, clusterId).spec().flatMap(Needs::of);
    }

    @Override
    public void want(AgentId agent, List<Prefetch> items) {
        connected(agent).ifPresent(session -> session.ahead().want(items));
    }

    @Override
    public Optional<Map<String, PrefetchState>> said(AgentId agent) {
        return connected(agent).map(session -> session.ahead().said());
    }

    private Optional<AgentSession> connected(AgentId agent) {
        return Optional.ofNullable(slots.get(agent)).flatMap(AgentSlot::connected);
    }

    // ------------------------------------------------------------ facts become orders

    @Override
    public void before(Event event, ClusterState state) {
        if (event instanceof Event.InstancesReported reported) {
            usages.ended(reported);
            tellUnknown(reported, state);
        } else if (event instanceof Event.InstancesLost lost) {
            usages.ended(lost);
            lost.instances().stream().flatMap(number -> state.instance(number).stream())
                    .filter(one -> state.agents()
                            .condition(one.agentRow()) == AgentCondition.LIVE)
                    .collect(Collectors.groupingBy(one -> state.agents().spec(one.agentRow())))
                    .forEach(this::tellLost);
        }
    }

    @Override
    public void after(Event event, ClusterState state) {
        orders.after(event, state);
        if (event instanceof Event.AgentSuspected suspected) {
            comeAnew(suspected.row());
        } else if (event instanceof Event.RestoreConfirmed) {
            compareAll();
        } else if (event instanceof Event.AgentRemoved removed) {
            slots.computeIfPresent(removed.agent(),
                    (id, slot) -> slot.vacant() ? null : slot);
        }
    }

    @Override
    public void batchEnd(ClusterState state) {
        orders.send();
    }

    /** Of an agent that has come without them. */
    private void tellLost(AgentSpec agent, List<Instance> lost) {
        SortedMap<Long, Repair> repaired = new TreeMap<>();
        lost.forEach(one -> repaired.put(one.number(), Repair.LOST));
        counters.repaired(agent.id().name(), repaired);
    }

    /** Exactly here what was reported can be held against what the state knew. */
    private void tellUnknown(Event.InstancesReported reported, ClusterState state) {
        AgentSession session = byRow.get(reported.row());
        if (session == null) {
            return;
        }
        SortedMap<Long, Repair> repaired = new TreeMap<>();
        for (Statuses.End end : session.ends(reported.seq())) {
            if (end.overlooked()) {
                repaired.put(end.instance(), Repair.OVERLOOKED);
            }
            if (state.instance(end.instance()).isEmpty()) {
                String prefix = TaskIds.prefix(end.runSpec(), state.clusterId());
                unknownEnds.unknownEnded(TaskIds.instanceId(prefix, end.instance()),
                        end.runSpec(), end.condition(), reported.atMs());
            }
        }
        counters.repaired(session.name(), repaired);
    }

    /** So far nobody was told anything: all come anew, and are told what they should have. */
    private void compareAll() {
        for (AgentSession session : byRow.values()) {
            if (session.ready()) {
                session.close(Status.ABORTED
                        .withDescription("the restored cluster goes on; connect anew"));
            }
        }
    }

    /** A connected agent that the state calls suspect must register again. */
    private void comeAnew(int row) {
        AgentSession session = byRow.get(row);
        if (session != null && session.ready()) {
            session.close(Status.ABORTED.withDescription("silent for a while; connect anew"));
        }
    }

    // ------------------------------------------------------------ silence

    private void lookForSilence() {
        long now = timing.nanoTime();
        long silentNanos = context.settings().silentAfter().toNanos();
        // When this master itself was paused, what agents said is still unread: they get a new chance.
        boolean overslept = now - lookedNanos > silentNanos / 2;
        lookedNanos = now;
        for (AgentSession session : sessions.values()) {
            if (overslept) {
                session.forgiveSilence();
            } else if (session.ready() && !session.heardLately()) {
                session.close(Status.UNAVAILABLE.withDescription("nothing was heard of the agent"));
            } else if (!session.introduced() && session.silentNanos() > INTRODUCTION_NANOS) {
                session.close(Status.DEADLINE_EXCEEDED.withDescription("Register did not come"));
            }
        }
    }

    /** A few at a time, however many agents there are and however long nobody was asked. */
    private void reconcile() {
        int asked = 0;
        for (AgentSession session : sessions.values()) {
            if (asked >= LOOKS_MAX) {
                return;
            }
            asked += session.lookIfDue() ? 1 : 0;
        }
    }

    /** Agents that were there before this reign and have not come to it. */
    private void callAbsent() {
        List<AgentId> live = context.view().read(state -> {
            List<AgentId> found = new ArrayList<>();
            AgentTable agents = state.agents();
            for (int row = 0; row < agents.rows(); row++) {
                if (agents.present(row) && agents.condition(row) == AgentCondition.LIVE) {
                    found.add(agents.spec(row).id());
                }
            }
            return found;
        });
        for (AgentId id : live) {
            AgentSlot slot = slots.computeIfAbsent(id, unused -> new AgentSlot());
            callSilent(command -> slot.submitIfVacant(command, context.commands()), id, begunNanos);
        }
    }

    private void callSilent(Attempt attempt, AgentId agent, long sinceNanos) {
        context.submissions().submit(() -> closing
                ? Optional.empty()
                : attempt.hand(new Command.AgentFellSilent(agent, Math.max(0,
                        TimeUnit.NANOSECONDS.toMillis(timing.nanoTime() - sinceNanos)))),
                Submissions.WITHOUT_END);
    }

    private interface Attempt {
        Optional<CompletableFuture<Outcome>> hand(Command command);
    }

    // ------------------------------------------------------------ connections

    /** Takes over a stream; within the call that opens it. */
    public StreamObserver<AgentMessage> connect(ServerCallStreamObserver<MasterMessage> stream) {
        AgentSession session = new AgentSession(context, connections.incrementAndGet(), lifecycle,
                stream);
        session.begin();
        sessions.put(session.number(), session);
        if (closing || sessions.size() > context.settings().agentsMax() + STRANGERS_MAX) {
            session.close(Status.RESOURCE_EXHAUSTED
                    .withDescription("this master takes no more connections"));
        }
        return session;
    }

    private final class Lifecycle implements AgentSession.Sessions {

        @Override
        public AgentSlot.Admission admit(AgentSession session) {
            AgentId id = new AgentId(session.name());
            if (slots.size() >= context.settings().agentsMax() && !slots.containsKey(id)) {
                return new AgentSlot.Admission.Taken("this master takes no more than "
                        + context.settings().agentsMax() + " agents");
            }
            AgentSlot.Admission[] admission = new AgentSlot.Admission[1];
            // Within the map's own lock, so that the slot is not dropped meanwhile.
            slots.compute(id, (unused, known) -> {
                AgentSlot slot = known == null ? new AgentSlot() : known;
                admission[0] = slot.admit(session);
                return slot;
            });
            return admission[0];
        }

        @Override
        public void synchronised(AgentSession session, int row) {
            byRow.put(row, session);
        }

        @Override
        public void left(AgentSession session, Optional<AgentSlot> slot) {
            sessions.remove(session.number());
            byRow.values().remove(session);
            long heardNanos = timing.nanoTime() - session.silentNanos();
            slot.ifPresent(place -> callSilent(
                    command -> place.submit(session, command, context.commands()),
                    new AgentId(session.name()), heardNanos));
        }
    }
}
