package io.springtide.agent.engine;

import io.springtide.agent.checkpoint.CheckpointRecord;
import io.springtide.agent.checkpoint.Memory;
import io.springtide.agent.checkpoint.Held;
import io.springtide.agent.runtime.Ending;
import io.springtide.agent.runtime.Leftover;
import io.springtide.api.agent.AgentMessage;
import io.springtide.api.agent.CheckReport;
import io.springtide.api.agent.ContainerStatus;
import io.springtide.api.agent.HealthReport;
import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.MasterMessage;
import io.springtide.api.agent.PrefetchState;
import io.springtide.api.agent.ReadinessReport;
import io.springtide.api.agent.Register;
import io.springtide.api.agent.StatusBatch;
import io.springtide.api.agent.TaskSpec;
import io.springtide.api.agent.Welcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Decides what the agent does. Pure: no disk, clock, network or thread; whatever happens comes in
 * through {@link #on}, whatever is to be done leaves through {@link #drain}. Driven by one thread.
 *
 * <p>Killing the agent at any point loses nothing: a launch is saved before the runtime hears of it,
 * and an instance stays in the {@link Memory} until the master has acknowledged its end.
 *
 * <p>This class talks with the master; {@link LaunchesAndKills} obeys its orders, {@link TaskNews} hears
 * what becomes of them, and all write into one {@link Notebook}.
 */
public final class AgentEngine {

    /** Batches sent and not acknowledged; the rest waits, one status per instance. */
    static final int BATCHES_IN_FLIGHT_MAX = 32;
    private final AgentIdentity identity;
    private final Notebook book = new Notebook();
    private final Memory memory = book.memory;
    private final Standbys standbys = new Standbys(book);
    private final StartLimiter starts;
    private final TaskNews news;
    private final LaunchesAndKills orders;
    private final PrefetchNews prefetches = new PrefetchNews(book);
    private final LookAnswers looks = new LookAnswers(book);
    private boolean connected;
    private boolean welcomed;
    private final Contact contact = new Contact();
    private final List<Held> cutOff = new ArrayList<>();

    /**
     * An engine that knows what an earlier one had saved.
     *
     * @param limits how fast instances are started
     * @param facts what the checkpoint holds, an {@code Identity} at least
     */
    public AgentEngine(AgentIdentity identity, StartLimits limits, List<CheckpointRecord> facts) {
        this.identity = identity;
        this.starts = new StartLimiter(limits);
        this.news = new TaskNews(book, standbys, starts);
        this.orders = new LaunchesAndKills(identity, book, standbys, starts, news);
        facts.forEach(memory::apply);
    }

    /** Takes in something that happened. */
    public void on(Input input, Moment at) {
        book.now(at);
        switch (input) {
            case Input.Started() -> {
                contact.started(at.upMs());
                news.adoptAll();
            }
            case Input.Connected() -> register();
            case Input.Disconnected() -> disconnected();
            case Input.Said(MasterMessage message) -> said(message);
            case Input.TaskStarting(long id) -> news.starting(id);
            case Input.TaskRunning(long id, String ipAddress) -> news.running(id, ipAddress);
            case Input.TaskPaused(long id) -> standbys.paused(id);
            case Input.TaskResumed(long id) -> standbys.resumed(id);
            case Input.EndOverlooked(long id) -> news.overlooked(id);
            case Input.TaskEnded(long id, Ending ending) -> news.ended(id, ending);
            case Input.LeftoversSeen(List<Leftover> leftovers) -> looks.leftovers(leftovers);
            case Input.ContainersSeen(long id, List<ContainerStatus> containers) ->
                news.containersSeen(id, containers);
            case Input.HealthSeen(long id, HealthReport report, Map<String, HealthReport> parts) ->
                news.healthSeen(id, report, parts);
            case Input.ReadinessSeen(long id, ReadinessReport report) ->
                news.readinessSeen(id, report);
            case Input.CheckSeen(long id, CheckReport report) -> news.checkSeen(id, report);
            case Input.PrefetchSeen(PrefetchState state) -> prefetches.seen(state);
            case Input.Tick() -> tick();
            case Input.StopAll(long graceMs) ->
                memory.held().stream().filter(held -> !book.over(held)).toList()
                        .forEach(held -> orders.kill(held, graceMs));
        }
    }

    /** What is to be done since the last call; called when no further input waits, so that batches form. */
    public List<Effect> drain() {
        orders.begin();
        formBatches();
        if (welcomed) {
            prefetches.news(book.now().upMs()).ifPresent(this::send);
            looks.answer().ifPresent(this::send);
        }
        return book.take();
    }

    /** How many instances are held that have not ended, as far as is known. */
    public int running() {
        return (int) memory.held().stream().filter(held -> !book.over(held)).count();
    }

    /** How many launches wait for their turn. */
    public int startsWaiting() {
        return starts.waiting();
    }

    /** How many specs may start less than others, since their instances fail as soon as they run. */
    public int specsSlowed() {
        return starts.slowed();
    }

    /** Whether a master has taken this agent on the present connection. */
    public boolean welcomed() {
        return welcomed;
    }

    // ------------------------------------------------------------ connection

    private void register() {
        connected = true;
        welcomed = false;
        contact.connected(book.now().upMs());
        connectionChanged();
        Register.Builder register = identity.template().toBuilder().setAgentId(memory.agentId())
                .setIncarnation(memory.incarnation()).setClusterId(memory.clusterId())
                .setEpochHighest(memory.epochHighest());
        memory.held().forEach(held -> register.addHeld(held.instanceId()));
        register.addAllFound(looks.found());
        send(AgentMessage.newBuilder().setRegister(register).build());
    }

    private void disconnected() {
        connected = false;
        welcomed = false;
        connectionChanged();
    }

    private void connectionChanged() {
        orders.connectionChanged();
        looks.connectionChanged();
    }

    private void hangUp(String reason) {
        book.emit(new Effect.HangUp(reason));
        disconnected();
    }

    private void said(MasterMessage message) {
        if (!connected) {
            return; // said on a connection that this agent has given up
        }
        contact.heard(book.now().upMs());
        switch (message.getKindCase()) {
            case REFUSED ->
                hangUp("the master refuses this agent: " + message.getRefused().getReason());
            case WELCOME -> welcome(message.getWelcome(), message.getEpoch());
            case ACK, ORDERS, READ_FILE, BEAT, LOOK -> {
                if (!welcomed) {
                    hangUp("the master gave orders before its Welcome");
                } else if (epochAccepted(message.getEpoch())) {
                    obey(message);
                }
            }
            case KIND_NOT_SET -> {
                /* a newer master says something that this agent cannot know */ }
        }
    }

    private void welcome(Welcome welcome, long epoch) {
        String cluster = welcome.getClusterId();
        if (cluster.isEmpty()
                || !(memory.clusterId().isEmpty() || memory.clusterId().equals(cluster))) {
            hangUp("this master leads cluster \"" + cluster + "\", but this agent belongs to \""
                    + memory.clusterId()
                    + "\"; correct --master, or give the agent an empty --data folder");
            return;
        }
        if (!epochAccepted(epoch)) {
            return;
        }
        if (memory.clusterId().isEmpty()) {
            book.save(new CheckpointRecord.Cluster(cluster));
        }
        welcomed = true;
        contact.welcomed(welcome, book.now().upMs());
        memory.pending().forEach(this::sendBatch);
        if (welcome.getTellAll()) {
            news.tellAll();
        }
    }

    private boolean epochAccepted(long epoch) {
        int order = Long.compareUnsigned(epoch, memory.epochHighest());
        if (order < 0) {
            hangUp("the master has epoch " + Long.toUnsignedString(epoch)
                    + ", and this agent has seen "
                    + Long.toUnsignedString(memory.epochHighest()) + ": it leads no longer");
            return false;
        }
        if (order > 0) {
            book.save(new CheckpointRecord.Epoch(epoch));
        }
        return true;
    }

    private void obey(MasterMessage message) {
        switch (message.getKindCase()) {
            case ACK -> acknowledged(message.getAck().getSeq());
            case ORDERS -> {
                orders.ordered(message.getOrders());
                if (message.getOrders().hasPrefetch()) {
                    prefetches.ordered(message.getOrders().getPrefetch().getItemsList());
                }
            }
            case BEAT -> contact.answered(message.getBeat().getNumber());
            case LOOK -> looks.asked(message.getLook());
            case READ_FILE -> book.emit(new Effect.Read(message.getReadFile()));
            case WELCOME, REFUSED, KIND_NOT_SET -> throw new IllegalStateException("not an order");
        }
    }

    private void tick() {
        long nowMs = book.now().upMs();
        if (welcomed && contact.silent(nowMs)) {
            hangUp("nothing was heard of this master for " + contact.silentMs(nowMs) + " ms");
        } else if (connected && !welcomed && contact.ignored(nowMs)) {
            hangUp("this master does not answer");
        } else if (welcomed && contact.beatDue(nowMs)) {
            book.emit(new Effect.Beat(contact.beat(nowMs)));
        }
        stopCutOff(nowMs);
    }

    /** Ends what has to be gone before another one takes its place: no master may know of it any more. */
    private void stopCutOff(long nowMs) {
        if (!memory.anyStopsWhenCutOff()) {
            return;
        }
        long cutOffMs = contact.cutOffMs(nowMs);
        for (Held held : memory.held()) {
            long stopMs = memory.spec(held.specDigest()).map(TaskSpec::getStopWhenCutOffMs)
                    .orElse(0L);
            if (stopMs > 0 && cutOffMs >= stopMs && held.killGraceMs().isEmpty()
                    && !book.over(held)) {
                cutOff.add(held);
            }
        }
        cutOff.forEach(orders::kill);
        cutOff.clear();
    }

    // ------------------------------------------------------------ statuses

    private void acknowledged(long seq) {
        List<Effect> forgets = new ArrayList<>();
        for (StatusBatch batch : memory.pending()) {
            if (Long.compareUnsigned(batch.getSeq(), seq) > 0) {
                break;
            }
            for (InstanceStatus status : batch.getStatusesList()) {
                if (Memory.terminal(status.getCondition())) {
                    long id = status.getInstanceId();
                    book.specOf(id).ifPresent(spec -> forgets.add(new Effect.Forget(id, spec)));
                    book.forget(id);
                }
            }
        }
        book.save(new CheckpointRecord.Acknowledged(seq));
        forgets.forEach(book::emit);
    }

    private void formBatches() {
        while (welcomed && !book.unsent.isEmpty()
                && memory.pending().size() < BATCHES_IN_FLIGHT_MAX) {
            StatusBatch batch = book.unsent.next(memory.seqLast() + 1);
            book.save(new CheckpointRecord.Reported(batch));
            sendBatch(batch);
        }
    }

    private void sendBatch(StatusBatch batch) {
        send(AgentMessage.newBuilder().setStatuses(batch).build());
    }

    private void send(AgentMessage message) {
        book.emit(new Effect.Send(message));
    }
}
