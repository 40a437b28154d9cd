package io.springtide.master.leader;

import io.springtide.api.agent.FileChunk;
import io.springtide.core.command.Command;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AppId;
import io.springtide.core.state.ClusterState;
import io.springtide.master.MasterStatus;
import io.springtide.master.agents.AgentsPort;
import io.springtide.master.journal.JournalException;
import io.springtide.master.nodes.NodesPort;
import io.springtide.master.prefetch.Progress;
import io.springtide.master.ring.CommandPort;
import io.springtide.master.ring.Outcome;
import io.springtide.master.scaling.ScalingPort;
import io.springtide.master.scaling.Standing;
import io.springtide.master.standby.Follower;
import io.springtide.master.store.Election;
import io.springtide.master.store.Reign;
import io.springtide.master.store.Store;
import io.springtide.master.traffic.Traffic;
import io.springtide.master.traffic.TrafficPort;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows until it is elected, leads until it is deposed, and so on. For all who ask it is one and the
 * same master: commands reach the engine while it leads, and are refused while it does not.
 *
 * <p>A reign ends by the store's word, or because its journal has failed; either way the engine's copy
 * of the state is dropped and the view, which shows nothing that is not committed, follows the log
 * again.
 */
public final class Leadership
        implements
            Election.Candidate,
            CommandPort,
            AgentsPort,
            MasterStatus,
            AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

    /** From the door to the engine, for a request with a body. */
    private static final Duration LAST_REQUESTS = Duration.ofMillis(50);

    private static final Outcome NOT_LEADING = new Outcome.Stopped(
            "this master does not lead; ask again");

    private final Store store;
    private final Follower follower;
    private final LeaderParts parts;
    private final Consumer<Throwable> onFatal;
    private volatile Election.Addresses self = new Election.Addresses("", "");
    private boolean closed;
    private volatile @Nullable Duties duties;
    private volatile OptionalLong leaderKnownNanos = OptionalLong.empty();
    private volatile boolean leaving;
    private volatile int reigns;
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile Election.@Nullable Leader own;

    /**
     * Does nothing before {@link #begin}.
     *
     * @param onFatal told if this process cannot go on; what leads to a new election is not fatal
     */
    public Leadership(Store store, Follower follower, LeaderParts parts,
            Consumer<Throwable> onFatal) {
        this.store = store;
        this.follower = follower;
        this.parts = parts;
        this.onFatal = onFatal;
    }

    /** Follows, and stands for election. */
    public synchronized void begin(Election.Addresses addresses) {
        self = addresses;
        follower.follow(onFatal);
        store.election().campaign(addresses, this);
    }

    // ------------------------------------------------------------ the store's word

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // written within the monitor only
    public synchronized void elected(Reign reign) {
        if (closed) {
            return;
        }
        long begunNanos = System.nanoTime();
        try {
            follower.halt();
            Duties begun = Duties.begin(reign, store.clusterId(), follower, parts, this::failed);
            own = new Election.Leader(reign.epoch(), self);
            duties = begun;
            reigns++;
            LOG.info("leading store={} epoch={} position={} takeoverMs={}", store.name(),
                    reign.epoch(), follower.view().position(),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos));
        } catch (JournalException notNow) {
            failed(notNow);
        } catch (RuntimeException | Error bug) {
            onFatal.accept(bug);
        }
    }

    @Override
    public synchronized void deposed(String why) {
        if (closed) {
            return;
        }
        try {
            Duties ended = duties;
            duties = null;
            LOG.warn("deposed store={} why=\"{}\"", store.name(), why);
            if (ended != null) {
                ended.abort();
            }
            follower.renew();
            follower.follow(onFatal);
        } catch (RuntimeException | Error bug) {
            onFatal.accept(bug);
        }
    }

    /** On a thread of the engine, or while taking over. */
    private void failed(Throwable failure) {
        if (failure instanceof JournalException && store.shared()) {
            LOG.warn("reign-failed why=\"{}\"", failure.getMessage());
            store.election().resign();
        } else {
            onFatal.accept(failure);
        }
    }

    /** See {@link Follower#rehearse}. */
    public void rehearse() {
        follower.rehearse(parts.settings(), parts.scorers(), this::leads);
    }

    /** How many instances are known here. */
    public int instances() {
        return follower.view().read(ClusterState::instanceCount);
    }

    // ------------------------------------------------------------ what others ask

    @Override
    public CompletableFuture<Outcome> submit(Command command) {
        Duties leading = duties;
        if (leading == null) {
            return CompletableFuture.completedFuture(NOT_LEADING);
        }
        underWay.incrementAndGet();
        return leading.engine().submit(command)
                .whenComplete((outcome, failure) -> underWay.decrementAndGet());
    }

    /** What is known of traffic while this master leads. */
    public Optional<TrafficPort> trafficPort() {
        return traffic().map(traffic -> traffic);
    }

    /** The same, with its numbers for metrics. */
    public Optional<Traffic> traffic() {
        return Optional.ofNullable(duties).map(Duties::traffic);
    }

    @Override
    public Optional<Contact> contact(AgentId agent) {
        Duties leading = duties;
        return leading == null ? Optional.empty() : leading.gateway().contact(agent);
    }

    @Override
    public Optional<Foreign> foreign() {
        Duties leading = duties;
        return leading == null ? Optional.empty() : leading.gateway().foreign();
    }

    @Override
    public Optional<InstanceUsage> usage(long instance) {
        Duties leading = duties;
        return leading == null ? Optional.empty() : leading.gateway().usage(instance);
    }

    @Override
    public CompletableFuture<FileChunk> readFile(AgentId agent, long instance, String file,
            long offset, int size) {
        Duties leading = duties;
        return leading == null
                ? CompletableFuture.failedFuture(
                        new AgentUnavailable("this master does not lead; ask again"))
                : leading.gateway().readFile(agent, instance, file, offset, size);
    }

    /** Autoscaling, by whoever leads: this master, or nobody here. */
    public ScalingPort scaling() {
        return new ScalingPort() {

            private ScalingPort now() {
                Duties leading = duties;
                return leading == null ? ScalingPort.NONE : leading.scaling();
            }

            @Override
            public Optional<Standing> standing(AppId app) {
                return now().standing(app);
            }

            @Override
            public List<Standing> alarming() {
                return now().alarming();
            }

            @Override
            public Optional<Progress> prefetch(AppId app) {
                return now().prefetch(app);
            }

            @Override
            public List<Progress> unfetched() {
                return now().unfetched();
            }

            @Override
            public void look() {
                now().look();
            }
        };
    }

    /** Pools of machines, by whoever leads: this master, or nobody here. */
    public NodesPort nodes() {
        return new NodesPort() {

            private NodesPort now() {
                Duties leading = duties;
                return leading == null ? NodesPort.NONE : leading.nodes();
            }

            @Override
            public List<PoolPicture> pools() {
                return now().pools();
            }

            @Override
            public Optional<String> waiting(AppId app) {
                return now().waiting(app);
            }
        };
    }

    @Override
    public boolean leads() {
        return duties != null && !leaving;
    }

    @Override
    public boolean leaving() {
        return leaving;
    }

    @Override
    public Optional<Election.Leader> leader() {
        Election.Leader here = own;
        Optional<Election.Leader> known = here != null && leads()
                ? Optional.of(here)
                : store.election().leader();
        if (known.isPresent()) {
            leaderKnownNanos = OptionalLong.of(System.nanoTime());
        }
        return known;
    }

    /** Also for a moment without a leader: what comes then waits for the next one. */
    @Override
    public boolean ready() {
        return !leaving && (leader().isPresent() || leaderKnownLately());
    }

    private boolean leaderKnownLately() {
        OptionalLong known = leaderKnownNanos;
        return known.isPresent()
                && System.nanoTime() - known.getAsLong() < INTERREGNUM.toNanos();
    }

    @Override
    public Optional<Election.Addresses> elsewhere() {
        return store.election().leader().map(Election.Leader::addresses)
                .filter(other -> !leads() && !other.equals(self));
    }

    @Override
    public long position() {
        return follower.view().position();
    }

    @Override
    public long epochHighest() {
        return Math.max(epoch(), follower.epochNewest());
    }

    @Override
    public long staleMs() {
        return leads() ? 0 : follower.staleMs();
    }

    @Override
    public boolean abdicate() {
        if (!store.shared() || !leads()) {
            return false;
        }
        store.election().resign();
        return true;
    }

    /**
     * Gets ready to end without a gap: takes nothing new, waits for what is under way, and lets another
     * master lead, to which what comes here still is passed on. A store that is not shared has no other.
     *
     * @param atMost for all of it
     * @param heard how long the others get to hear who leads now
     */
    public void handOver(Duration atMost, Duration heard) {
        if (!store.shared()) {
            return;
        }
        boolean led = leads();
        leaving = true;
        long deadline = System.nanoTime() + atMost.toNanos();
        if (led) {
            // Requests that were let in as the leader's a moment ago still reach the engine.
            LockSupport.parkNanos(LAST_REQUESTS.toNanos());
            await(deadline, () -> underWay.get() == 0);
            int ended = reigns;
            store.election().resign();
            // If nobody else is there this one is elected anew.
            await(deadline, () -> elsewhere().isPresent() || reigns != ended);
            LOG.info("handed-over to={}", leaderAddress());
        }
        LockSupport.parkNanos(heard.toNanos());
    }

    private static void await(long deadline, BooleanSupplier holds) {
        while (!holds.getAsBoolean() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    /** In good order; the store is closed by its owner after this. */
    @Override
    public synchronized void close() {
        closed = true;
        Duties ended = duties;
        duties = null;
        if (ended != null) {
            ended.close();
        }
        follower.close();
    }
}
