package io.springtide.master.standby;

import io.springtide.core.CoreSettings;
import io.springtide.core.SchedulerCore;
import io.springtide.core.codec.EventCodec;
import io.springtide.core.command.Command;
import io.springtide.core.event.Event;
import io.springtide.core.placement.Scorers;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.StateSnapshot;
import io.springtide.master.journal.Batch;
import io.springtide.master.journal.EventsDroppedException;
import io.springtide.master.journal.JournalException;
import io.springtide.master.journal.Log;
import io.springtide.master.snapshot.Replay;
import io.springtide.master.view.CommittedState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps two copies of the state in step with the log while somebody else leads: the view that readers
 * see, and a spare one for the engine of this master's own reign. Both are at the same position.
 *
 * <p>{@link #follow}, {@link #halt} and {@link #takeOver} belong to one thread, that of the election.
 */
public final class Follower implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

    /** Until the first compiler has seen to it. */
    private static final int REHEARSALS = 20;

    private final Log log;
    private final CommittedState view;
    private ClusterState spare;
    private long newestMs;
    private volatile long epochNewest;
    private volatile long freshNanos = System.nanoTime();
    private final Pace pace;
    private Pace.@Nullable Course course;

    private Follower(Log log, Pace pace, CommittedState view, Replay replay) {
        this.log = log;
        this.pace = pace;
        this.view = view;
        this.spare = replay.state();
        this.newestMs = replay.newestMs();
    }

    /**
     * Reads the log to its present end, without following it yet.
     *
     * @throws JournalException if a snapshot or a fact cannot be read or understood; says which
     */
    public static Follower of(Log log) {
        return of(log, new FollowerThread());
    }

    /** The same with another way to make it look at the log. */
    public static Follower of(Log log, Pace pace) {
        Replay replay = Replay.of(log);
        CommittedState view = new CommittedState(copy(replay.state()), replay.position());
        return new Follower(log, pace, view, replay);
    }

    /** What is committed, for readers, whoever leads. */
    public CommittedState view() {
        return view;
    }

    /** Time of the newest fact; 0 if there is none. While halted. */
    public long newestMs() {
        return newestMs;
    }

    /** Of the newest fact that this master took in while it followed; 0 if there was none. */
    public long epochNewest() {
        return epochNewest;
    }

    /** How long ago the view was known to show everything that is committed. */
    public long staleMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - freshNanos);
    }

    /**
     * Follows the log until {@link #halt}, at its pace.
     *
     * @param onFatal told if a fact cannot be understood, so that no reign can come of this master
     */
    public void follow(Consumer<Throwable> onFatal) {
        course = pace.begin(this, onFatal);
    }

    /**
     * Stops following; the copies stand still.
     *
     * @throws IllegalStateException if the store does not let go of the follower
     */
    public void halt() {
        Pace.Course running = course;
        course = null;
        if (running != null) {
            running.stop();
        }
    }

    /**
     * Takes in everything that is committed by now; for the {@link Pace}.
     *
     * @throws JournalException if the log is damaged or out of reach
     */
    public void step() {
        catchUp();
        fresh();
    }

    /** Waits for a fact that has not been taken in, for so long at most. */
    void await(Duration atMost) throws InterruptedException {
        if (!log.await(view.position(), atMost)) {
            fresh();
        }
    }

    private void fresh() {
        freshNanos = System.nanoTime();
    }

    /**
     * Reads what is left and hands over the spare copy to the engine of a reign. While halted, and
     * when nobody else can append any more.
     *
     * @param end where the log ends
     * @throws JournalException if it cannot be read up to there
     */
    public ClusterState takeOver(long end) {
        catchUp();
        if (view.position() != end) {
            throw new JournalException("the log ends at position " + end
                    + ", but could be read only to " + view.position()
                    + "; restore the store from a backup");
        }
        seeNewest();
        ClusterState taken = spare;
        spare = new ClusterState();
        return taken;
    }

    /** The engine's copy is void: what it held may never have been committed. While halted. */
    public void renew() {
        spare = view.read(Follower::copy);
    }

    /**
     * What this master has led to itself is shown without having been read here: without its time another
     * reign of it could begin earlier than the last one ended, where the wall clock was set back meanwhile.
     */
    private void seeNewest() {
        if (view.position() == 0) {
            return;
        }
        try {
            log.read(view.position() - 1,
                    batch -> newestMs = Math.max(newestMs, batch.timeMs()));
        } catch (EventsDroppedException inTheSnapshot) {
            log.snapshotLatest()
                    .ifPresent(snapshot -> newestMs = Math.max(newestMs, snapshot.timeMs()));
        }
    }

    /**
     * Decides what would follow if this master led now, and throws it away: what has run once is fast when
     * it counts. Takes as long as a few takeovers, and once more the memory of the state.
     *
     * @param enough asked before the copy is made, and before each decision
     */
    public void rehearse(CoreSettings settings, Scorers scorers, BooleanSupplier enough) {
        if (enough.getAsBoolean()) {
            return;
        }
        // Only the encoding keeps the followed facts waiting.
        ClusterState copy = StateSnapshot.decode(view.freeze().encoded());
        SchedulerCore core = new SchedulerCore(copy, settings, scorers);
        for (int i = 0; i < REHEARSALS && !enough.getAsBoolean(); i++) {
            copy.touchAll();
            core.decide(new Command.Settle(), System.currentTimeMillis());
        }
    }

    private void catchUp() {
        try {
            log.read(view.position(), this::take);
        } catch (EventsDroppedException tooFarBehind) {
            Replay replay = Replay.of(log);
            LOG.warn("log-leapt from={} to={}; this master was too far behind for what is kept",
                    view.position(), replay.position());
            spare = replay.state();
            newestMs = replay.newestMs();
            view.leap(copy(spare), replay.position());
        }
    }

    private void take(Batch batch) {
        List<Event> events = EventCodec.readAll(batch.payload());
        int known = (int) Math.max(0, view.position() - batch.position());
        List<Event> news = events.subList(Math.min(known, events.size()), events.size());
        for (Event event : news) {
            spare.apply(event);
        }
        // What is touched is a hint for an engine; here nobody decides.
        spare.drainTouched();
        view.advance(news);
        view.batchEnd();
        newestMs = batch.timeMs();
        epochNewest = batch.epoch();
    }

    private static ClusterState copy(ClusterState state) {
        return StateSnapshot.decode(StateSnapshot.encode(state));
    }

    @Override
    public void close() {
        halt();
    }
}
