package io.springtide.master.store.ledger;

import io.springtide.master.journal.JournalException;
import io.springtide.master.journal.JournalSeed;
import io.springtide.master.store.Election.Addresses;
import java.util.Arrays;
import java.util.List;

/**
 * Begins a ledger with a {@link JournalSeed}. The cluster's own key comes last: before it is there no
 * master can take what is half-written for a cluster of this identity.
 */
public final class SeededLedger {

    private static final String EPOCH = "epoch";

    private static final Addresses NOBODY = new Addresses("restoring", "restoring");

    private SeededLedger() {}

    /**
     * Writes it, and closes both.
     *
     * @throws JournalException if anything is there already, the store cannot be reached, or somebody
     *         else writes meanwhile
     */
    public static void begin(Ledger ledger, Seat seat, JournalSeed seed) {
        try {
            LedgerFailure.explain("restore", ledger, () -> {
                expectEmpty(ledger);
                write(ledger, seat, seed);
                return true;
            });
        } finally {
            seat.close();
            ledger.close();
        }
    }

    private static void expectEmpty(Ledger ledger) {
        boolean keys = ledger.read(List.of(Keys.CLUSTER, EPOCH)).stream()
                .anyMatch(found -> found.isPresent());
        if (keys || List.of(Keys.LOG, Keys.PARTS, Keys.SNAPSHOTS, Keys.CHUNKS).stream()
                .anyMatch(folder -> !ledger.list(folder).isEmpty())) {
            throw new JournalException(ledger.name()
                    + " holds a cluster already, or what is left of"
                    + " one; nothing was changed. Restore to another path of the same servers and"
                    + " start the masters with it; or delete this path with the store's own tools,"
                    + " if nothing in it is needed");
        }
    }

    private static void write(Ledger ledger, Seat seat, JournalSeed seed) {
        long epoch = seed.first().epoch();
        byte[] before = SeatText.epoch(epoch - 1);
        if (!Arrays.equals(ledger.settle(EPOCH, before), before)) {
            throw meanwhile(ledger);
        }
        Seat.Term term = seat.take(NOBODY).filter(taken -> taken.epoch() == epoch)
                .orElseThrow(() -> meanwhile(ledger));
        try {
            new KeyedSnapshots(ledger, seed.clusterId()).save(term.fence(), seed.snapshot());
            PendingBatches batches = new PendingBatches(seed.clusterId());
            batches.add(new KeyedLog.Mark(0, seed.first().position(), 0), seed.first());
            ledger.writeAll(term.fence(), batches.transactions());
            if (ClusterKey.settle(ledger, seed.clusterId()) != seed.clusterId()) {
                throw meanwhile(ledger);
            }
        } finally {
            seat.leave(term);
        }
    }

    private static JournalException meanwhile(Ledger ledger) {
        return new JournalException("somebody else began to write to " + ledger.name()
                + " during the restore: stop all masters that use it, and restore to another path");
    }
}
