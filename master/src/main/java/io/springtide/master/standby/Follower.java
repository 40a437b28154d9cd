package io.springtide.master.standby;

import io.springtide.core.codec.EventCodec;
import io.springtide.core.event.Event;
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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
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

    /** After so long without a new fact it is known again that there is none. */
    private static final Duration LOOK = Duration.ofMillis(250);

    private static final long PAUSE_MS_MIN = 100;
    private static final long PAUSE_MS_MAX = 1_000;
    private static final long HALT_MS_MAX = 10_000;

    private final Log log;
    private final CommittedState view;
    private ClusterState spare;
    private long newestMs;
    private volatile long freshNanos = System.nanoTime();
    private volatile boolean halted = true;
    private @Nullable Thread thread;

    private Follower(Log log, CommittedState view, Replay replay) {
        this.log = log;
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
        Replay replay = Replay.of(log);
        CommittedState view = new CommittedState(copy(replay.state()), replay.position());
        return new Follower(log, view, replay);
    }

    /** What is committed, for readers, whoever leads. */
    public CommittedState view() {
        return view;
    }

    /** Time of the newest fact; 0 if there is none. While halted. */
    public long newestMs() {
        return newestMs;
    }

    /** How long ago the view was known to show everything that is committed. */
    public long staleMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - freshNanos);
    }

    /**
     * Follows the log on a thread of its own until {@link #halt}.
     *
     * @param onFatal told if a fact cannot be understood, so that no reign can come of this master
     */
    public void follow(Consumer<Throwable> onFatal) {
        halted = false;
        thread = Thread.ofPlatform().name("follower").daemon(true).start(() -> {
            try {
                run();
            } catch (RuntimeException | Error broken) {
                onFatal.accept(broken);
            }
        });
    }

    /**
     * Stops following; the copies stand still.
     *
     * @throws IllegalStateException if the store does not let go of the thread
     */
    public void halt() {
        halted = true;
        Thread running = thread;
        if (running == null) {
            return;
        }
        thread = null;
        running.interrupt();
        try {
            if (!running.join(Duration.ofMillis(HALT_MS_MAX))) {
                throw new IllegalStateException("the follower still waits for the store after "
                        + HALT_MS_MAX + " ms");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
        ClusterState taken = spare;
        spare = new ClusterState();
        return taken;
    }

    /** The engine's copy is void: what it held may never have been committed. While halted. */
    public void renew() {
        spare = view.read(Follower::copy);
    }

    private void run() {
        long pauseMs = PAUSE_MS_MIN;
        while (!halted) {
            try {
                catchUp();
                freshNanos = System.nanoTime();
                if (!log.await(view.position(), LOOK)) {
                    freshNanos = System.nanoTime();
                }
                pauseMs = PAUSE_MS_MIN;
            } catch (InterruptedException halting) {
                return;
            } catch (JournalException outOfReach) {
                if (halted) {
                    return;
                }
                LOG.warn("log-out-of-reach position={} why=\"{}\"", view.position(),
                        outOfReach.getMessage());
                if (!paused(pauseMs)) {
                    return;
                }
                pauseMs = Math.min(PAUSE_MS_MAX, pauseMs * 2);
            }
        }
    }

    private static boolean paused(long aboutMs) {
        try {
            Thread.sleep(aboutMs / 2 + ThreadLocalRandom.current().nextLong(aboutMs));
            return true;
        } catch (InterruptedException halting) {
            return false;
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
    }

    private static ClusterState copy(ClusterState state) {
        return StateSnapshot.decode(StateSnapshot.encode(state));
    }

    @Override
    public void close() {
        halt();
    }
}
