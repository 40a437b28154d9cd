package io.springtide.master.store.ledger;

import io.springtide.master.journal.JournalException;
import io.springtide.master.journal.Log;
import io.springtide.master.store.Election;
import io.springtide.master.store.Store;
import java.security.SecureRandom;
import java.time.Duration;

/** A store that several masters share: a ledger, and the seat of the one who may write to it. */
public final class LedgerStore implements Store {

    private final Ledger ledger;
    private final Seat seat;
    private final KeyedLog log;
    private final LedgerElection election;

    private LedgerStore(Ledger ledger, Seat seat, long clusterId, Duration session) {
        this.ledger = ledger;
        this.seat = seat;
        this.log = new KeyedLog(ledger, clusterId, System::nanoTime);
        this.election = new LedgerElection(seat, log, session);
    }

    /**
     * Opens what lives there, and begins a cluster if nothing does. Closes both if it fails.
     *
     * @param session for how long a master may be cut off and still lead
     * @throws JournalException if the store cannot be reached or holds something else
     */
    public static LedgerStore open(Ledger ledger, Seat seat, Duration session) {
        boolean opened = false;
        try {
            LedgerStore store = new LedgerStore(ledger, seat,
                    ClusterKey.settle(ledger, new SecureRandom().nextLong()), session);
            store.election.start();
            opened = true;
            return store;
        } catch (LedgerException e) {
            throw LedgerFailure.of("open", ledger, e);
        } finally {
            if (!opened) {
                seat.close();
                ledger.close();
            }
        }
    }

    @Override
    public String clusterId() {
        return ClusterKey.text(log.clusterId());
    }

    @Override
    public Log log() {
        return log;
    }

    @Override
    public Election election() {
        return election;
    }

    @Override
    public boolean shared() {
        return true;
    }

    @Override
    public String name() {
        return ledger.name();
    }

    @Override
    public void close() {
        election.close();
        seat.close();
        ledger.close();
    }
}
