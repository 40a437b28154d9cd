package io.springtide.master.store;

import io.springtide.master.journal.Batch;
import io.springtide.master.journal.Journal;
import io.springtide.master.journal.Snapshot;
import java.time.Duration;
import java.util.Optional;

/** The journal of the reign of a store that is opened for it; closing it closes the store. */
public record StoreJournal(Store store, Journal journal) implements Journal {

    /** Stands for election and waits until it leads. */
    public static StoreJournal lead(Store store) {
        Voter voter = new Voter(store, "a");
        return new StoreJournal(store, voter.reign().journal());
    }

    @Override
    public long positionNext() {
        return journal.positionNext();
    }

    @Override
    public void append(Batch batch) {
        journal.append(batch);
    }

    @Override
    public void commit() {
        journal.commit();
    }

    @Override
    public void snapshotSave(Snapshot snapshot) {
        journal.snapshotSave(snapshot);
    }

    @Override
    public void truncateBefore(long position) {
        journal.truncateBefore(position);
    }

    @Override
    public long sizeBytes() {
        return journal.sizeBytes();
    }

    @Override
    public void read(long from, BatchReader reader) {
        journal.read(from, reader);
    }

    @Override
    public boolean await(long position, Duration atMost) throws InterruptedException {
        return journal.await(position, atMost);
    }

    @Override
    public Optional<Snapshot> snapshotLatest() {
        return journal.snapshotLatest();
    }

    @Override
    public Optional<Snapshot> snapshotUpTo(long position) {
        return journal.snapshotUpTo(position);
    }

    @Override
    public void close() {
        store.close();
    }
}
