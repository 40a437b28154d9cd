package io.springtide.master.agents;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.springtide.api.agent.AgentMessage;
import io.springtide.api.agent.FileChunk;
import io.springtide.api.agent.Holdings;
import io.springtide.api.agent.MasterMessage;
import io.springtide.api.agent.ReadFile;
import io.springtide.api.agent.Refused;
import io.springtide.api.agent.Register;
import io.springtide.api.agent.StatusBatch;
import io.springtide.api.agent.Welcome;
import io.springtide.core.command.Command;
import io.springtide.core.state.ClusterState;
import io.springtide.master.agents.AgentsPort.AgentUnavailable;
import io.springtide.master.agents.AgentsPort.Contact;
import io.springtide.master.ring.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of one agent, from its Register to its end. What the agent says comes one message at
 * a time: the next is read only when the engine has taken the one before. An agent is asked to wait,
 * never to repeat.
 */
final class AgentSession implements StreamObserver<AgentMessage> {

    /** A full ring empties within milliseconds; after this the agent had better come again. */
    private static final Duration REGISTER_PATIENCE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(AgentSession.class);

    private final SessionContext context;
    private final long number;
    private final Sessions sessions;
    private final ServerCallStreamObserver<MasterMessage> stream;
    private final Outbound outbound;
    private final FileReads reads = new FileReads();
    private final Silence silence;
    private final Reports reports;
    private final Looks looks;
    private final AheadOrders ahead;

    private volatile boolean open = true;
    private volatile boolean ready;
    private volatile long instanceNext;
    private volatile Registration.@Nullable Accepted registration;
    private volatile @Nullable AgentSlot slot;

    /** What a connection needs of the gateway. */
    interface Sessions {

        /** Claims the place of the agent that has registered. */
        AgentSlot.Admission admit(AgentSession session);

        /** From now on facts about the agent in this row become orders. Within a query of the view. */
        void synchronised(AgentSession session, int row);

        /** It has ended; {@code slot} is empty if it never had a place. */
        void left(AgentSession session, Optional<AgentSlot> slot);
    }

    AgentSession(SessionContext context, long number, Sessions sessions,
            ServerCallStreamObserver<MasterMessage> stream) {
        this.context = context;
        this.number = number;
        this.sessions = sessions;
        this.stream = stream;
        this.silence = new Silence(context.timing()::nanoTime);
        this.outbound = new Outbound(stream, context.pool(), context.counters(), context.epoch(),
                context.settings().pendingMax());
        this.reports = new Reports(this, context.submissions(), outbound);
        this.looks = new Looks(context, outbound);
        this.ahead = new AheadOrders(outbound);
    }

    /** Takes over the stream; within the call that opens it. */
    void begin() {
        stream.disableAutoRequest();
        stream.setOnReadyHandler(outbound::drain);
        stream.setOnCancelHandler(() -> close(Status.CANCELLED));
        stream.request(1);
    }

    // ------------------------------------------------------------ how it is

    /** Of this connection, among all of the reign. */
    long number() {
        return number;
    }

    boolean open() {
        return open;
    }

    /** Past its Welcome and still connected. */
    boolean ready() {
        return ready && open;
    }

    /** Whether the agent has said yet who it is. */
    boolean introduced() {
        return registration != null;
    }

    String name() {
        Registration.Accepted known = registration;
        return known == null ? "(unknown)" : known.agent().id().name();
    }

    long incarnation() {
        Registration.Accepted known = registration;
        return known == null ? 0 : known.agent().incarnation();
    }

    /** Orders for instances below this number were part of the synchronisation. */
    long instanceNext() {
        return instanceNext;
    }

    boolean heardLately() {
        return !silence.isLonger(context.settings().silentAfter());
    }

    long silentNanos() {
        return silence.nanos();
    }

    /** Counts the time from now on; for when this master itself was asleep. */
    void forgiveSilence() {
        silence.heard();
    }

    Contact contact() {
        Registration.Accepted known = registration;
        return new Contact(ready(), TimeUnit.NANOSECONDS.toMillis(silentNanos()),
                known == null ? "" : known.version());
    }

    // ------------------------------------------------------------ what the agent says

    @Override
    public void onNext(AgentMessage message) {
        if (!open) {
            return;
        }
        silence.heard();
        context.counters().messagesIn.increment();
        try {
            heard(message);
        } catch (RuntimeException bug) {
            LOG.error("agent_message_failed agent={}", name(), bug);
            close(Status.INTERNAL.withDescription("the master could not handle a message"));
        }
    }

    @Override
    public void onError(Throwable broken) {
        close(Status.CANCELLED);
    }

    @Override
    public void onCompleted() {
        close(Status.OK);
    }

    private void heard(AgentMessage message) {
        boolean first = registration == null;
        if (first != (message.getKindCase() == AgentMessage.KindCase.REGISTER)) {
            close(Status.FAILED_PRECONDITION
                    .withDescription("Register comes first, and once on each connection"));
            return;
        }
        switch (message.getKindCase()) {
            case REGISTER -> register(message.getRegister());
            case STATUSES -> report(message.getStatuses());
            case HEARTBEAT -> {
                context.usages().said(message.getHeartbeat());
                outbound.beat(message.getHeartbeat().getNumber());
                stream.request(1);
            }
            case FILE_CHUNK -> {
                reads.answered(message.getFileChunk());
                stream.request(1);
            }
            case HOLDINGS -> {
                hold(message.getHoldings());
                stream.request(1);
            }
            case PREFETCHED -> {
                ahead.answered(message.getPrefetched());
                stream.request(1);
            }
            // A newer agent says something that this master cannot know.
            case KIND_NOT_SET -> stream.request(1);
        }
    }

    private void register(Register register) {
        String clusterId = context.view().read(ClusterState::clusterId);
        switch (Registration.read(register, clusterId, context.epoch())) {
            case Registration.Refusal(String why) -> refuse(why);
            case Registration.Foreign(String cluster, String why) -> {
                context.foreign().came(register.getAgentId(), cluster, register.getHeldCount());
                refuse(why);
            }
            case Registration.Accepted accepted -> {
                registration = accepted;
                switch (sessions.admit(this)) {
                    case AgentSlot.Admission.Taken(String why) -> refuse(why);
                    case AgentSlot.Admission.Admitted(AgentSlot place, var replaced) -> {
                        slot = place;
                        silence.excused();
                        replaced.ifPresent(older -> older.close(Status.ABORTED
                                .withDescription("the agent has connected anew")));
                        context.submissions().submit(new Registering(this, place, accepted),
                                REGISTER_PATIENCE);
                        if (!open) {
                            // Closed before it knew its place, and so without a word to the engine.
                            sessions.left(this, Optional.of(place));
                        }
                    }
                }
            }
        }
    }

    private void report(StatusBatch batch) {
        Registration.Accepted known = registration;
        AgentSlot place = slot;
        if (known == null || place == null) {
            return;
        }
        silence.excused();
        reports.take(place, known.agent(), batch);
    }

    private void hold(Holdings holdings) {
        Registration.Accepted known = registration;
        if (known != null && ready()) {
            looks.answered(known.agent(), holdings);
        }
    }

    /** Says to the agent why it is not taken, and ends the connection. */
    void refuse(String why) {
        LOG.warn("agent_refused agent={} why=\"{}\"", name(), why);
        context.counters().refusals.increment();
        outbound.control(
                MasterMessage.newBuilder().setRefused(Refused.newBuilder().setReason(why)));
        close(Status.OK);
    }

    // ------------------------------------------------------------ what goes through the ring

    /** Hands a command over, unless this connection has ended or another has taken its place. */
    Optional<CompletableFuture<Outcome>> submit(AgentSlot place, Command command) {
        return open ? place.submit(this, command, context.commands()) : Optional.empty();
    }

    /** What the agent has said last is in the ring; the next may come. */
    void listenOn() {
        silence.over();
        stream.request(1);
    }

    /** What the agent has reported as ended in a batch whose facts are being told; empty once they are. */
    List<Statuses.End> ends(long seq) {
        return reports.ends(seq);
    }

    /** Asks the agent what it holds, if it is time; says whether it did. */
    boolean lookIfDue() {
        Registration.Accepted known = registration;
        return ready() && known != null && looks.lookIfDue(known.agent());
    }

    /** What it is to fetch ahead of time. */
    AheadOrders ahead() {
        return ahead;
    }

    // ------------------------------------------------------------ orders

    /**
     * Compares what the agent holds with what it should, and opens the way for later orders. Both happen
     * within one query, so that no fact falls between them: facts that the query sees are in the
     * comparison, and the listener hears of all others when {@link #ready} is set already.
     */
    void synchronise(Registration.Accepted accepted) {
        SortedMap<Long, Repair> repaired = new TreeMap<>();
        boolean done = context.view().read(state -> {
            OptionalInt row = state.agents().rowOf(accepted.agent().id());
            if (row.isEmpty() || state.agents().spec(row.getAsInt()).incarnation() != accepted
                    .agent().incarnation()) {
                return false;
            }
            SortedMap<Long, Repair> differences = Comparison.whenConnected(state,
                    row.getAsInt(), accepted.held(), accepted.found(), context.gate());
            List<Piece> orders = Comparison.orders(state, row.getAsInt(), differences, context);
            // The others follow from what was decided while the agent was away.
            differences.values().removeIf(repair -> repair == Repair.KILL
                    || repair == Repair.LAUNCH || repair == Repair.THAW);
            repaired.putAll(differences);
            instanceNext = state.instanceNext();
            outbound.control(MasterMessage.newBuilder().setWelcome(Welcome.newBuilder()
                    .setClusterId(state.clusterId()).setHeartbeatIntervalMs(
                            (int) context.settings().heartbeatInterval().toMillis())
                    .setSilentAfterMs(
                            (int) context.settings().masterSilentAfter().toMillis())
                    .setTellAll(state.restoration().held())));
            outbound.begin(orders);
            becomeReady();
            sessions.synchronised(this, row.getAsInt());
            return true;
        });
        if (!done) {
            close(Status.ABORTED.withDescription("another registration has overtaken this one"));
            return;
        }
        context.counters().repaired(name(), repaired);
        looks.begin();
        listenOn();
        LOG.info("agent_connected agent={} held={} found={}", name(), accepted.held().size(),
                accepted.found().size());
    }

    private synchronized void becomeReady() {
        if (open) {
            ready = true;
            context.counters().connected.increment();
        }
    }

    /** Passes on orders; closes the connection of an agent that is too far behind. Never waits. */
    void order(OrdersDraft draft) {
        if (!outbound.offer(draft.pieces())) {
            LOG.warn("agent_too_slow agent={}", name());
            context.counters().slowClosed.increment();
            close(Status.RESOURCE_EXHAUSTED
                    .withDescription("the agent is too far behind with its orders; connect anew"));
        }
    }

    CompletableFuture<FileChunk> readFile(long instance, String file, long offset, int size) {
        Optional<FileReads.Question> question = reads.ask(name());
        if (question.isEmpty()) {
            return CompletableFuture.failedFuture(new AgentUnavailable("agent " + name()
                    + " has " + FileReads.PENDING_MAX
                    + " questions to answer already; try again later"));
        }
        outbound.control(MasterMessage.newBuilder()
                .setReadFile(ReadFile.newBuilder().setRequestId(question.get().id())
                        .setInstanceId(instance).setFile(file).setOffset(offset).setSize(size)));
        return question.get().answer();
    }

    // ------------------------------------------------------------ the end

    /** Ends the connection; again changes nothing. */
    void close(Status status) {
        synchronized (this) {
            if (!open) {
                return;
            }
            open = false;
            if (ready) {
                context.counters().connected.decrement();
            }
        }
        outbound.end(status);
        reads.fail("agent " + name() + " has disconnected");
        if (introduced()) {
            LOG.info("agent_disconnected agent={} why=\"{} {}\"", name(), status.getCode(),
                    Optional.ofNullable(status.getDescription()).orElse(""));
        }
        sessions.left(this, Optional.ofNullable(slot));
    }
}
