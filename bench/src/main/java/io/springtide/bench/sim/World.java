package io.springtide.bench.sim;

import io.springtide.core.model.Constraint;
import io.springtide.core.model.Goal;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.InstanceList;
import io.springtide.master.metrics.EngineMetrics;
import io.springtide.master.metrics.Registries;
import io.springtide.master.store.ledger.ClusterKey;
import io.springtide.master.store.ledger.KeyedLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** One run: a cluster, those who use it, what goes wrong with it, and the one who watches. */
@SuppressWarnings("EnumOrdinal") // an order of its own, kept nowhere
final class World {

    /** When the simulated time begins, by everybody's clock. */
    static final long WALL_MS = 1_700_000_000_000L;
    static final Constraint UNIQUE = new Constraint(Constraint.HOSTNAME,
            Constraint.Operator.UNIQUE, "");

    /** After the faults everything must be well within this time. */
    private static final long CONVERGE_MS = 240_000;
    private static final long LOOK_MS = 1_000;
    private static final long COMPARE_NANOS = 20 * Timeline.SECOND;
    private static final int MASTER_DEAD_PERCENT = 30;

    private final Options options;
    private final Seams seams;
    private final Dice dice;
    private final Timeline timeline = new Timeline();
    private final Network network;
    private final StoreServer store;
    private final Oracle oracle;
    private final List<SimMaster> masters = new ArrayList<>();
    private final List<SimAgent> agents = new ArrayList<>();
    private final List<SimClient> clients = new ArrayList<>();
    private final Actor director;
    private final Nemesis nemesis;
    /** The store without any fault. */
    private final SimLedger sound;
    private final Operator operator;
    private final RuntimeFaults runtimeFaults = new RuntimeFaults();
    private final TreeMap<String, Integer> plagues = new TreeMap<>();
    private final long[] injected = new long[FaultKind.values().length];
    private final TreeSet<Integer> deadAgents = new TreeSet<>();
    private long clusterId;
    private boolean healed;
    private boolean wiped;
    private long facts;
    private int reigns;

    World(Options options, Seams seams) {
        this.options = options;
        this.seams = seams;
        this.dice = new Dice(options.seed());
        int nodes = 1 + options.masters() + options.agents();
        this.network = new Network(timeline, dice.split(), nodes, options.latencyNanosMean());
        this.store = new StoreServer(timeline, seams);
        this.oracle = new Oracle(this);
        this.director = new Actor("director", nodes);
        this.nemesis = new Nemesis(this, director);
        this.operator = new Operator(this, director);
        EngineMetrics metrics = new EngineMetrics(Registries.empty());
        for (int i = 0; i < options.masters(); i++) {
            masters.add(new SimMaster(this, i, metrics));
        }
        for (int i = 0; i < options.agents(); i++) {
            agents.add(new SimAgent(this, i, 1 + options.masters() + i));
        }
        for (int i = 0; i < options.apps(); i++) {
            clients.add(new SimClient(this, new SimApps(i, options.agents(), dice.split()),
                    new Actor("client-" + i, nodes + 1 + i)));
        }
        sound = SimLedger.faultless(store, timeline, dice.split());
        clusterId = ClusterKey.settle(sound, dice.next());
        oracle.reads(new KeyedLog(sound, clusterId, timeline::nowNanos), news -> facts += news);
        store.listen(oracle::written, (token, now) -> oracle.fail(Invariant.FENCING,
                "the store took a write of epoch " + token + " in epoch " + now));
    }

    /** Everything from the first start to convergence, or to the first broken invariant. */
    RunResult run() {
        masters.forEach(SimMaster::start);
        agents.forEach(agent -> restartAgent(agent, dice.within(0, 3 * Timeline.SECOND)));
        clients.forEach(SimClient::start);
        nemesis.plan(options.faults());
        timeline.after(COMPARE_NANOS, director, this::compare);
        long convergedMs = 0;
        try {
            timeline.runUntil(options.faultMs() * Timeline.MS);
            heal();
            convergedMs = converge();
            if (!timeline.stopped() && !wiped) {
                new Rest(this).check();
            }
        } catch (RuntimeException thrown) {
            oracle.unexpected("the simulation", thrown);
        }
        return new RunResult(options, oracle.violation(), injected.clone(), oracle.checks(),
                timeline.done(), timeline.nowNanos(), convergedMs, timeline.trace(), facts, reigns,
                masters.stream().mapToInt(SimMaster::snapshotsSaved).sum(),
                clients.stream().mapToInt(SimClient::acknowledged).sum(), 0);
    }

    private void compare() {
        masters.stream().filter(SimMaster::movedOn).forEach(oracle::sameState);
        timeline.after(COMPARE_NANOS, director, this::compare);
    }

    // ------------------------------------------------------------ the second half

    /** A random core is well again; the rest is gone for good. */
    private void heal() {
        if (timeline.stopped()) {
            return;
        }
        healed = true;
        Dice drawn = dice.split();
        network.heal();
        store.heal();
        runtimeFaults.stop();
        plagues.clear();
        clients.forEach(SimClient::finish);
        operator.openAll();
        int kept = drawn.within(0, masters.size());
        for (int i = 0; i < masters.size(); i++) {
            SimMaster master = masters.get(i);
            if (master.actor.paused) {
                timeline.resume(master.actor);
            }
            if (i != kept && drawn.percent(MASTER_DEAD_PERCENT)) {
                master.crash();
            } else if (master.actor.down) {
                master.start();
            }
        }
        int deadPercent = drawn.percent(30) ? drawn.within(0, 40) : 0;
        for (SimAgent agent : agents) {
            agent.disk.full = false;
            agent.disk.slowness = 1;
            agent.machine.slowness = 1;
            if (agent.actor.paused) {
                timeline.resume(agent.actor);
            }
            if (agent.index > 0 && drawn.percent(deadPercent)) {
                agent.reboot();
                deadAgents.add(agent.index);
            } else if (agent.actor.down) {
                restartAgent(agent, drawn.within(0, 5 * Timeline.SECOND));
            }
            agent.machine.healthChanged();
        }
    }

    private long converge() {
        long from = timeline.nowMs();
        Optional<Violation> open = Optional.empty();
        while (!timeline.stopped() && timeline.nowMs() - from < CONVERGE_MS) {
            timeline.runUntil(timeline.nowNanos() + LOOK_MS * Timeline.MS);
            open = wiped ? Optional.empty() : unsettled();
            if (open.isEmpty() && !wiped) {
                break;
            }
        }
        if (timeline.stopped()) {
            return 0;
        }
        clients.forEach(SimClient::check);
        masters.forEach(oracle::sameState);
        open.ifPresent(violation -> oracle.fail(violation.invariant(),
                violation.getMessage() + ", " + CONVERGE_MS / 1_000 + " s after the last fault"));
        return timeline.nowMs() - from;
    }

    /** What is not well yet. */
    private Optional<Violation> unsettled() {
        oracle.checked(Invariant.LED);
        if (masters.stream().noneMatch(one -> one.leads() && one.view()
                .filter(view -> view.position() == oracle.position()).isPresent())) {
            return Optional.of(new Violation(Invariant.LED, "nobody leads, or not up to date: "
                    + masters.stream().map(SimMaster::toString).toList() + ", the store is at "
                    + oracle.position() + ", seat vacant: " + store.vacant()));
        }
        ClusterState truth = oracle.truth();
        oracle.checked(Invariant.EXACT_COUNT);
        oracle.checked(Invariant.DEPLOYED);
        boolean explained = false;
        for (AppState app : truth.apps().values()) {
            explained |= app.missing() > 0 || awaited(truth, app) > 0;
            Optional<Violation> wrong = count(truth, app);
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        if (!truth.deployments().isEmpty() && !explained) {
            return Optional.of(new Violation(Invariant.DEPLOYED,
                    "still under way: " + truth.deployments() + " of "
                            + truth.apps().values().stream().filter(app -> app.deployment() != 0)
                                    .map(app -> shown(truth, app)).toList()));
        }
        for (SimAgent agent : agents) {
            if (!deadAgents.contains(agent.index)) {
                Optional<Violation> wrong = settled(truth, agent);
                if (wrong.isPresent()) {
                    return wrong;
                }
            }
        }
        return Optional.empty();
    }

    /** Instances on agents that are gone, and that are waited for. */
    private static int awaited(ClusterState truth, AppState app) {
        int awaited = 0;
        for (int i = 0; i < app.instances().size(); i++) {
            awaited += awaited(truth, app.instances().get(i)) ? 1 : 0;
        }
        return awaited;
    }

    private static boolean awaited(ClusterState truth, Instance one) {
        return switch (truth.agents().condition(one.agentRow())) {
            case UNREACHABLE -> !one.version().spec().unreachable().replaced();
            // In a storm few are given up, and it is said so.
            case SUSPECT -> truth.silence().stormMs() != 0;
            case LIVE -> false;
        };
    }

    private static String shown(ClusterState truth, AppState app) {
        StringBuilder text = new StringBuilder(app.id() + " wanted " + app.wanted());
        for (int i = 0; i < app.instances().size(); i++) {
            Instance one = app.instances().get(i);
            text.append(", ").append(one.number()).append(' ').append(one.goal()).append(' ')
                    .append(truth.conditionOf(one)).append(' ').append(one.health())
                    .append(" on row ").append(one.agentRow()).append(" of ")
                    .append(one.version().configuredMs() == app.current().configuredMs()
                            ? "the new"
                            : "an old one");
        }
        return text + " " + app.current().spec().unreachable() + " "
                + app.current().spec().upgrade();
    }

    private static Optional<Violation> count(ClusterState truth, AppState app) {
        int well = 0;
        int others = 0;
        int awaited = awaited(truth, app);
        for (int i = 0; i < app.instances().size(); i++) {
            Instance one = app.instances().get(i);
            if (one.goal() == Goal.RUNNING && truth.healthy(one)) {
                well++;
            } else if (!awaited(truth, one)) {
                others++;
            }
        }
        boolean whole = well + awaited == app.wanted() && others == 0;
        boolean explained = app.missing() > 0 || awaited > 0;
        return whole || explained
                ? Optional.empty()
                : Optional.of(new Violation(Invariant.EXACT_COUNT, app.id() + " has " + well
                        + " that are well and " + others + " others: " + shown(truth, app)));
    }

    private Optional<Violation> settled(ClusterState truth, SimAgent agent) {
        oracle.checked(Invariant.NO_ZOMBIE);
        oracle.checked(Invariant.ALL_REPORTED);
        var row = truth.agents().rowOf(new io.springtide.core.model.AgentId(agent.name()));
        TreeSet<Long> expected = new TreeSet<>();
        if (row.isPresent()) {
            InstanceList there = truth.agents().instances(row.getAsInt());
            for (int i = 0; i < there.size(); i++) {
                expected.add(there.get(i).number());
            }
        }
        if (!agent.machine.running().equals(expected)) {
            return Optional.of(new Violation(Invariant.NO_ZOMBIE, agent.name() + " runs "
                    + agent.machine.running() + ", but the state has " + expected + " there; it is "
                    + agent));
        }
        return agent.unreported() == 0
                ? Optional.empty()
                : Optional.of(new Violation(Invariant.ALL_REPORTED, agent.name() + " still has "
                        + agent.unreported() + " batches to report"));
    }

    // ------------------------------------------------------------ what happens to it

    void restartAgent(SimAgent agent, long delayNanos) {
        timeline.after(delayNanos, director, () -> {
            if (agent.actor.down && !deadAgents.contains(agent.index)) {
                agent.start();
            }
        });
    }

    /** The store is emptied while everything runs; masters are started anew on what there is. */
    void wipeStore() {
        wiped = true;
        oracle.wiped();
        store.wipe();
        for (SimMaster master : masters) {
            master.crash();
            timeline.after(dice.within(Timeline.SECOND, 10 * Timeline.SECOND), director, () -> {
                if (master.actor.down) {
                    master.start();
                }
            });
        }
    }

    /** A master finds this cluster in the store. */
    void found(long id) {
        if (wiped && id != clusterId) {
            oracle.found(new NextCluster(id, new KeyedLog(sound, id, timeline::nowNanos)));
        }
    }

    boolean wiped() {
        return wiped;
    }

    long clusterIdFresh(long drawn) {
        return seams.emptyIsOurs() ? clusterId : drawn;
    }

    /** @param app whose checks are meant; empty: all */
    void plague(String app, boolean begins) {
        plagues.merge(app, begins ? 1 : -1, Integer::sum);
        agents.forEach(agent -> agent.machine.healthChanged());
    }

    boolean plagued(String app) {
        return !plagues.isEmpty()
                && (plagues.getOrDefault("", 0) > 0 || plagues.getOrDefault(app, 0) > 0);
    }

    void injected(FaultKind kind) {
        injected[kind.ordinal()]++;
    }

    void unknownWrite() {
        injected(FaultKind.STORE_UNKNOWN);
    }

    void bootFailed(RuntimeException why) {
        timeline.note(String.valueOf(why.getMessage()).length());
    }

    int reigns() {
        return reigns;
    }

    long facts() {
        return facts;
    }

    void reigned() {
        reigns++;
    }

    // ------------------------------------------------------------ who is there

    Options options() {
        return options;
    }

    Seams seams() {
        return seams;
    }

    Dice dice() {
        return dice;
    }

    Timeline timeline() {
        return timeline;
    }

    Network network() {
        return network;
    }

    StoreServer store() {
        return store;
    }

    Oracle oracle() {
        return oracle;
    }

    List<SimMaster> masters() {
        return masters;
    }

    List<SimAgent> agents() {
        return agents;
    }

    List<SimClient> clients() {
        return clients;
    }

    Operator operator() {
        return operator;
    }

    RuntimeFaults runtimeFaults() {
        return runtimeFaults;
    }

    boolean healed() {
        return healed;
    }
}
