package io.springtide.bench.sim;

import io.springtide.agent.checkpoint.CheckpointRecord;
import io.springtide.agent.engine.AgentEngine;
import io.springtide.agent.engine.AgentIdentity;
import io.springtide.agent.engine.Effect;
import io.springtide.agent.engine.Input;
import io.springtide.agent.engine.Moment;
import io.springtide.agent.engine.StartLimits;
import io.springtide.agent.link.Backoff;
import io.springtide.api.agent.AgentMessage;
import io.springtide.api.agent.Heartbeat;
import io.springtide.api.agent.Kill;
import io.springtide.api.agent.LaunchGroup;
import io.springtide.api.agent.MasterMessage;
import io.springtide.api.agent.PortRange;
import io.springtide.api.agent.Register;
import io.springtide.api.agent.Resources;
import io.springtide.api.agent.Runtime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** An agent: the production state machine, driven as its loop drives it, on simulated machinery. */
final class SimAgent {

    static final long CPUS_MILLI = 16_000;
    static final long MEM_MIB = 32_768;
    static final int PORT_FIRST = 31_000;
    static final int PORT_LAST = 31_015;

    private static final int TURN_MAX = 1024;
    private static final int STALE_MAX = 16;
    private static final int INPUTS_MAX = 4096;
    private static final long TURN_NANOS_MEAN = Timeline.MS / 5;
    private static final long TICK_NANOS = 550 * Timeline.MS;
    private static final long BACKOFF_MS_FIRST = 100;
    private static final long BACKOFF_MS_CAP = 2_000;
    private static final long START_AGAIN_NANOS = 5 * Timeline.SECOND;

    private static final Input TICK = new Input.Tick();

    final int index;
    final int node;
    private final String name;
    final Actor actor;
    final Machine machine;
    final SimDisk disk = new SimDisk();
    private final World world;
    private final Dice dice;
    private @Nullable AgentEngine engine;
    private final Deque<Heard> inputs = new ArrayDeque<>();
    private final Deque<MasterMessage> arrived = new ArrayDeque<>();
    /** Orders that never arrived, oldest first. */
    private final Deque<MasterMessage> stale = new ArrayDeque<>();
    private @Nullable Link link;
    private final StartLimits limits;
    private Backoff backoff;
    private int turn;
    private boolean linkHeard;
    private boolean saidOpen;
    private boolean planned;
    private boolean busy;
    private int crashes;
    private long aloneSinceNanos;
    long clockOffMs;
    /** Highest epoch of which this agent has accepted anything; what it must never fall behind. */
    private long epochAccepted;
    /** The epoch of the newest order for an instance. */
    private final Map<Long, Long> orderedBy = new HashMap<>();

    /** What came in, and from which reign if a master said it. */
    private record Heard(Input input, long epoch) {}

    SimAgent(World world, int index, int node) {
        this.world = world;
        this.index = index;
        this.node = node;
        this.name = "agent-" + index;
        this.actor = new Actor(name, node);
        this.actor.down = true;
        this.dice = world.dice().split();
        this.machine = new Machine(world, this, dice.split());
        this.backoff = backoff();
        // On some machines launches have to wait for their turn.
        this.limits = dice.percent(25)
                ? new StartLimits(dice.within(2, 20), dice.within(1, 10), dice.within(2, 8))
                : StartLimits.NONE;
        disk.format(new CheckpointRecord.Identity(name(), dice.next()));
    }

    String name() {
        return name;
    }

    private Timeline timeline() {
        return world.timeline();
    }

    private Backoff backoff() {
        return new Backoff(BACKOFF_MS_FIRST, BACKOFF_MS_CAP, new SplittableRandom(dice.next()));
    }

    // ------------------------------------------------------------ its life

    void start() {
        if (disk.full) {
            world.restartAgent(this, START_AGAIN_NANOS);
            return;
        }
        actor.rise();
        Register template = Register.newBuilder().setHostname(name()).setVersion("sim")
                .setRack("rack-" + index % 3)
                .setResources(Resources.newBuilder().setCpusMilli(CPUS_MILLI).setMemMib(MEM_MIB))
                .addPorts(PortRange.newBuilder().setFirst(PORT_FIRST).setLast(PORT_LAST))
                .addRuntimes(Runtime.PROCESS).build();
        engine = new AgentEngine(new AgentIdentity(template), limits, disk.recover());
        inputs.clear();
        arrived.clear();
        orderedBy.clear();
        planned = false;
        busy = false;
        saidOpen = false;
        turn = dice.within(0, 8);
        backoff = backoff();
        aloneSinceNanos = timeline().nowNanos();
        put(new Input.Started());
        connect();
        timeline().after(dice.within(0, TICK_NANOS), actor, this::tick);
    }

    /** The process is gone; what runs on the machine runs on. */
    void crash() {
        if (actor.down) {
            return;
        }
        crashes++;
        actor.die();
        disk.tear(disk.unsynced() == 0 ? 0 : dice.within(0, disk.unsynced() + 1));
        Link open = link;
        link = null;
        if (open != null) {
            open.cancel();
        }
    }

    /** The machine goes down, and comes back with nothing running. */
    void reboot() {
        crashes++;
        actor.die();
        disk.tear(0);
        Link open = link;
        link = null;
        if (open != null) {
            open.vanish();
        }
        machine.reboot();
    }

    /** With another disk. */
    void wipe() {
        reboot();
        disk.format(new CheckpointRecord.Identity(name(), dice.next()));
        epochAccepted = 0;
        stale.clear();
        world.oracle().forgets(this);
    }

    private void tick() {
        if (!planned && !busy) {
            turn();
        }
        long aloneMs = world.seams().stopsAloneAfterMs();
        AgentEngine present = engine;
        if (aloneMs > 0 && present != null) {
            if (present.welcomed()) {
                aloneSinceNanos = timeline().nowNanos();
            } else if (timeline().nowNanos() - aloneSinceNanos > aloneMs * Timeline.MS) {
                put(new Input.StopAll(1_000));
            }
        }
        timeline().after(TICK_NANOS, actor, this::tick);
    }

    // ------------------------------------------------------------ the connection

    private void connect() {
        List<SimMaster> masters = world.masters();
        Link next = new Link(world.network(), this, masters.get(turn % masters.size()));
        link = next;
        linkHeard = false;
        saidOpen = false;
        arrived.clear();
        put(new Input.Connected());
        next.open();
    }

    /** A message has arrived; the next one is let in when it has been dealt with. */
    void heard(Link on, MasterMessage message) {
        if (on != link) {
            return;
        }
        linkHeard = true;
        arrived.add(message);
        letIn();
    }

    private void letIn() {
        if (!saidOpen && !arrived.isEmpty()) {
            MasterMessage message = arrived.remove();
            saidOpen = true;
            world.seams().heard(message, disk.memory().epochHighest()).ifPresentOrElse(
                    told -> add(new Heard(new Input.Said(told), message.getEpoch())),
                    () -> {
                        saidOpen = false;
                        letIn();
                    });
        }
    }

    /** These were sent on a connection that is gone. */
    void missed(Collection<MasterMessage> orders) {
        stale.addAll(orders);
        while (stale.size() > STALE_MAX) {
            stale.remove();
        }
    }

    /** What an earlier leader had sent arrives after all, on the present connection. */
    void hearStale() {
        if (welcomed() && !stale.isEmpty()
                && stale.peek().getEpoch() < disk.memory().epochHighest()) {
            world.injected(FaultKind.STALE_ORDERS);
            arrived.add(stale.remove());
            timeline().after(0, actor, this::letIn);
        }
    }

    void over(Link of) {
        if (of != link) {
            return;
        }
        link = null;
        put(new Input.Disconnected());
        if (linkHeard) {
            backoff.reset();
        } else {
            turn++;
        }
        timeline().after(backoff.nextMs() * Timeline.MS, actor, this::connect);
    }

    // ------------------------------------------------------------ the loop

    void put(Input input) {
        add(new Heard(input, 0));
    }

    private void add(Heard heard) {
        inputs.add(heard);
        if (inputs.size() > INPUTS_MAX) {
            world.oracle().fail(Invariant.BOUNDED_QUEUES, name() + " has " + inputs.size()
                    + " inputs waiting");
        }
        plan();
    }

    private void plan() {
        if (!planned && !busy) {
            planned = true;
            timeline().after(inputs.isEmpty()
                    ? 0
                    : dice.latency(TURN_NANOS_MEAN) * disk.slowness, actor, this::turn);
        }
    }

    private void turn() {
        planned = false;
        AgentEngine present = engine;
        if (present == null || busy) {
            return;
        }
        List<Heard> taken = inputs.isEmpty() ? List.of() : new ArrayList<>(inputs.size());
        while (!inputs.isEmpty() && taken.size() < TURN_MAX) {
            taken.add(inputs.remove());
        }
        Moment now = new Moment(World.WALL_MS + timeline().nowMs() + clockOffMs,
                timeline().nowMs());
        for (Heard one : taken) {
            noteOrders(one);
            present.on(one.input(), now);
        }
        present.on(TICK, now);
        List<Effect> effects = present.drain();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Save(CheckpointRecord fact)) {
                disk.append(fact);
                world.oracle().saved(this, fact);
            }
        }
        if (!disk.dirty()) {
            carryOut(taken, effects);
            return;
        }
        busy = true;
        timeline().after(dice.latency(world.options().diskNanosMean()) * disk.slowness, actor,
                () -> {
                    busy = false;
                    if (disk.full) {
                        // As in production: the agent must not go on, and its supervisor starts it again.
                        crash();
                        world.restartAgent(this, START_AGAIN_NANOS);
                        return;
                    }
                    if (world.seams().synced(crashes)) {
                        disk.sync();
                    }
                    carryOut(taken, effects);
                });
    }

    private void noteOrders(Heard one) {
        if (one.input() instanceof Input.Said(MasterMessage message) && message.hasOrders()) {
            for (LaunchGroup group : message.getOrders().getLaunchesList()) {
                group.getInstanceIdsList().forEach(id -> orderedBy.put(id, one.epoch()));
            }
            for (Kill kill : message.getOrders().getKillsList()) {
                orderedBy.put(kill.getInstanceId(), one.epoch());
            }
        }
    }

    private void carryOut(List<Heard> taken, List<Effect> effects) {
        for (Effect effect : effects) {
            carryOut(effect);
            if (actor.down) {
                return;
            }
        }
        AgentEngine present = engine;
        for (Heard one : taken) {
            if (one.input() instanceof Input.Said) {
                if (present != null && present.welcomed()) {
                    epochAccepted = Math.max(epochAccepted, one.epoch());
                }
                saidOpen = false;
                letIn();
            }
        }
        if (!inputs.isEmpty()) {
            plan();
        }
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.Save(CheckpointRecord fact) -> obeyed(fact);
            case Effect.Launch(long id, var spec, var ports, int gpus) -> {
                fenced(id, "launches");
                world.oracle().launched(this, id);
                machine.launch(id, spec, ports);
            }
            case Effect.Adopt(long id, var spec, var ports) -> machine.adopt(id);
            case Effect.Kill(long id, var spec, long graceMs) -> {
                fenced(id, "kills");
                world.oracle().killed(this, id);
                machine.kill(id, graceMs);
            }
            case Effect.Pause(long id, var spec) -> put(new Input.TaskPaused(id));
            case Effect.Resume(long id, var spec) -> put(new Input.TaskResumed(id));
            case Effect.Prefetch unused -> {
                /* everything is there already */ }
            case Effect.EndLeftover unused -> {
                /* a wiped machine has lost what ran on it, too */ }
            case Effect.Forget(long id, var spec) -> machine.forget(id);
            case Effect.Watch watch -> machine.watch(watch.instanceId());
            case Effect.Unwatch(long id) -> machine.unwatch(id);
            case Effect.Send(AgentMessage message) -> {
                AgentMessage said = world.seams().said(message);
                if (said.hasStatuses()) {
                    world.oracle().reported(this, said.getStatuses());
                }
                send(said);
            }
            case Effect.Beat(long number) -> {
                if (link != null && link.ready()) {
                    link.send(AgentMessage.newBuilder()
                            .setHeartbeat(Heartbeat.newBuilder().setNumber(number)).build());
                }
            }
            case Effect.Read unused -> {
                /* nobody reads logs here */ }
            case Effect.HangUp unused -> hangUp();
        }
    }

    /** It is on the disk. A launch that waits for its turn is obeyed when it is noted, not when it begins. */
    private void obeyed(CheckpointRecord fact) {
        if (fact instanceof CheckpointRecord.Waiting(long id, int gpus)) {
            fenced(id, "takes the launch of");
        } else if (fact instanceof CheckpointRecord.Begun(long id)) {
            orderedBy.remove(id);
        }
    }

    private void fenced(long id, String what) {
        Long epoch = orderedBy.remove(id);
        if (epoch != null) {
            world.oracle().checked(Invariant.FENCING);
            if (Long.compareUnsigned(epoch, epochAccepted) < 0) {
                world.oracle().fail(Invariant.FENCING, name() + " " + what + " instance " + id
                        + " for epoch " + epoch + ", though it has accepted " + epochAccepted);
            }
        }
    }

    private void send(AgentMessage message) {
        Link open = link;
        if (open != null) {
            open.send(message);
        }
    }

    private void hangUp() {
        Link open = link;
        if (open != null) {
            linkHeard = false;
            open.cancel();
            timeline().after(1, actor, () -> over(open));
        }
    }

    // ------------------------------------------------------------ how it is

    @Override
    public String toString() {
        return name() + (actor.down ? " down" : actor.paused ? " paused" : " up")
                + (welcomed() ? " welcomed" : "") + (link == null ? " unconnected" : "")
                + (busy ? " busy" : "") + ", waiting " + inputs.size() + "+" + arrived.size()
                + ", to report " + unreported() + ", holds " + disk.memory().held();
    }

    boolean welcomed() {
        AgentEngine present = engine;
        return !actor.down && present != null && present.welcomed();
    }

    /** What it still has to report. */
    int unreported() {
        return disk.memory().pending().size();
    }

    void cutStream() {
        Link open = link;
        if (open != null) {
            open.cut();
        }
    }
}
