package io.springtide.agent.engine;

import io.springtide.agent.checkpoint.CheckpointRecord;
import io.springtide.agent.checkpoint.Memory;
import io.springtide.agent.checkpoint.Memory.Held;
import io.springtide.agent.runtime.Ending;
import io.springtide.agent.runtime.pod.ContainerIds;
import io.springtide.api.agent.AgentMessage;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.ContainerStatus;
import io.springtide.api.agent.HealthReport;
import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.Kill;
import io.springtide.api.agent.LaunchGroup;
import io.springtide.api.agent.MasterMessage;
import io.springtide.api.agent.Orders;
import io.springtide.api.agent.ReadinessReport;
import io.springtide.api.agent.Register;
import io.springtide.api.agent.StatusBatch;
import io.springtide.api.agent.TaskSpec;
import io.springtide.api.agent.Welcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Decides what the agent does. Pure: no disk, clock, network or thread; whatever happens comes in
 * through {@link #on}, whatever is to be done leaves through {@link #drain}. Driven by one thread.
 *
 * <p>Killing the agent at any point loses nothing: a launch is saved before the runtime hears of it,
 * and an instance stays in the {@link Memory} until the master has acknowledged its end.
 */
public final class AgentEngine {

    /** Batches sent and not acknowledged; the rest waits, one status per instance. */
    static final int BATCHES_IN_FLIGHT_MAX = 32;
    private static final long KILL_GRACE_MS_FALLBACK = 3000;

    private final AgentIdentity identity;
    private final Memory memory = new Memory();
    /** What is known beyond the memory; lost with the process and learnt again. */
    private final Map<Long, Live> live = new LinkedHashMap<>();
    /** Specs told on this connection; a launch may name them. */
    private final Map<String, TaskSpec> specsTold = new LinkedHashMap<>();
    private final Unsent unsent = new Unsent();
    private final List<Held> cutOff = new ArrayList<>();
    private List<Effect> effects = new ArrayList<>();
    private boolean connected;
    private boolean welcomed;
    private final Contact contact = new Contact();
    private Moment now = new Moment(0, 0);

    /**
     * An engine that knows what an earlier one had saved.
     *
     * @param facts what the checkpoint holds, an {@code Identity} at least
     */
    public AgentEngine(AgentIdentity identity, List<CheckpointRecord> facts) {
        this.identity = identity;
        facts.forEach(memory::apply);
    }

    /** Takes in something that happened. */
    public void on(Input input, Moment at) {
        now = at;
        switch (input) {
            case Input.Started() -> {
                contact.started(now.upMs());
                adoptAll();
            }
            case Input.Connected() -> register();
            case Input.Disconnected() -> disconnected();
            case Input.Said(MasterMessage message) -> said(message);
            case Input.TaskStarting(long id) -> starting(id);
            case Input.TaskRunning(long id, String ipAddress) -> running(id, ipAddress);
            case Input.TaskEnded(long id, Ending ending) -> ended(id, ending);
            case Input.ContainersSeen(long id, List<ContainerStatus> containers) ->
                containersSeen(id, containers);
            case Input.HealthSeen(long id, HealthReport report, Map<String, HealthReport> parts) ->
                healthSeen(id, report, parts);
            case Input.ReadinessSeen(long id, ReadinessReport report) -> readinessSeen(id, report);
            case Input.Tick() -> tick();
            case Input.StopAll(long graceMs) ->
                memory.held().stream().filter(held -> !over(held)).toList()
                        .forEach(held -> kill(held, graceMs));
        }
    }

    /** What is to be done since the last call; called when no further input waits, so that batches form. */
    public List<Effect> drain() {
        formBatches();
        List<Effect> done = effects;
        effects = new ArrayList<>();
        return done;
    }

    /** How many instances are held that have not ended, as far as is known. */
    public int running() {
        return (int) memory.held().stream().filter(held -> !over(held)).count();
    }

    /** Whether a master has taken this agent on the present connection. */
    public boolean welcomed() {
        return welcomed;
    }

    // ------------------------------------------------------------ start and connection

    private void adoptAll() {
        for (Held held : memory.held()) {
            Optional<TaskSpec> spec = memory.spec(held.specDigest());
            if (held.ended()) {
                continue;
            }
            if (spec.isEmpty()) {
                queue(status(held.instanceId(), Condition.GONE)
                        .setMessage("its definition was lost"));
                continue;
            }
            live.put(held.instanceId(), new Live(held, spec.get()));
            effects.add(new Effect.Adopt(held.instanceId(), spec.get(), held.hostPorts()));
            held.killGraceMs().ifPresent(graceMs -> effects
                    .add(new Effect.Kill(held.instanceId(), spec.get(), graceMs)));
        }
    }

    private void register() {
        connected = true;
        welcomed = false;
        contact.connected(now.upMs());
        specsTold.clear();
        Register.Builder register = identity.template().toBuilder().setAgentId(memory.agentId())
                .setIncarnation(memory.incarnation()).setClusterId(memory.clusterId())
                .setEpochHighest(memory.epochHighest());
        memory.held().forEach(held -> register.addHeld(held.instanceId()));
        send(AgentMessage.newBuilder().setRegister(register).build());
    }

    private void disconnected() {
        connected = false;
        welcomed = false;
        specsTold.clear();
    }

    private void hangUp(String reason) {
        effects.add(new Effect.HangUp(reason));
        disconnected();
    }

    private void said(MasterMessage message) {
        if (!connected) {
            return; // said on a connection that this agent has given up
        }
        contact.heard(now.upMs());
        switch (message.getKindCase()) {
            case REFUSED ->
                hangUp("the master refuses this agent: " + message.getRefused().getReason());
            case WELCOME -> welcome(message.getWelcome(), message.getEpoch());
            case ACK, ORDERS, READ_FILE, BEAT -> {
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
            save(new CheckpointRecord.Cluster(cluster));
        }
        welcomed = true;
        contact.welcomed(welcome, now.upMs());
        memory.pending().forEach(this::sendBatch);
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
            save(new CheckpointRecord.Epoch(epoch));
        }
        return true;
    }

    private void obey(MasterMessage message) {
        switch (message.getKindCase()) {
            case ACK -> acknowledged(message.getAck().getSeq());
            case ORDERS -> ordered(message.getOrders());
            case BEAT -> contact.answered(message.getBeat().getNumber());
            case READ_FILE -> effects.add(new Effect.Read(message.getReadFile()));
            case WELCOME, REFUSED, KIND_NOT_SET -> throw new IllegalStateException("not an order");
        }
    }

    private void tick() {
        long nowMs = now.upMs();
        if (welcomed && contact.silent(nowMs)) {
            hangUp("nothing was heard of this master for " + contact.silentMs(nowMs) + " ms");
        } else if (connected && !welcomed && contact.ignored(nowMs)) {
            hangUp("this master does not answer");
        } else if (welcomed && contact.beatDue(nowMs)) {
            effects.add(new Effect.Beat(contact.beat(nowMs)));
        }
        stopCutOff(nowMs);
    }

    /** Ends what has to be gone before another one takes its place: no master may know of it any more. */
    private void stopCutOff(long nowMs) {
        long cutOffMs = contact.cutOffMs(nowMs);
        for (Held held : memory.held()) {
            long stopMs = memory.spec(held.specDigest()).map(TaskSpec::getStopWhenCutOffMs)
                    .orElse(0L);
            if (stopMs > 0 && cutOffMs >= stopMs && held.killGraceMs().isEmpty() && !over(held)) {
                cutOff.add(held);
            }
        }
        cutOff.forEach(held -> kill(held, graceMs(0, held)));
        cutOff.clear();
    }

    // ------------------------------------------------------------ orders

    private void ordered(Orders orders) {
        orders.getSpecsList().forEach(spec -> specsTold.put(spec.getDigest(), spec));
        orders.getLaunchesList().forEach(this::launch);
        for (Kill kill : orders.getKillsList()) {
            Optional<Held> held = memory.held(kill.getInstanceId());
            if (held.isEmpty()) {
                queue(status(kill.getInstanceId(), Condition.GONE)
                        .setMessage("not held by this agent"));
            } else if (!over(held.get())) {
                kill(held.get(), graceMs(kill.getGraceMs(), held.get()));
            }
        }
    }

    private void launch(LaunchGroup group) {
        Optional<TaskSpec> found = Optional.ofNullable(specsTold.get(group.getSpecDigest()))
                .or(() -> memory.spec(group.getSpecDigest()));
        int portsEach = found.map(LaunchCheck::hostPorts).orElse(0);
        String refusal = LaunchCheck.refusal(group, found, portsEach,
                identity.template().getRuntimesList());
        for (int i = 0; i < group.getInstanceIdsCount(); i++) {
            long id = group.getInstanceIds(i);
            if (memory.held(id).isPresent()) {
                continue;
            }
            if (memory.buried(id)) {
                queue(status(id, Condition.GONE).setMessage("has ended on this agent before"));
            } else if (found.isEmpty() || !refusal.isEmpty()) {
                queue(status(id, Condition.ERROR).setMessage(refusal));
            } else if (!ContainerIds.fit(id, found.get().getContainersCount())) {
                queue(status(id, Condition.ERROR).setMessage("the instance's number "
                        + Long.toUnsignedString(id) + " is too large for a pod"));
            } else {
                launch(id, found.get(),
                        group.getPortsList().subList(i * portsEach, (i + 1) * portsEach),
                        group.getGpusCount() == 0 ? 0 : group.getGpus(i));
            }
        }
    }

    private void launch(long id, TaskSpec spec, List<Integer> ports, int gpus) {
        if (memory.spec(spec.getDigest()).isEmpty()) {
            save(new CheckpointRecord.Spec(spec));
        }
        save(new CheckpointRecord.Launched(id, spec.getDigest(), ports));
        live.put(id, new Live());
        effects.add(new Effect.Launch(id, spec, ports, gpus));
        queue(status(id, Condition.STAGING));
    }

    private void kill(Held held, long graceMs) {
        long id = held.instanceId();
        OptionalLong before = held.killGraceMs();
        if (before.isPresent() && before.getAsLong() <= graceMs) {
            return;
        }
        save(new CheckpointRecord.KillOrdered(id, graceMs));
        unwatch(id);
        memory.spec(held.specDigest())
                .ifPresent(spec -> effects.add(new Effect.Kill(id, spec, graceMs)));
        if (before.isEmpty()) {
            queueAsItIs(id, Condition.KILLING);
        }
    }

    private long graceMs(long orderedMs, Held held) {
        if (orderedMs > 0) {
            return orderedMs;
        }
        long specMs = memory.spec(held.specDigest()).map(AgentEngine::graceMs).orElse(0L);
        return specMs > 0 ? specMs : KILL_GRACE_MS_FALLBACK;
    }

    /** That of a pod is as long as the longest of its containers, each of which has its own. */
    private static long graceMs(TaskSpec spec) {
        return spec.getContainersList().stream().mapToLong(one -> one.getSpec().getKillGraceMs())
                .reduce(spec.getKillGraceMs(), Math::max);
    }

    private void acknowledged(long seq) {
        List<Effect> forgets = new ArrayList<>();
        for (StatusBatch batch : memory.pending()) {
            if (Long.compareUnsigned(batch.getSeq(), seq) > 0) {
                break;
            }
            for (InstanceStatus status : batch.getStatusesList()) {
                if (Memory.terminal(status.getCondition())) {
                    memory.held(status.getInstanceId())
                            .flatMap(held -> memory.spec(held.specDigest()))
                            .ifPresent(spec -> forgets
                                    .add(new Effect.Forget(status.getInstanceId(), spec)));
                    live.remove(status.getInstanceId());
                }
            }
        }
        save(new CheckpointRecord.Acknowledged(seq));
        effects.addAll(forgets);
    }

    // ------------------------------------------------------------ what becomes of tasks

    private void starting(long id) {
        Live instance = live.get(id);
        if (instance != null && !instance.over && !instance.running && !killed(id)) {
            instance.starting = true;
            queueAsItIs(id, Condition.STARTING);
        }
    }

    private void running(long id, String ipAddress) {
        Live instance = live.get(id);
        Optional<Held> held = memory.held(id);
        if (instance == null || instance.over || held.isEmpty()) {
            return;
        }
        instance.running = true;
        instance.ipAddress = ipAddress;
        if (held.get().killGraceMs().isPresent()) {
            return;
        }
        queueAsItIs(id, Condition.RUNNING);
        Optional<TaskSpec> spec = memory.spec(held.get().specDigest());
        boolean ready = held.get().ready();
        if (!instance.watched && spec.filter(one -> asked(one, ready)).isPresent()) {
            instance.watched = true;
            effects.add(new Effect.Watch(id, spec.get(), held.get().hostPorts(), ipAddress, ready,
                    held.get().alive()));
        }
    }

    private static boolean asked(TaskSpec spec, boolean ready) {
        return spec.getHealthChecksCount() > 0
                || (spec.hasReadinessCheck() && !ready)
                || spec.getContainersList().stream()
                        .anyMatch(one -> one.getSpec().getHealthChecksCount() > 0);
    }

    private void ended(long id, Ending ending) {
        Live instance = live.get(id);
        if (instance == null || instance.over) {
            return;
        }
        unwatch(id);
        instance.over = true;
        InstanceStatus.Builder status = switch (ending) {
            case Ending.Exited(int code, String message) -> {
                Condition condition = killed(id)
                        ? Condition.KILLED
                        : code == 0 ? Condition.FINISHED : Condition.FAILED;
                String said = message.isEmpty() && code != 0 ? "exit code " + code : message;
                yield status(id, condition).setExitCode(code).setMessage(Live.shortened(said));
            }
            case Ending.NotStarted(String message) -> killed(id)
                    ? status(id, Condition.KILLED).setExitCode(-1)
                            .setMessage("killed before it was started")
                    : status(id, Condition.ERROR).setMessage(Live.shortened(message));
            case Ending.Gone(String message) ->
                status(id, Condition.GONE).setMessage(Live.shortened(message));
        };
        instance.addContainers(status);
        queue(status.setIpAddress(instance.ipAddress));
    }

    private void containersSeen(long id, List<ContainerStatus> containers) {
        Live instance = live.get(id);
        if (instance != null && !instance.over) {
            instance.containers = containers;
            Condition condition = killed(id) ? Condition.KILLING : instance.condition();
            queueAsItIs(id, condition);
        }
    }

    private void healthSeen(long id, HealthReport report, Map<String, HealthReport> containers) {
        Live instance = live.get(id);
        if (instance != null && instance.watched && !instance.over && !killed(id)) {
            if (memory.held(id).filter(held -> held.alive() != report.getAlive()).isPresent()) {
                save(new CheckpointRecord.Alive(id, report.getAlive()));
            }
            instance.health = Optional.of(report);
            instance.containersHealth = containers;
            queueAsItIs(id, Condition.RUNNING);
        }
    }

    private void readinessSeen(long id, ReadinessReport report) {
        Live instance = live.get(id);
        if (instance != null && instance.watched && !instance.over && !killed(id)) {
            if (report.getReady()) {
                save(new CheckpointRecord.Ready(id));
            }
            instance.readiness = Optional.of(report);
            queueAsItIs(id, Condition.RUNNING);
        }
    }

    private boolean killed(long id) {
        return memory.held(id).filter(held -> held.killGraceMs().isPresent()).isPresent();
    }

    private boolean over(Held held) {
        Live instance = live.get(held.instanceId());
        return held.ended() || instance == null || instance.over;
    }

    private void unwatch(long id) {
        Live instance = live.get(id);
        if (instance != null && instance.watched) {
            instance.watched = false;
            effects.add(new Effect.Unwatch(id));
        }
    }

    // ------------------------------------------------------------ statuses

    private InstanceStatus.Builder status(long id, Condition condition) {
        return InstanceStatus.newBuilder().setInstanceId(id).setCondition(condition)
                .setAtMs(now.wallMs());
    }

    /** All that is known of an instance that has not ended. */
    private void queueAsItIs(long id, Condition condition) {
        InstanceStatus.Builder status = status(id, condition);
        Optional.ofNullable(live.get(id)).ifPresent(instance -> instance.addTo(status));
        queue(status);
    }

    private void queue(InstanceStatus.Builder status) {
        unsent.put(status.build());
    }

    private void formBatches() {
        while (welcomed && !unsent.isEmpty() && memory.pending().size() < BATCHES_IN_FLIGHT_MAX) {
            StatusBatch batch = unsent.next(memory.seqLast() + 1);
            save(new CheckpointRecord.Reported(batch));
            sendBatch(batch);
        }
    }

    private void sendBatch(StatusBatch batch) {
        send(AgentMessage.newBuilder().setStatuses(batch).build());
    }

    private void send(AgentMessage message) {
        effects.add(new Effect.Send(message));
    }

    private void save(CheckpointRecord fact) {
        memory.apply(fact);
        effects.add(new Effect.Save(fact));
    }
}
