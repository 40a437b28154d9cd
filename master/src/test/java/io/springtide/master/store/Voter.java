package io.springtide.master.store;

import io.springtide.master.store.Election.Addresses;
import io.springtide.master.store.Election.Candidate;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A candidate that writes down what it is told. */
public final class Voter implements Candidate {

    private static final int PATIENCE_SECONDS = 30;

    private final BlockingQueue<Reign> reigns = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    private final Addresses self;

    /** Stands for election. */
    public Voter(Store store, String name) {
        self = new Addresses(name + ":1", name + ":2");
        store.election().campaign(self, this);
    }

    public Addresses self() {
        return self;
    }

    /** Waits for the next reign. */
    public Reign reign() {
        return next(reigns, "not elected");
    }

    /** Waits for the end of a reign. */
    public String end() {
        return next(ends, "not deposed");
    }

    public boolean wasElected() {
        return !reigns.isEmpty();
    }

    public boolean wasDeposed() {
        return !ends.isEmpty();
    }

    private static <T> T next(BlockingQueue<T> queue, String otherwise) {
        try {
            T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError(otherwise + " within " + PATIENCE_SECONDS + " s");
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void elected(Reign reign) {
        reigns.add(reign);
    }

    @Override
    public void deposed(String why) {
        ends.add(why);
    }
}
