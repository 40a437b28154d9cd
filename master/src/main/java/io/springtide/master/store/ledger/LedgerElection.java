package io.springtide.master.store.ledger;

import io.springtide.master.journal.JournalException;
import io.springtide.master.store.Election;
import io.springtide.master.store.Reign;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches the seat of the leader, sits down when it is free, and says so. Has a thread of its own. */
final class LedgerElection implements Election {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerElection.class);

    /** Between two looks at the seat when nothing is heard of it. */
    private static final Duration LOOK = Duration.ofMillis(500);

    /** From a failure of the store to the next try, and up to twice that. */
    private static final int PAUSE_MS = 100;

    /** Before a new try if the journal cannot be opened: that does not pass by itself. */
    private static final int REFUSED_MS = 2_000;

    /** What a candidate has said of itself. */
    private record Standing(Addresses self, Candidate candidate) {}

    private final Seat seat;
    private final KeyedLog log;
    private final Duration pauseAfterResignation;
    private final Thread thread;
    private volatile @Nullable Standing standing;
    private volatile Optional<Leader> leader = Optional.empty();
    private volatile boolean resigning;
    private volatile boolean closed;
    private volatile boolean troubled;

    LedgerElection(Seat seat, KeyedLog log, Duration session) {
        this.seat = seat;
        this.log = log;
        this.pauseAfterResignation = session;
        this.thread = Thread.ofPlatform().name("election").daemon(true).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    @Override
    public synchronized void campaign(Addresses self, Candidate candidate) {
        if (standing != null) {
            throw new IllegalStateException("stands for election already");
        }
        standing = new Standing(self, candidate);
        seat.wake();
    }

    @Override
    public Optional<Leader> leader() {
        return leader;
    }

    @Override
    public void resign() {
        resigning = true;
        seat.wake();
    }

    /** Gets up, and returns when nobody is told anything any more. */
    void close() {
        closed = true;
        seat.wake();
        if (Thread.currentThread().equals(thread)) {
            return;
        }
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closed) {
                try {
                    round();
                    troubled = false;
                } catch (LedgerException e) {
                    lookAway(e);
                }
            }
        } catch (InterruptedException e) {
            LOG.warn("the election ends, since its thread was interrupted");
        }
    }

    private void lookAway(LedgerException e) throws InterruptedException {
        leader = Optional.empty();
        if (!troubled) {
            LOG.warn("cannot ask {} who leads: {}", log.ledger().name(), e.getMessage());
        }
        troubled = true;
        seat.awaitChange(Duration.ofMillis(PAUSE_MS
                + ThreadLocalRandom.current().nextInt(PAUSE_MS)));
    }

    private void round() throws InterruptedException {
        Optional<Leader> holder = seat.holder();
        leader = holder;
        resigning = false;
        Standing now = standing;
        if (holder.isPresent() || now == null) {
            seat.awaitChange(LOOK);
            return;
        }
        long freeNanos = System.nanoTime();
        Optional<Seat.Term> term = seat.take(now.self());
        if (term.isPresent()) {
            reign(term.get(), now, freeNanos);
        }
    }

    private void reign(Seat.Term term, Standing now, long freeNanos) throws InterruptedException {
        boolean toldOf = false;
        Duration pause = Duration.ZERO;
        String why = "the store was closed";
        try {
            KeyedJournal journal = KeyedJournal.open(log, term.fence(), term.epoch());
            leader = Optional.of(new Leader(term.epoch(), now.self()));
            toldOf = true;
            now.candidate().elected(new Reign(term.epoch(), journal));
            LOG.info("took-over store={} epoch={} ms={}", log.ledger().name(), term.epoch(),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - freeNanos));
            Optional<String> end = seat.ended(term);
            while (!closed && !resigning && end.isEmpty()) {
                seat.awaitChange(LOOK);
                end = seat.ended(term);
            }
            journal.close();
            if (end.isPresent()) {
                why = end.get();
            } else if (resigning) {
                why = "it was asked to resign";
                pause = pauseAfterResignation;
            }
        } catch (JournalException e) {
            why = String.valueOf(e.getMessage());
            LOG.error("this master was elected and cannot lead: {}", why);
            pause = Duration.ofMillis(REFUSED_MS);
        } finally {
            leader = Optional.empty();
            seat.leave(term);
        }
        if (toldOf && !closed) {
            now.candidate().deposed(why);
        }
        standAside(pause);
    }

    /** So that another one gets the chance. */
    private void standAside(Duration pause) throws InterruptedException {
        if (pause.isZero()) {
            return;
        }
        long until = System.nanoTime() + pause.toNanos();
        for (long left = pause.toNanos(); left > 0 && !closed; left = until - System.nanoTime()) {
            try {
                leader = seat.holder();
            } catch (LedgerException e) {
                leader = Optional.empty();
            }
            if (leader.isPresent()) {
                return;
            }
            seat.awaitChange(Duration.ofNanos(left));
        }
    }
}
