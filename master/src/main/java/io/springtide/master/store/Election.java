package io.springtide.master.store;

import java.util.Optional;

/**
 * Settles which master leads. That a candidate was told so is a hint only: what makes it true is that
 * the store refuses what any other appends, see {@link Reign#journal}.
 */
public interface Election {

    /**
     * Stands for election from now on, again after each reign, until the store is closed. Once for each
     * store.
     */
    void campaign(Addresses self, Candidate candidate);

    /** Who leads as far as is known; empty between two reigns, or while the store is out of reach. */
    Optional<Leader> leader();

    /**
     * Gives up a reign so that another master can take over at once, then stands again a little later.
     * Nothing happens if this master does not lead.
     */
    void resign();

    /** Told on one thread, never two calls at a time. What it throws is a bug and ends the process. */
    interface Candidate {

        /** This master leads. The reign before has been told its end. */
        void elected(Reign reign);

        /** The reign is over; the sentence says why. Not called for the close of the store. */
        void deposed(String why);
    }

    /**
     * Where others reach a master.
     *
     * @param clients {@code host:port} of its REST API
     * @param agents {@code host:port} of its door for agents
     */
    record Addresses(String clients, String agents) {}

    /** Who leads, and since which epoch. */
    record Leader(long epoch, Addresses addresses) {}
}
