package io.springtide.master.store.ledger;

import io.springtide.master.journal.Batch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Batches that are not known to be in the ledger yet, oldest first, and the transactions that put them
 * there. For one thread.
 */
final class PendingBatches {

    /** For what a transaction has besides keys and values, each change. */
    private static final int OVERHEAD_BYTES = 64;

    private static final int READ_WINDOW = 16;

    /** A batch and its encoded value. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Pending(BatchValue value, byte[] bytes, byte[] payload) {

        String key() {
            return Keys.batch(value.number());
        }
    }

    private final long clusterId;
    private final Deque<Pending> batches = new ArrayDeque<>();

    PendingBatches(long clusterId) {
        this.clusterId = clusterId;
    }

    boolean isEmpty() {
        return batches.isEmpty();
    }

    void clear() {
        batches.clear();
    }

    /** Adds one behind the others and returns where it ends. */
    KeyedLog.Mark add(KeyedLog.Mark at, Batch batch) {
        BatchValue value = BatchValue.of(at.number(), at.bytes(), batch);
        batches.add(new Pending(value, value.encode(clusterId),
                value.parts() == 0 ? new byte[0] : batch.payload()));
        return KeyedLog.Mark.after(value);
    }

    /**
     * All of them, in as few transactions as hold them. Each begins by expecting the batch before its
     * first, and a batch expects its parts: so the ledger itself sees to it that there is no gap,
     * whatever becomes of the transactions before.
     */
    List<List<LedgerChange>> transactions() {
        List<List<LedgerChange>> all = new ArrayList<>();
        List<LedgerChange> open = new ArrayList<>();
        int bytes = 0;
        for (Pending batch : batches) {
            int parts = batch.value.parts();
            for (int part = 0; part < parts; part++) {
                all.add(List.of(new LedgerChange.Put(Keys.part(batch.value.number(), part),
                        Parts.part(batch.payload, part))));
            }
            int size = batch.bytes.length + (1 + parts) * (batch.key().length() + OVERHEAD_BYTES);
            if (!open.isEmpty() && (bytes + size > Ledger.TRANSACTION_BYTES_MAX
                    || open.size() + 1 + parts > Ledger.CHANGES_MAX)) {
                all.add(open);
                open = new ArrayList<>();
                bytes = 0;
            }
            if (open.isEmpty() && batch.value.number() > 0) {
                open.add(new LedgerChange.Expect(Keys.batch(batch.value.number() - 1)));
            }
            for (int part = 0; part < parts; part++) {
                open.add(new LedgerChange.Expect(Keys.part(batch.value.number(), part)));
            }
            open.add(new LedgerChange.Create(batch.key(), batch.bytes));
            bytes += size;
        }
        if (!open.isEmpty()) {
            all.add(open);
        }
        return all;
    }

    /**
     * Forgets those that are in the ledger already.
     *
     * @return how many that were
     * @throws LedgerException if something else is where one of them belongs
     */
    int dropWritten(Ledger ledger) {
        int dropped = 0;
        while (!batches.isEmpty()) {
            List<String> keys = batches.stream().limit(READ_WINDOW).map(Pending::key).toList();
            for (Optional<byte[]> found : ledger.read(keys)) {
                if (found.isEmpty()) {
                    return dropped;
                }
                Pending batch = batches.getFirst();
                if (!Arrays.equals(found.get(), batch.bytes)) {
                    throw new LedgerException(LedgerException.Kind.FENCED, "the key " + batch.key()
                            + " holds a batch of another master");
                }
                batches.removeFirst();
                dropped++;
            }
        }
        return dropped;
    }
}
