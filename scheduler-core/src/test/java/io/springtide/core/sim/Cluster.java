package io.springtide.core.sim;

import io.springtide.core.CoreSettings;
import io.springtide.core.SchedulerCore;
import io.springtide.core.codec.EventCodec;
import io.springtide.core.codec.FactReader;
import io.springtide.core.codec.FactWriter;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.command.Decision;
import io.springtide.core.event.Event;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.StateSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A core with simulated agents and simulated time. Does what the engine does: decide, apply, settle
 * until nothing follows; and checks the {@link Invariants} after every event. Every event passes
 * through the codec once, so that what is applied is what a journal would hold.
 */
public final class Cluster {

    /** A settlement that needs more rounds is taken for one that never ends. */
    private static final int ROUNDS_MAX = 1_000;

    private final CoreSettings settings;
    private final SchedulerCore core;
    private final Invariants invariants = new Invariants();
    private final List<Event> journal = new ArrayList<>();
    private final TreeMap<String, SimAgent> agents = new TreeMap<>();
    private Optional<Shadow> shadow = Optional.empty();
    private Optional<AppId> watched = Optional.empty();
    private long nowMs = 1_000_000;

    public Cluster() {
        this(CoreSettings.DEFAULT);
    }

    public Cluster(CoreSettings settings) {
        this.settings = settings;
        this.core = new SchedulerCore(new ClusterState(), settings);
        run(new Command.FoundCluster("0123456789abcdef"));
    }

    /** What a backup gives, with the fact that it was restored and a new leader. */
    public Cluster(byte[] backup, Event.ClusterRestored restored) {
        this.settings = CoreSettings.DEFAULT;
        this.core = new SchedulerCore(StateSnapshot.decode(backup), settings);
        this.nowMs = restored.atMs();
        apply(restored);
        run(new Command.FoundCluster("fedcba9876543210"));
    }

    public ClusterState state() {
        return core.state();
    }

    public long nowMs() {
        return nowMs;
    }

    /** Every event so far. */
    public List<Event> journal() {
        return journal;
    }

    /** The events since a {@code journal().size()} noted before, of one kind. */
    public <E extends Event> List<E> since(int mark, Class<E> kind) {
        return journal.subList(mark, journal.size()).stream().filter(kind::isInstance)
                .map(kind::cast).toList();
    }

    /** Decides and applies one command and does not settle. */
    public Answer ask(Command command) {
        Decision decision = core.decide(command, nowMs);
        decision.events().forEach(this::apply);
        shadow.ifPresent(twin -> twin.ask(command, nowMs, decision));
        return decision.answer();
    }

    /** Decides and applies one command with all that follows. */
    public Answer run(Command command) {
        Answer answer = ask(command);
        settle();
        return answer;
    }

    /** The same, for commands that must not be refused. */
    public Answer.Accepted accept(Command command) {
        Answer answer = run(command);
        if (answer instanceof Answer.Accepted accepted) {
            return accepted;
        }
        throw new AssertionError(command + " was answered by " + answer);
    }

    /** Decides rounds until one finds nothing to do. */
    public void settle() {
        List<Event> settled = new ArrayList<>();
        for (int round = 0; round < ROUNDS_MAX; round++) {
            List<Event> events = core.decide(new Command.Settle(), nowMs).events();
            if (events.isEmpty()) {
                shadow.ifPresent(twin -> twin.settle(nowMs, settled));
                return;
            }
            events.forEach(this::apply);
            settled.addAll(events);
        }
        throw new AssertionError("the settlement does not end; last events: "
                + settled.subList(settled.size() - 3, settled.size()));
    }

    private void apply(Event event) {
        Event stored = copy(event);
        watched.flatMap(state()::app).ifPresent(app -> RolloutWatch.before(state(), app, stored));
        core.apply(stored);
        journal.add(stored);
        invariants.check(core.state(), stored);
    }

    /** Lets time pass, with a tick at its end. */
    public void passMs(long ms) {
        nowMs += ms;
        run(new Command.Tick());
    }

    /** Lets time pass in steps of a second. */
    public void passSeconds(int seconds) {
        for (int i = 0; i < seconds; i++) {
            passMs(1_000);
        }
    }

    /** From now on a second core, restored from bytes, decides the same and is compared. */
    public void restoreShadow() {
        shadow = Optional.of(new Shadow(StateSnapshot.encode(state()), settings));
    }

    /** From now on the bounds of a rolling change are checked for an app. */
    public void watch(String path) {
        watched = Optional.of(new AppId(path));
    }

    // Agents

    /** A new agent, connected. */
    public SimAgent join(AgentSpec spec) {
        SimAgent agent = new SimAgent(spec);
        agents.put(spec.id().name(), agent);
        connect(agent);
        return agent;
    }

    /** As if all that is known came out of a backup, and a person said at once that it goes on. */
    public void restoreHere() {
        apply(new Event.ClusterRestored(nowMs, state().instanceNext() + 1_000,
                state().deploymentNext() + 1_000, true, nowMs));
        List<SimAgent> there = agents().stream().filter(SimAgent::connected).toList();
        there.forEach(this::connect);
        accept(new Command.ConfirmRestore());
        there.forEach(this::connect);
    }

    /** An agent of another life of this cluster connects. */
    public void take(SimAgent agent) {
        agents.put(agent.spec().id().name(), agent);
        connect(agent);
    }

    /** So many like agents {@code a0, a1, ...}, half of them in each of two sites, two racks a site. */
    public void joinMany(int count) {
        for (int i = 0; i < count; i++) {
            join(Specs.agent("a" + i, "s" + i % 2, "r" + i / 2 % 2));
        }
    }

    public List<SimAgent> agents() {
        return List.copyOf(agents.values());
    }

    public SimAgent agent(String name) {
        SimAgent agent = agents.get(name);
        if (agent == null) {
            throw new IllegalArgumentException("no agent " + name);
        }
        return agent;
    }

    /** The row of an agent. */
    public int row(SimAgent agent) {
        return state().agents().rowOf(agent.spec().id()).orElseThrow();
    }

    public void connect(SimAgent agent) {
        agent.connected(true);
        run(agent.registration());
    }

    /** Nothing is heard of the agent; what it holds keeps running. */
    public void silence(SimAgent agent) {
        agent.connected(false);
        run(new Command.AgentFellSilent(agent.spec().id()));
    }

    /** The agent comes back with nothing but its name. */
    public void returnWiped(SimAgent agent) {
        agent.wipe();
        connect(agent);
    }

    /** The agent comes back with its folder, but none of its containers. */
    public void returnEmpty(SimAgent agent) {
        agent.crash();
        connect(agent);
    }

    /** One round of an agent's work: up to so many steps, then its reports arrive. */
    public void sync(SimAgent agent, int stepsMax) {
        if (agent.connected()) {
            agent.sync(state(), stepsMax);
            deliver(agent);
        }
    }

    /** One of an agent's instances ends by itself, and the agent says so. */
    public void end(SimAgent agent, long number, Condition how) {
        agent.end(number, how);
        deliver(agent);
    }

    /** All that an agent has to report arrives. */
    public void deliver(SimAgent agent) {
        for (Command.ReportStatuses report : agent.spool()) {
            run(report);
            agent.acknowledge(report);
        }
    }

    /** All connected agents work until nobody has anything left to do. */
    public void quiesce() {
        for (int round = 0; round < ROUNDS_MAX; round++) {
            int before = journal.size();
            agents().forEach(agent -> sync(agent, Integer.MAX_VALUE));
            if (journal.size() == before) {
                return;
            }
        }
        throw new AssertionError("the agents do not come to rest");
    }

    /** Agents work and time passes, in turn. */
    public void live(int seconds) {
        for (int i = 0; i < seconds; i++) {
            quiesce();
            passMs(1_000);
        }
        quiesce();
    }

    /** One status of an instance, said by its agent. */
    public void say(long instance, Condition condition, Health health) {
        say(SimAgent.status(instance, condition, health));
    }

    /** One status of an instance, said by its agent. */
    public void say(InstanceStatus status) {
        int row = state().instance(status.instance()).orElseThrow().agentRow();
        SimAgent agent = agent(state().agents().spec(row).id().name());
        agent.report(List.of(status));
        deliver(agent);
    }

    // Looking at it

    public AppState app(String path) {
        return state().app(new AppId(path))
                .orElseThrow(() -> new AssertionError("there is no app " + path));
    }

    /** The app's instances that are as wanted, oldest first. */
    public List<Instance> instances(String path, Predicate<Instance> which) {
        List<Instance> found = new ArrayList<>();
        state().app(new AppId(path)).ifPresent(app -> {
            for (int i = 0; i < app.instances().size(); i++) {
                if (which.test(app.instances().get(i))) {
                    found.add(app.instances().get(i));
                }
            }
        });
        return found;
    }

    /** Numbers of the app's instances that count. */
    public List<Long> active(String path) {
        return instances(path, Instance::active).stream().map(Instance::number).toList();
    }

    /** Numbers of the app's instances that are being ended. */
    public List<Long> ending(String path) {
        return instances(path, i -> !i.active()).stream().map(Instance::number).toList();
    }

    public int healthy(String path) {
        return instances(path, i -> i.active() && state().healthy(i)).size();
    }

    /** The state's bytes. */
    public byte[] bytes() {
        return StateSnapshot.encode(state());
    }

    /** An event written and read again. */
    public static Event copy(Event event) {
        return EventCodec.read(new FactReader(bytes(List.of(event))));
    }

    /** Events as a journal holds them. */
    public static byte[] bytes(List<? extends Event> events) {
        FactWriter out = new FactWriter(64);
        events.forEach(event -> EventCodec.write(out, event));
        return out.toBytes();
    }
}
