package io.springtide.bench.sim;

import io.springtide.master.journal.JournalException;
import io.springtide.master.store.Election;
import io.springtide.master.store.Reign;
import io.springtide.master.store.ledger.KeyedJournal;
import io.springtide.master.store.ledger.Ledger;
import io.springtide.master.store.ledger.LedgerException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a master knows of who leads: it looks at the seat, sits down when it is free, and learns late that
 * it no longer sits there. Rules as those of the election on a ledger, steps of simulated time.
 */
final class SimElection implements Election {

    private static final long LOOK_NANOS = 300 * Timeline.MS;
    private static final long UNAWARE_NANOS_MAX = 3 * Timeline.SECOND;
    private static final long REFUSED_NANOS = 2 * Timeline.SECOND;

    private final SimMaster master;
    private final StoreServer server;
    private long session;
    private @Nullable Candidate candidate;
    private Addresses self = new Addresses("", "");
    private long term;
    private boolean told;
    private boolean resigning;
    private long contactNanos;
    private long lookedNanos;
    private long unawareUntilNanos;
    private long asideUntilNanos;
    private Optional<Leader> leader = Optional.empty();

    SimElection(SimMaster master, StoreServer server) {
        this.master = master;
        this.server = server;
        this.session = server.newSession();
    }

    @Override
    public void campaign(Addresses here, Candidate standing) {
        self = here;
        candidate = standing;
        contactNanos = master.timeline().nowNanos();
        lookedNanos = contactNanos;
        look();
    }

    @Override
    public Optional<Leader> leader() {
        return leader;
    }

    @Override
    public void resign() {
        if (!resigning && term != 0) {
            resigning = true;
            master.soon(this::round);
        }
    }

    @Override
    public String toString() {
        return "session " + session + ", term " + term + (told ? " told" : "")
                + (resigning ? " resigning" : "") + ", leader " + leader;
    }

    private void look() {
        round();
        master.timeline().after(LOOK_NANOS + master.dice().within(0, LOOK_NANOS / 3), master.actor,
                this::look);
    }

    private void round() {
        long now = master.timeline().nowNanos();
        if (now - lookedNanos > StoreServer.SESSION_NANOS) {
            // It was asleep: until its client has found the store again it hears of nothing.
            unawareUntilNanos = now + master.dice().within(0, UNAWARE_NANOS_MAX);
        }
        lookedNanos = now;
        boolean reached = master.reachesStore();
        if (reached) {
            contactNanos = now;
            server.ping(session);
            leader = server.leader();
        } else {
            leader = Optional.empty();
        }
        if (term != 0 && now >= unawareUntilNanos) {
            ended(reached, now).ifPresent(why -> depose(why, reached));
        } else if (term == 0 && reached && server.vacant() && now >= asideUntilNanos) {
            term = server.take(session, self);
            resigning = false;
            told = false;
            master.soon(this::begin);
        }
    }

    private Optional<String> ended(boolean reached, long now) {
        if (resigning) {
            return Optional.of("it was asked to resign");
        }
        if (reached && !server.seated(session, term)) {
            return Optional.of("the session has ended");
        }
        return now - contactNanos > StoreServer.SESSION_NANOS
                ? Optional.of("the store was out of reach for a session")
                : Optional.empty();
    }

    private void begin() {
        Candidate standing = candidate;
        if (term == 0 || standing == null) {
            return;
        }
        try {
            Reign reign = new Reign(term, master.seams().journal(
                    KeyedJournal.open(master.log(), new Ledger.Fence(term), term)));
            told = true;
            standing.elected(reign);
            master.elected(term);
        } catch (JournalException | LedgerException notNow) {
            server.leave(session, term);
            term = 0;
            asideUntilNanos = master.timeline().nowNanos() + REFUSED_NANOS;
        }
    }

    private void depose(String why, boolean reached) {
        Candidate standing = candidate;
        if (reached) {
            server.leave(session, term);
        }
        // What could not be told to the store ends with the session; another one takes its place.
        session = server.newSession();
        boolean tell = told;
        term = 0;
        told = false;
        asideUntilNanos = resigning
                ? master.timeline().nowNanos() + StoreServer.SESSION_NANOS
                : 0;
        resigning = false;
        if (tell && standing != null) {
            standing.deposed(why);
        }
    }
}
