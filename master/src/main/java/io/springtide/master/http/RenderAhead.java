package io.springtide.master.http;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The pieces of a list in their order. Who reads them renders what is missing, and when much is, a second
 * thread renders others some way ahead: each is rendered by whoever takes it first, and the reader waits
 * for at most the one that the other thread is at.
 *
 * <p>What is rendered ahead is held by the source and by its bound alone. A reader who is slow, or has
 * gone, ends the work of the other thread within {@link #AHEAD_MAX} pieces.
 *
 * @param <E> what there is a piece of
 */
final class RenderAhead<E> implements Iterator<Optional<Piece>> {

    /** So many missing in a row are worth a second thread; with fewer it is left to the engine. */
    static final int MISSING_MIN = 4;

    /** How far the other thread is ahead. */
    static final int AHEAD_MAX = 256;

    /** What the reader has for itself before it comes to what the other one is at. */
    private static final int LEAD = 16;

    /** The mark of what the reader has taken. */
    private static final CompletableFuture<Boolean> TAKEN = CompletableFuture.completedFuture(true);

    private final List<E> entries;
    private final Source<E> source;
    private final Executor helper;
    private final AtomicReferenceArray<CompletableFuture<Boolean>> takers;
    /** The next that is read; the reader writes it. */
    private volatile int at;
    /** Whether the other thread is at work, or soon will be. The reader sets it, the other clears it. */
    private volatile boolean helping;
    // The other thread's while it is at work, else the reader's.
    private int ahead;
    private boolean found;
    // The reader's.
    private int missing;

    /** Where pieces come from, and what keeps them. Any thread. */
    interface Source<E> {

        /** Whether it need not be rendered. */
        boolean has(E entry);

        /** Renders it, unless it is there. Empty if there is nothing to show. */
        Optional<Piece> get(E entry);
    }

    /**
     * For one reader.
     *
     * @param helper runs what it is given on another thread, or rejects it when it has enough to do
     */
    RenderAhead(List<E> entries, Source<E> source, Executor helper) {
        this.entries = entries;
        this.source = source;
        this.helper = helper;
        this.takers = new AtomicReferenceArray<>(entries.size());
    }

    @Override
    public boolean hasNext() {
        return at < entries.size();
    }

    @Override
    public Optional<Piece> next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the list has ended");
        }
        int index = at;
        E entry = entries.get(index);
        at = index + 1;
        CompletableFuture<Boolean> taker = takers.compareAndExchange(index, null, TAKEN);
        if (taker == null) {
            missing = source.has(entry) ? 0 : missing + 1;
            if (missing >= MISSING_MIN) {
                help();
            }
        } else {
            // Whatever became of it: if it is not there now, it is rendered here.
            taker.join();
            takers.set(index, TAKEN);
            if (!helping && found) {
                help();
            }
        }
        return source.get(entry);
    }

    /** The reader's: has the other thread go on, unless it is at work or far enough. */
    private void help() {
        if (helping || ahead - at > AHEAD_MAX / 2) {
            return;
        }
        helping = true;
        try {
            helper.execute(this::renderAhead);
        } catch (RejectedExecutionException busy) {
            // There is enough to do for others: the reader does it all by itself.
            helping = false;
        }
    }

    /** The other thread's: until it is far enough ahead. */
    private void renderAhead() {
        boolean any = false;
        try {
            int index = Math.max(ahead, at + LEAD);
            while (index < Math.min(entries.size(), at + AHEAD_MAX)) {
                ahead = index + 1;
                any |= take(index);
                index = Math.max(ahead, at + LEAD);
            }
        } finally {
            found = any;
            helping = false;
        }
    }

    /** Whether it had to be rendered. */
    private boolean take(int index) {
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        if (!takers.compareAndSet(index, null, mine)) {
            return false;
        }
        try {
            if (source.has(entries.get(index))) {
                return false;
            }
            source.get(entries.get(index));
            return true;
        } finally {
            mine.complete(true);
        }
    }
}
