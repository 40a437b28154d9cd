package io.springtide.master.store.ledger;

import io.springtide.master.journal.Batch;
import io.springtide.master.journal.Journal;
import io.springtide.master.journal.JournalException;
import io.springtide.master.journal.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The journal of one reign on a ledger, in the format of docs/journal-format.md.
 *
 * <p>A loss of the store that is shorter than a session does not end it: what a write has come to is
 * looked up, since a batch has only one place, and what is missing is written again.
 *
 * <p>One thread appends and commits; another may save snapshots and truncate; any may read.
 */
public final class KeyedJournal implements Journal {

    /** Payload of the largest batch. */
    public static final int PAYLOAD_BYTES_MAX = BatchValue.PAYLOAD_BYTES_MAX;

    /** Writes that change nothing until it is given up; each of them waits for the store. */
    private static final int FRUITLESS_MAX = 20;

    private final Ledger ledger;
    private final KeyedLog log;
    private final Ledger.Fence fence;
    private final PendingBatches pending;
    private final Parts parts;
    private volatile KeyedLog.Mark next;
    private volatile KeyedLog.Mark committed;
    private volatile long firstBytes;
    private volatile boolean closed;
    private volatile @Nullable JournalException failure;
    private long epoch;

    private KeyedJournal(KeyedLog log, Ledger.Fence fence, long epoch, KeyedLog.Mark end,
            KeyedLog.Mark first) {
        this.ledger = log.ledger();
        this.log = log;
        this.fence = fence;
        this.pending = new PendingBatches(log.clusterId());
        this.parts = new Parts(ledger);
        this.next = end;
        this.committed = end;
        this.firstBytes = first.bytes();
        this.epoch = epoch;
    }

    /**
     * Opens the journal for a reign that has begun: whatever an earlier one still has under way can
     * change nothing any more. Large batches that it has left half-written are removed.
     *
     * @param log on the ledger in which the fence stands
     * @throws JournalException if the fence has fallen already, the store cannot be reached, or the
     *         log is damaged
     */
    public static KeyedJournal open(KeyedLog log, Ledger.Fence fence, long epoch) {
        return LedgerFailure.explain("open", log.ledger(), () -> {
            KeyedLog.Mark end = log.end();
            long highest = end.number() == 0
                    ? epoch
                    : Math.max(epoch, log.value(end.number() - 1).map(BatchValue::epoch)
                            .orElse(epoch));
            KeyedJournal journal = new KeyedJournal(log, fence, highest, end, log.first());
            journal.dropParts(number -> number >= end.number());
            return journal;
        });
    }

    @Override
    public long positionNext() {
        return next.position();
    }

    @Override
    public void append(Batch batch) {
        expectAlive();
        if (batch.position() != next.position()) {
            throw new IllegalArgumentException("a batch for position " + next.position()
                    + " is due, not for " + batch.position());
        }
        if (batch.payload().length > PAYLOAD_BYTES_MAX) {
            throw new IllegalArgumentException("a batch of " + batch.payload().length
                    + " bytes is over the journal's limit of " + PAYLOAD_BYTES_MAX + ": split it");
        }
        if (batch.epoch() < epoch) {
            throw fail(new JournalException("epoch " + batch.epoch() + " is over: " + epoch
                    + " is the epoch now, so this master leads no more"));
        }
        epoch = batch.epoch();
        next = pending.add(next, batch);
    }

    @Override
    public void commit() {
        expectAlive();
        if (pending.isEmpty()) {
            return;
        }
        try {
            write();
        } catch (LedgerException e) {
            pending.clear();
            throw fail(LedgerFailure.of("commit to", ledger, e));
        }
        committed = next;
        log.learn(next);
    }

    private void write() {
        int fruitless = 0;
        while (!pending.isEmpty()) {
            try {
                ledger.writeAll(fence, pending.transactions());
                pending.clear();
            } catch (LedgerException e) {
                switch (e.kind()) {
                    case FENCED, REFUSED -> throw e;
                    case UNKNOWN, UNREACHABLE -> ledger.awaitReachable();
                    case CONFLICT -> {
                    }
                }
                fruitless = pending.dropWritten(ledger) > 0 ? 0 : fruitless + 1;
                if (fruitless > FRUITLESS_MAX) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void read(long from, BatchReader reader) {
        log.read(from, reader);
    }

    @Override
    public boolean await(long position, Duration atMost) throws InterruptedException {
        return !closed && log.await(position, atMost);
    }

    @Override
    public Optional<Snapshot> snapshotLatest() {
        return log.snapshotLatest();
    }

    @Override
    public Optional<Snapshot> snapshotUpTo(long position) {
        return log.snapshotUpTo(position);
    }

    @Override
    public void snapshotSave(Snapshot snapshot) {
        expectAlive();
        if (snapshot.position() < 0 || snapshot.position() > committed.position()) {
            throw new IllegalArgumentException("a snapshot at position " + snapshot.position()
                    + " holds events that are not committed: " + committed.position()
                    + " is next");
        }
        // A failure is not final: the next one is a new one, and the log has lost nothing.
        LedgerFailure.explain("save a snapshot of", ledger, () -> {
            log.snapshots().save(fence, snapshot);
            return true;
        });
    }

    @Override
    public void truncateBefore(long position) {
        expectAlive();
        LedgerFailure.explain("truncate", ledger, () -> {
            KeyedLog.Mark first = log.first();
            long limit = Math.min(position, log.snapshots().older());
            // The last batch stays: it says where the next one goes.
            long end = committed.number() - 1;
            if (end <= first.number() || limit <= first.position()) {
                return first;
            }
            KeyedLog.Mark kept = log.batchAt(Math.min(limit, committed.position() - 1));
            List<String> dropped = new ArrayList<>();
            for (long number = first.number(); number < Math.min(kept.number(), end); number++) {
                dropped.add(Keys.batch(number));
            }
            // Oldest first, so that what a crash leaves over has no gap.
            parts.delete(fence, dropped);
            firstBytes = log.first().bytes();
            dropParts(number -> number < kept.number());
            return kept;
        });
    }

    /** Removes parts of batches that are not there any more, or not yet. */
    private void dropParts(LongPredicate which) {
        for (String name : ledger.list(Keys.PARTS)) {
            long number = Keys.number(Keys.PARTS, name);
            if (which.test(number)) {
                parts.deleteFolder(fence, Keys.parts(number));
            }
        }
    }

    @Override
    public long sizeBytes() {
        return committed.bytes() - firstBytes;
    }

    @Override
    public void close() {
        closed = true;
    }

    private void expectAlive() {
        JournalException first = failure;
        if (first != null) {
            throw new JournalException("the journal in " + ledger.name()
                    + " has failed and must be opened anew: " + first.getMessage(), first);
        }
        if (closed) {
            throw new JournalException("the journal in " + ledger.name() + " is closed");
        }
    }

    private JournalException fail(JournalException first) {
        failure = first;
        return first;
    }
}
