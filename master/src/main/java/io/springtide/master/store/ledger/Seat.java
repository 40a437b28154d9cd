package io.springtide.master.store.ledger;

import io.springtide.master.store.Election.Addresses;
import io.springtide.master.store.Election.Leader;
import java.time.Duration;
import java.util.Optional;

/**
 * The one seat of a cluster's leader, in a store that several masters share. Only one thread sits down
 * and gets up.
 */
public interface Seat extends AutoCloseable {

    /**
     * Who sits there.
     *
     * @throws LedgerException if the store cannot be asked
     */
    Optional<Leader> holder();

    /**
     * Sits down if nobody does, and begins a new epoch in the same transaction: with it the fence of
     * every reign before falls.
     *
     * @return empty if somebody sits there, or has been faster
     * @throws LedgerException if the store cannot be asked; then nobody sits there for this master
     */
    Optional<Term> take(Addresses self);

    /** Why a term is over; empty as long as this master may believe that it sits there. */
    Optional<String> ended(Term term);

    /** Gets up, so that somebody else can sit down at once; tries once. */
    void leave(Term term);

    /**
     * Waits until something may have changed.
     *
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    void awaitChange(Duration atMost) throws InterruptedException;

    /** Ends a wait. */
    void wake();

    @Override
    void close();

    /**
     * One stay.
     *
     * @param id of the session or lease that it lasts as long as
     */
    record Term(long epoch, Ledger.Fence fence, long id) {}
}
