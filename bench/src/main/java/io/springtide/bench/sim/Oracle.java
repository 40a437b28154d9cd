package io.springtide.bench.sim;

import io.springtide.agent.checkpoint.CheckpointRecord;
import io.springtide.agent.checkpoint.Memory;
import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.StatusBatch;
import io.springtide.core.codec.EventCodec;
import io.springtide.core.event.Event;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Upgrade;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.StateSnapshot;
import io.springtide.master.journal.Batch;
import io.springtide.master.journal.JournalException;
import io.springtide.master.store.ledger.KeyedLog;
import io.springtide.master.view.CommittedState;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Sees everything and believes nobody: reads each fact as soon as the store has it, keeps books of its own,
 * and watches what agents really do. The first broken invariant ends the run.
 */
@SuppressWarnings("EnumOrdinal") // an order of its own, kept nowhere
final class Oracle {

    private static final int PENDING_MAX = 40;

    private final World world;
    private final ClusterState truth = new ClusterState();
    private final Books books = new Books();
    private final long[] checks = new long[Invariant.values().length];
    private final BitSet placed = new BitSet();
    private final BitSet launched = new BitSet();
    private final KillReasons reasons = new KillReasons();
    /** What each agent has said of an instance last, as a rank. */
    private final IdentityHashMap<SimAgent, Said> said = new IdentityHashMap<>();
    private LongConsumer onFacts = count -> {};
    private @Nullable KeyedLog log;
    private long position;
    /** Of the state at a position; it is the same for all who are there. */
    private long hashed;
    private long hashedPosition = -1;
    private final GivenUp givenUp;
    /** Of facts, by the clocks of those who have led. */
    private long newestMs;
    private boolean wiped;
    /** What began in the store after it was emptied. */
    private @Nullable NextCluster nextCluster;
    private @Nullable Violation violation;

    /** By one agent. */
    private static final class Said {
        final Map<Long, Integer> ranks = new HashMap<>();
        long seq;
    }

    Oracle(World world) {
        this.world = world;
        this.givenUp = new GivenUp(world.options().core().silence());
    }

    /** Where facts are read, without any fault. */
    void reads(KeyedLog facts, LongConsumer newFacts) {
        log = facts;
        onFacts = newFacts;
    }

    // ------------------------------------------------------------ verdicts

    Optional<Violation> violation() {
        return Optional.ofNullable(violation);
    }

    void fail(Invariant invariant, String what) {
        fail(new Violation(invariant, what + ", at " + world.timeline().nowMs() + " ms"));
    }

    private void fail(Violation found) {
        if (violation == null) {
            violation = found;
            world.timeline().stop();
        }
    }

    /** Something was thrown that nobody had foreseen. */
    void unexpected(String where, Throwable failure) {
        fail(new Violation(Invariant.NO_BUG, where + ": " + failure + ", at "
                + world.timeline().nowMs() + " ms", failure));
    }

    void checked(Invariant invariant) {
        checks[invariant.ordinal()]++;
    }

    private void expect(boolean holds, Invariant invariant, String otherwise) {
        checked(invariant);
        if (!holds) {
            fail(invariant, otherwise);
        }
    }

    long[] checks() {
        return checks.clone();
    }

    /** What the store says now; only to be read. */
    ClusterState truth() {
        return truth;
    }

    long position() {
        return position;
    }

    // ------------------------------------------------------------ facts

    /** The store has changed. */
    void written() {
        KeyedLog facts = log;
        NextCluster next = nextCluster;
        if (facts == null || violation != null) {
            return;
        }
        long before = position;
        try {
            if (!wiped) {
                facts.read(position, this::take);
            } else if (next != null) {
                next.read();
            }
        } catch (JournalException damaged) {
            fail(new Violation(Invariant.SAME_STATE, "the log cannot be read: "
                    + damaged.getMessage(), damaged));
        }
        if (position > before) {
            onFacts.accept(position - before);
        }
    }

    /** The store has been emptied: what comes from now on is another cluster's, if anything comes. */
    void wiped() {
        wiped = true;
    }

    /** A master has found this cluster in the store; the first one after it was emptied counts. */
    void found(NextCluster found) {
        if (wiped && nextCluster == null) {
            nextCluster = found;
        }
    }

    private void take(Batch batch) {
        expect(batch.timeMs() >= newestMs, Invariant.MONOTONIC, "the facts at position "
                + batch.position() + " are of " + batch.timeMs() + ", and older ones of "
                + newestMs);
        newestMs = batch.timeMs();
        long at = batch.position();
        for (Event event : EventCodec.readAll(batch.payload())) {
            if (at == position && violation == null) {
                position++;
                world.timeline().note(position * 31 + event.getClass().getSimpleName().hashCode());
                take(event);
            }
            at++;
        }
    }

    private void take(Event event) {
        reasons.next(event);
        Map<Long, Integer> before = Map.of();
        if (event instanceof Event.InstancesReported reported) {
            before = new HashMap<>();
            for (var status : reported.statuses()) {
                Optional<Instance> known = truth.instance(status.instance());
                if (known.isPresent()) {
                    before.put(status.instance(), known.get().seen().rank());
                }
                if (status.condition().terminal()) {
                    books.release(status.instance());
                }
            }
        } else if (event instanceof Event.InstancesLost lost) {
            lost.instances().forEach(books::release);
        } else if (event instanceof Event.InstancesDecommissioned going
                && Budget.concerns(going)) {
            checked(Invariant.BUDGET);
            Budget.broken(truth, going, world.operator()::inAHurry)
                    .ifPresent(why -> fail(Invariant.BUDGET, why));
        }
        if (givenUp.waits()) {
            checked(Invariant.BOUNDED_LOSS);
        }
        givenUp.next(event, truth.agents().size())
                .ifPresent(why -> fail(Invariant.BOUNDED_LOSS, why));
        try {
            truth.apply(event);
        } catch (RuntimeException broken) {
            fail(new Violation(Invariant.SAME_STATE, "fact " + (position - 1)
                    + " cannot be applied: " + event, broken));
            return;
        }
        switch (event) {
            case Event.InstancesPlaced now -> placed(now);
            case Event.DeploymentStarted started -> started.deployment().actions()
                    .forEach(action -> oneDeployment(action.app()));
            case Event.InstancesReported unused -> before.forEach((number, rank) -> truth
                    .instance(number).ifPresent(one -> expect(one.seen().rank() >= rank,
                            Invariant.MONOTONIC, "instance " + number + " fell back to "
                                    + one.seen())));
            default -> {
            }
        }
    }

    private void placed(Event.InstancesPlaced now) {
        AppState app = truth.app(now.app()).orElseThrow();
        for (int i = 0; i < now.agentRows().length; i++) {
            long number = now.first() + i;
            expect(!placed.get(KillReasons.index(number)), Invariant.ONE_PLACE,
                    "number " + number + " is used a second time");
            placed.set(KillReasons.index(number));
            Instance instance = truth.instance(number).orElseThrow();
            checked(Invariant.NO_OVERCOMMIT);
            books.take(instance, truth.agents().spec(instance.agentRow()))
                    .ifPresent(why -> fail(Invariant.NO_OVERCOMMIT, why));
        }
        int most = most(app);
        int counting = counting(app);
        expect(counting <= most, Invariant.BOUNDED_COUNT, "app " + app.id() + " has " + counting
                + " instances that count or are ending, and " + most + " are allowed");
        if (app.current().spec().shape().rules().constraints().stream()
                .anyMatch(World.UNIQUE::equals)) {
            BitSet rows = new BitSet();
            for (int i = 0; i < app.instances().size(); i++) {
                Instance one = app.instances().get(i);
                if (one.inactive()
                        || one.version().configuredMs() != app.current().configuredMs()) {
                    continue;
                }
                if (one.number() >= now.first()) {
                    expect(!rows.get(one.agentRow()), Invariant.CONSTRAINTS, "two instances of "
                            + app.id() + " in row " + one.agentRow());
                }
                rows.set(one.agentRow());
            }
        }
    }

    /** As many as an app may have; one more where a change could otherwise never begin. */
    private static int most(AppState app) {
        Upgrade upgrade = app.current().spec().upgrade();
        int most = upgrade.activeMax(app.wanted());
        return upgrade.healthyMin(app.wanted()) == most ? most + 1 : most;
    }

    /** Those that count, and those that are ending where their agent is heard of. */
    private int counting(AppState app) {
        int counting = 0;
        for (int i = 0; i < app.instances().size(); i++) {
            Instance one = app.instances().get(i);
            counting += one.active() || truth.agents()
                    .condition(one.agentRow()) != AgentCondition.UNREACHABLE ? 1 : 0;
        }
        return counting;
    }

    private void oneDeployment(AppId app) {
        expect(truth.deployments().stream().filter(one -> one.actions().stream()
                .anyMatch(action -> action.app().equals(app))).count() <= 1,
                Invariant.ONE_DEPLOYMENT, "app " + app + " is in two");
    }

    // ------------------------------------------------------------ what agents do

    void saved(SimAgent agent, CheckpointRecord fact) {
        if (fact instanceof CheckpointRecord.Reported) {
            expect(agent.unreported() <= PENDING_MAX, Invariant.BOUNDED_QUEUES,
                    agent.name() + " keeps " + agent.unreported() + " batches");
        }
    }

    /** An agent says this; what it says again need not be news. */
    void reported(SimAgent agent, StatusBatch batch) {
        Said of = said.computeIfAbsent(agent, unused -> new Said());
        if (batch.getSeq() <= of.seq) {
            return;
        }
        of.seq = batch.getSeq();
        for (InstanceStatus status : batch.getStatusesList()) {
            int rank = Memory.terminal(status.getCondition()) ? 5 : status.getConditionValue();
            int before = of.ranks.getOrDefault(status.getInstanceId(), 0);
            expect(rank >= before, Invariant.MONOTONIC, agent.name() + " says that instance "
                    + status.getInstanceId() + " is " + status.getCondition()
                    + ", after more than that");
            if (rank != before) {
                of.ranks.put(status.getInstanceId(), Math.max(rank, before));
            }
        }
    }

    void forgets(SimAgent agent) {
        said.remove(agent);
    }

    void launched(SimAgent agent, long number) {
        int index = KillReasons.index(number);
        if (!wiped) {
            expect(placed.get(index), Invariant.DURABLE_FIRST, agent.name() + " starts instance "
                    + number + ", which no fact has placed");
        }
        // After the store was emptied numbers begin anew, in another cluster.
        expect(wiped || !launched.get(index), Invariant.ONE_PLACE,
                agent.name() + " starts instance " + number + ", which was started before");
        launched.set(index);
        truth.instance(number).ifPresent(instance -> expect(
                wiped || truth.agents().spec(instance.agentRow()).id().name().equals(agent.name()),
                Invariant.ONE_PLACE, agent.name() + " starts instance " + number
                        + ", which belongs elsewhere"));
    }

    void killed(SimAgent agent, long number) {
        NextCluster next = nextCluster;
        KillReasons facts = next != null && next.has(agent) ? next.reasons() : reasons;
        Invariant invariant = agent.welcomed() ? Invariant.KILL_REASON : Invariant.LEADERLESS;
        expect(facts.hold(number), invariant,
                agent.name() + " kills instance " + number + ", and nobody has asked for it");
    }

    // ------------------------------------------------------------ what masters hold

    /** A reign has begun. */
    void reign(SimMaster master) {
        sameState(master);
        world.clients().forEach(SimClient::check);
    }

    /** Compares a master that is at the same position. */
    void sameState(SimMaster master) {
        Optional<CommittedState> view = master.view();
        if (wiped || view.isEmpty() || view.get().position() != position) {
            return;
        }
        if (hashedPosition != position) {
            hashedPosition = position;
            hashed = hash(truth);
        }
        expect(view.get().read(Oracle::hash) == hashed, Invariant.SAME_STATE,
                master.actor.name + " has another state at position " + position);
    }

    private static long hash(ClusterState state) {
        return StateSnapshot.hash(StateSnapshot.encode(state));
    }
}
