package io.springtide.bench.sim;

import io.springtide.core.SchedulerCore;
import io.springtide.core.command.Command;
import io.springtide.core.placement.Scorers;
import io.springtide.master.agents.AgentCounters;
import io.springtide.master.agents.Timing;
import io.springtide.master.journal.Journal;
import io.springtide.master.journal.JournalException;
import io.springtide.master.leader.LeaderParts;
import io.springtide.master.leader.Leadership;
import io.springtide.master.leader.Machinery;
import io.springtide.master.metrics.EngineMetrics;
import io.springtide.master.ring.Outcome;
import io.springtide.master.ring.ReignEngine;
import io.springtide.master.ring.SteppedEngine;
import io.springtide.master.snapshot.Snapshots;
import io.springtide.master.standby.Follower;
import io.springtide.master.standby.Pace;
import io.springtide.master.store.Election;
import io.springtide.master.store.Store;
import io.springtide.master.store.ledger.ClusterKey;
import io.springtide.master.store.ledger.KeyedLog;
import io.springtide.master.store.ledger.LedgerException;
import io.springtide.master.view.CommittedState;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A master: the production code of leading, following and talking to agents, on simulated machinery. */
final class SimMaster {

    private static final long BOOT_NANOS = 400 * Timeline.MS;
    private static final long BOOT_AGAIN_NANOS = Timeline.SECOND;
    private static final long FOLLOW_NANOS = 250 * Timeline.MS;
    private static final long TICK_NANOS = 100 * Timeline.MS;
    private static final long DECIDE_NANOS_MEAN = Timeline.MS / 4;
    private static final long STORE_LOOK_NANOS = 50 * Timeline.MS;

    final Actor actor;
    final int index;
    final int node;
    SimEntrance entrance;
    private final World world;
    private final Dice dice;
    private final EngineMetrics metrics;
    /** What the wall clock is off by, in ms. */
    long clockOffMs;
    private @Nullable Leadership leadership;
    private @Nullable Follower follower;
    private @Nullable KeyedLog log;
    private @Nullable SteppedEngine engine;
    private @Nullable SimElection election;
    private int snapshotsSaved;
    /** Where it was when its state was last held against that of the store. */
    private long comparedPosition = -1;

    SimMaster(World world, int index, EngineMetrics metrics) {
        this.world = world;
        this.index = index;
        this.node = 1 + index;
        this.actor = new Actor("master-" + index, node);
        this.actor.down = true;
        this.dice = world.dice().split();
        this.metrics = metrics;
        this.entrance = new SimEntrance(timeline(), actor, dice, world.options().poolAtOnce());
    }

    // ------------------------------------------------------------ its life

    void start() {
        actor.rise();
        timeline().after(BOOT_NANOS, actor, this::boot);
    }

    void crash() {
        actor.die();
        leadership = null;
        follower = null;
        engine = null;
        // Its gateway has died with it.
        entrance = new SimEntrance(timeline(), actor, dice, world.options().poolAtOnce());
        world.network().links().stream().filter(link -> link.master == this)
                .forEach(Link::reset);
    }

    private void boot() {
        comparedPosition = -1;
        SimLedger ledger = new SimLedger(world.store(), timeline(), dice,
                () -> world.store().up() && world.network().passes(node, Network.STORE),
                () -> world.network().passes(Network.STORE, node), world::unknownWrite);
        entrance = new SimEntrance(timeline(), actor, dice, world.options().poolAtOnce());
        engine = null;
        try {
            long clusterId = ClusterKey.settle(ledger, world.clusterIdFresh(dice.next()));
            world.found(clusterId);
            KeyedLog read = new KeyedLog(ledger, clusterId, timeline()::nowNanos);
            log = read;
            Follower copies = Follower.of(read, new SimPace());
            SimElection mine = new SimElection(this, world.store());
            election = mine;
            Store store = new SimStore(clusterId, read, mine);
            Leadership both = new Leadership(store, copies,
                    new LeaderParts(seams().settings(world.options().core()), Scorers.BUILT_IN,
                            world.options().gateway(), entrance, new AgentCounters(),
                            (instance, app, condition, atMs) -> {
                            }, metrics,
                            new SimMachinery()),
                    this::fatal);
            follower = copies;
            leadership = both;
            both.begin(new Election.Addresses("master-" + index + ":8080",
                    "master-" + index + ":5051"));
        } catch (JournalException | LedgerException outOfReach) {
            world.bootFailed(outOfReach);
            timeline().after(BOOT_AGAIN_NANOS, actor, this::boot);
        }
    }

    /** The process cannot go on: whatever was not foreseen is a bug. */
    private void fatal(Throwable failure) {
        world.oracle().unexpected("master-" + index, failure);
        crash();
    }

    void elected(long term) {
        timeline().note(term);
        world.reigned();
        world.oracle().reign(this);
    }

    // ------------------------------------------------------------ what others ask

    boolean leads() {
        Leadership present = leadership;
        return !actor.down && present != null && present.leads();
    }

    Optional<CommittedState> view() {
        return actor.down ? Optional.empty() : Optional.ofNullable(follower).map(Follower::view);
    }

    /** Commands that wait for the engine, 0 if there is none. */
    int waiting() {
        SteppedEngine present = engine;
        return present == null ? 0 : present.waiting();
    }

    CompletableFuture<Outcome> submit(Command command) {
        Leadership present = leadership;
        return present == null ? new CompletableFuture<>() : present.submit(seams().asked(command));
    }

    void stepDown() {
        Leadership present = leadership;
        if (present != null) {
            present.abdicate();
        }
    }

    boolean reachesStore() {
        return world.store().up() && world.network().reaches(node, Network.STORE);
    }

    void actorDoes(Runnable work) {
        timeline().after(world.network().latency(), actor, work);
    }

    void soon(Runnable work) {
        timeline().after(world.options().storeNanosMean() + dice.within(0, Timeline.MS), actor,
                work);
    }

    Timeline timeline() {
        return world.timeline();
    }

    Dice dice() {
        return dice;
    }

    Seams seams() {
        return world.seams();
    }

    KeyedLog log() {
        return java.util.Objects.requireNonNull(log, "a master that is elected has booted");
    }

    long wallMs() {
        return World.WALL_MS + timeline().nowMs() + clockOffMs;
    }

    /** Whether it has moved on since this was asked last; what stands still need not be compared anew. */
    boolean movedOn() {
        long now = view().map(CommittedState::position).orElse(-1L);
        boolean moved = now != comparedPosition;
        comparedPosition = now;
        return moved;
    }

    int snapshotsSaved() {
        return snapshotsSaved;
    }

    @Override
    public String toString() {
        return actor.name + (actor.down ? " down" : actor.paused ? " paused" : " up")
                + (leads() ? " leads" : "") + " (" + election + ")"
                + view().map(seen -> " position " + seen.position()).orElse("");
    }

    // ------------------------------------------------------------ its machinery

    private final class SimMachinery implements Machinery {

        @Override
        public ReignEngine engine(SchedulerCore core, CommittedState view, Journal journal,
                long epoch, long newestMs, EngineMetrics measured, Consumer<Throwable> onFatal) {
            seams().begins(core.state());
            EngineDrive drive = new EngineDrive(core);
            SteppedEngine made = new SteppedEngine(core, view, journal, epoch, newestMs, measured,
                    SimMaster.this::wallMs, timeline()::nowNanos, drive::work, failure -> {
                        if (!(failure instanceof JournalException)) {
                            world.oracle().unexpected("the engine of master-" + index, failure);
                        }
                        onFatal.accept(failure);
                    });
            drive.engine = made;
            engine = made;
            timeline().after(TICK_NANOS, actor, drive::tick);
            return made;
        }

        @Override
        public Timing timing() {
            return new SimTiming(timeline(), actor, dice);
        }

        @Override
        public InstantSource clock() {
            return () -> Instant.ofEpochMilli(wallMs());
        }

        @Override
        public Snapshots snapshots(CommittedState view, Journal journal, long epoch) {
            return new SimSnapshots(SimMaster.this, view, journal, epoch,
                    world.options().snapshotEvery(), () -> snapshotsSaved++);
        }
    }

    /** When the steps of an engine are made: apart, so that anything can happen between them. */
    private final class EngineDrive {

        private final SchedulerCore core;
        private @Nullable SteppedEngine engine;
        private boolean deciding;
        private boolean writing;
        private long waitedNanos;

        EngineDrive(SchedulerCore core) {
            this.core = core;
        }

        void tick() {
            SteppedEngine present = engine;
            if (present != null && !present.stopped()) {
                var unused = present.submit(new Command.Tick());
                timeline().after(TICK_NANOS, actor, this::tick);
            }
        }

        void work() {
            if (!deciding) {
                deciding = true;
                timeline().after(dice.latency(DECIDE_NANOS_MEAN), actor, this::decide);
            }
        }

        private void decide() {
            deciding = false;
            SteppedEngine present = engine;
            if (present != null && present.decide()) {
                if (seams().ordersAtOnce()) {
                    entrance.tellAtOnce(present.unwritten(), core.state());
                }
                seams().decided(core);
                startToWrite();
            }
        }

        private void startToWrite() {
            if (!writing) {
                writing = true;
                waitedNanos = 0;
                timeline().after(storeNanos(), actor, this::write);
            }
        }

        private void write() {
            SteppedEngine present = engine;
            if (present == null || present.stopped()) {
                return;
            }
            // A real call waits for the store as long as a session lasts.
            if (!reachesStore() && waitedNanos < StoreServer.SESSION_NANOS) {
                waitedNanos += STORE_LOOK_NANOS;
                timeline().after(STORE_LOOK_NANOS, actor, this::write);
                return;
            }
            present.write();
            timeline().after(storeNanos(), actor, this::release);
        }

        private void release() {
            writing = false;
            SteppedEngine present = engine;
            if (present == null || present.stopped()) {
                return;
            }
            present.release();
            if (present.hasDecided()) {
                startToWrite();
            }
        }

        private long storeNanos() {
            return dice.latency(world.options().storeNanosMean()) * world.store().slowness;
        }
    }

    /** Steps of the follower, in simulated time. */
    private final class SimPace implements Pace {

        private long seen = -1;

        @Override
        public Course begin(Follower of, Consumer<Throwable> onFatal) {
            boolean[] stopped = new boolean[1];
            seen = -1;
            step(of, onFatal, stopped);
            return () -> stopped[0] = true;
        }

        private void step(Follower of, Consumer<Throwable> onFatal, boolean[] stopped) {
            if (stopped[0]) {
                return;
            }
            try {
                // One that waits is woken by a write; where there was none it need not look.
                if (world.store().writes() != seen || !reachesStore()) {
                    of.step();
                    seen = world.store().writes();
                }
            } catch (JournalException outOfReach) {
                timeline().note(String.valueOf(outOfReach.getMessage()).length());
            } catch (RuntimeException broken) {
                onFatal.accept(broken);
                return;
            }
            timeline().after(FOLLOW_NANOS / 2 + dice.within(0, FOLLOW_NANOS), actor,
                    () -> step(of, onFatal, stopped));
        }
    }

    private record SimStore(long id, KeyedLog log, Election election) implements Store {

        @Override
        public String clusterId() {
            return ClusterKey.text(id);
        }

        @Override
        public boolean shared() {
            return true;
        }

        @Override
        public String name() {
            return "sim://store";
        }

        @Override
        public void close() {
            // Nothing to let go of.
        }
    }
}
