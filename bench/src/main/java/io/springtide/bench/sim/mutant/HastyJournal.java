package io.springtide.bench.sim.mutant;

import io.springtide.master.journal.Batch;
import io.springtide.master.journal.Journal;
import io.springtide.master.journal.Snapshot;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Says that the newest batch is durable, and writes it with the next one. */
final class HastyJournal implements Journal {

    private final Journal real;
    private final Deque<Batch> owed = new ArrayDeque<>();
    private long positionNext;

    HastyJournal(Journal real) {
        this.real = real;
        this.positionNext = real.positionNext();
    }

    @Override
    public long positionNext() {
        return positionNext;
    }

    @Override
    public void append(Batch batch) {
        owed.add(batch);
        positionNext = batch.positionEnd();
    }

    @Override
    public void commit() {
        while (owed.size() > 1) {
            real.append(owed.remove());
        }
        real.commit();
    }

    @Override
    public void snapshotSave(Snapshot snapshot) {
        if (owed.isEmpty()) {
            real.snapshotSave(snapshot);
        }
    }

    @Override
    public void truncateBefore(long position) {
        if (owed.isEmpty()) {
            real.truncateBefore(position);
        }
    }

    @Override
    public void read(long from, BatchReader reader) {
        real.read(from, reader);
    }

    @Override
    public boolean await(long position, Duration atMost) throws InterruptedException {
        return real.await(position, atMost);
    }

    @Override
    public Optional<Snapshot> snapshotLatest() {
        return real.snapshotLatest();
    }

    @Override
    public Optional<Snapshot> snapshotUpTo(long position) {
        return real.snapshotUpTo(position);
    }

    @Override
    public long sizeBytes() {
        return real.sizeBytes();
    }

    @Override
    public void close() {
        real.close();
    }
}
