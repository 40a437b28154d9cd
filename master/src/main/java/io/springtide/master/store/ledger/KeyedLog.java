package io.springtide.master.store.ledger;

import io.springtide.master.journal.Batch;
import io.springtide.master.journal.EventsDroppedException;
import io.springtide.master.journal.JournalException;
import io.springtide.master.journal.Log;
import io.springtide.master.journal.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The committed facts in a ledger, whoever leads. Remembers where the log ended when it last looked, so
 * that whoever follows asks for nothing twice. Any thread.
 */
public final class KeyedLog implements Log {

    /** Values that are asked for at a time: few large ones, or many small. */
    private static final int WINDOW_MIN = 4;
    private static final int WINDOW_MAX = 64;
    private static final long WINDOW_BYTES = 4L << 20;

    /** Keys of one round of a search. */
    private static final int PROBES = 16;

    /** Until the log has moved on under a reader so often that something else must be wrong. */
    private static final int TRIES = 5;

    /**
     * A place between two batches.
     *
     * @param number of the batch behind it
     * @param position of its first event
     * @param bytes that all batches before it occupy, dropped ones included
     */
    record Mark(long number, long position, long bytes) {

        static final Mark START = new Mark(0, 0, 0);

        static Mark before(BatchValue value) {
            return new Mark(value.number(), value.position(), value.bytesBefore());
        }

        static Mark after(BatchValue value) {
            return new Mark(value.number() + 1, value.positionEnd(), value.bytesEnd());
        }
    }

    /** Where the newest batch that was read begins and ends; nothing, before one was. */
    private record Span(Mark begin, Mark end) {

        static Span of(BatchValue value) {
            return new Span(Mark.before(value), Mark.after(value));
        }

        boolean holds(long position) {
            return begin.position() <= position && position < end.position();
        }
    }

    private final Ledger ledger;
    private final long clusterId;
    private final LongSupplier nanos;
    private final KeyedSnapshots snapshots;
    private volatile @Nullable Mark known;
    private volatile Span newest = new Span(Mark.START, Mark.START);
    private volatile long droppedBytes;

    /**
     * Over a ledger.
     *
     * @param nanos a clock that only goes forward, for {@link #await}
     */
    public KeyedLog(Ledger ledger, long clusterId, LongSupplier nanos) {
        this.ledger = ledger;
        this.clusterId = clusterId;
        this.nanos = nanos;
        this.snapshots = new KeyedSnapshots(ledger, clusterId);
    }

    Ledger ledger() {
        return ledger;
    }

    long clusterId() {
        return clusterId;
    }

    KeyedSnapshots snapshots() {
        return snapshots;
    }

    /** Where the log ends now. */
    Mark end() {
        return LedgerFailure.explain("read", ledger, this::seekEnd);
    }

    /** Where the oldest batch kept begins; the start if there is none. */
    Mark first() {
        for (int i = 0; i < TRIES; i++) {
            Optional<String> bucket = ledger.first(Keys.LOG);
            if (bucket.isEmpty()) {
                return Mark.START;
            }
            String folder = Keys.LOG + "/" + bucket.get();
            Optional<String> name = ledger.first(folder);
            if (name.isPresent()) {
                Optional<BatchValue> value = value(Keys.number(folder, name.get()));
                if (value.isPresent()) {
                    droppedBytes = value.get().bytesBefore();
                    return Mark.before(value.get());
                }
            }
        }
        throw moving();
    }

    /** Without asking: as of when the beginning and the end were last looked for. */
    @Override
    public long sizeBytes() {
        Mark end = known;
        return end == null ? 0 : Math.max(0, end.bytes() - droppedBytes);
    }

    /** Told by the writer, too, so that its own readers need not search. */
    synchronized void learn(Mark end) {
        Mark before = known;
        if (before == null || end.number() > before.number()) {
            known = end;
        }
    }

    private Mark seekEnd() {
        Mark from = known;
        for (int i = 0; i < TRIES; i++) {
            Mark end = gallop(from == null ? first() : from);
            if (isEnd(end.number())) {
                learn(end);
                return end;
            }
            // The batch before it is dropped: then there are newer ones, and the search went past none.
            Mark first = first();
            if (first.number() < end.number()) {
                throw lost(end.number() - 1);
            }
            from = first;
        }
        throw moving();
    }

    /**
     * Whether a place behind which nothing was found is the end of the log. Only a batch that is there
     * shows that; behind one that is dropped there are newer ones, which may begin beyond any probe.
     */
    private boolean isEnd(long number) {
        return number == 0 ? ledger.first(Keys.LOG).isEmpty() : isThere(number - 1);
    }

    /** Batches are dense, so that each one that is there shows that all before it are. */
    private Mark gallop(Mark start) {
        Mark at = start;
        while (true) {
            List<Long> probes = new ArrayList<>();
            for (int i = 0; i < PROBES; i++) {
                probes.add(at.number() + (1L << i) - 1);
            }
            List<Optional<BatchValue>> found = values(probes);
            int last = found.size() - 1;
            while (last >= 0 && found.get(last).isEmpty()) {
                last--;
            }
            if (last < 0) {
                return at;
            }
            newest = Span.of(found.get(last).orElseThrow());
            at = newest.end();
        }
    }

    @Override
    public void read(long from, BatchReader reader) {
        if (from < 0) {
            throw new IllegalArgumentException("no event has position " + from);
        }
        Optional<Mark> start = LedgerFailure.explain("read", ledger, () -> locate(from));
        if (start.isPresent()) {
            readOn(start.get().number(), from, reader);
        }
    }

    private void readOn(long start, long from, BatchReader reader) {
        long number = start;
        long due = -1;
        // Whoever is up to date finds one or two.
        int window = WINDOW_MIN;
        while (true) {
            List<Long> numbers = new ArrayList<>();
            for (int i = 0; i < window; i++) {
                numbers.add(number + i);
            }
            List<Optional<BatchValue>> found = LedgerFailure.explain("read", ledger,
                    () -> values(numbers));
            long bytes = 0;
            for (Optional<BatchValue> next : found) {
                if (next.isEmpty()) {
                    if (number == start) {
                        expectEnd(number, from);
                    }
                    return;
                }
                BatchValue value = next.get();
                if (due >= 0 && value.position() != due) {
                    throw BatchValue.damaged(Keys.batch(number), "it begins with event "
                            + value.position() + ", but " + due + " is due");
                }
                Batch batch = LedgerFailure.explain("read", ledger, () -> batch(value, from));
                due = value.positionEnd();
                newest = Span.of(value);
                learn(newest.end());
                bytes += value.payloadBytes() + BatchValue.HEADER_BYTES;
                number++;
                if (value.positionEnd() > from) {
                    reader.onBatch(batch);
                }
            }
            window = Math.clamp(WINDOW_BYTES * found.size() / bytes, WINDOW_MIN, WINDOW_MAX);
        }
    }

    /** That there is no batch must be because it has not been written yet. */
    private void expectEnd(long number, long from) {
        LedgerFailure.explain("read", ledger, () -> {
            if (isEnd(number)) {
                return true;
            }
            Mark first = first();
            if (first.number() < number) {
                throw lost(number - 1);
            }
            // The very first batch may have been written since: the next look finds it.
            if (first.position() > from) {
                throw dropped(from, first);
            }
            return false;
        });
    }

    /** Where the batch with a committed event begins. */
    Mark batchAt(long position) {
        return locate(position).orElseThrow(this::moving);
    }

    /** Where the batch with an event begins; empty if it is not written yet. */
    private Optional<Mark> locate(long position) {
        Mark hint = known;
        if (hint != null && hint.position() == position) {
            return Optional.of(hint);
        }
        // Whoever takes over asks for it once more, while everybody waits: a search would read large values.
        Span last = newest;
        if (last.holds(position)) {
            return Optional.of(last.begin());
        }
        for (int i = 0; i < TRIES; i++) {
            Mark end = seekEnd();
            if (position >= end.position()) {
                return Optional.empty();
            }
            Mark first = first();
            if (position < first.position()) {
                throw dropped(position, first);
            }
            Optional<Mark> found = search(position, first, end);
            if (found.isPresent()) {
                return found;
            }
        }
        throw moving();
    }

    /** Between two places; empty if batches there were dropped meanwhile. */
    private Optional<Mark> search(long position, Mark from, Mark to) {
        Mark low = from;
        long high = to.number();
        while (high - low.number() > 1) {
            List<Long> probes = new ArrayList<>();
            long step = Math.max(1, (high - low.number()) / (PROBES + 1));
            for (long probe = low.number() + step; probe < high && probes.size() < PROBES; //
                    probe += step) {
                probes.add(probe);
            }
            for (Optional<BatchValue> found : values(probes)) {
                if (found.isEmpty()) {
                    return Optional.empty();
                }
                if (found.get().position() > position) {
                    high = Math.min(high, found.get().number());
                } else {
                    low = Mark.before(found.get());
                }
            }
        }
        return Optional.of(low);
    }

    @Override
    public boolean await(long position, Duration atMost) throws InterruptedException {
        long deadline = nanos.getAsLong() + atMost.toNanos();
        try {
            while (true) {
                Mark hint = known;
                Mark end = hint == null || hint.position() < position ? seekEnd() : hint;
                if (end.position() > position) {
                    return true;
                }
                long left = deadline - nanos.getAsLong();
                if (left <= 0 || !ledger.await(Keys.batch(end.number()), Duration.ofNanos(left))) {
                    return false;
                }
                if (end.position() == position) {
                    return true;
                }
            }
        } catch (LedgerException e) {
            throw LedgerFailure.of("wait for", ledger, e);
        }
    }

    @Override
    public Optional<Snapshot> snapshotLatest() {
        return LedgerFailure.explain("read a snapshot of", ledger, () -> {
            for (int i = 0; i < TRIES; i++) {
                Optional<Snapshot> snapshot = snapshots.upTo(Long.MAX_VALUE);
                long first = first().position();
                if (snapshot.map(Snapshot::position).orElse(0L) >= first) {
                    return snapshot;
                }
            }
            throw new JournalException("no whole snapshot in " + ledger.name()
                    + " reaches up to where the log starts: restore the store from a backup");
        });
    }

    @Override
    public Optional<Snapshot> snapshotUpTo(long position) {
        return LedgerFailure.explain("read a snapshot of", ledger, () -> snapshots.upTo(position));
    }

    private boolean isThere(long number) {
        return ledger.read(List.of(Keys.batch(number))).getFirst().isPresent();
    }

    Optional<BatchValue> value(long number) {
        return values(List.of(number)).getFirst();
    }

    private List<Optional<BatchValue>> values(List<Long> numbers) {
        List<String> keys = new ArrayList<>(numbers.size());
        for (long number : numbers) {
            keys.add(Keys.batch(number));
        }
        List<Optional<byte[]>> read = ledger.read(keys);
        List<Optional<BatchValue>> values = new ArrayList<>(read.size());
        for (int i = 0; i < read.size(); i++) {
            long number = numbers.get(i);
            values.add(read.get(i).map(bytes -> BatchValue.decode(number, bytes, clusterId)));
        }
        return values;
    }

    private Batch batch(BatchValue value, long from) {
        if (value.parts() == 0) {
            return value.batch(value.payload());
        }
        Parts parts = new Parts(ledger);
        Optional<byte[]> whole = parts.read(value.parts(), value.payloadBytes(),
                part -> Keys.part(value.number(), part));
        if (whole.isEmpty()) {
            if (!isThere(value.number())) {
                throw dropped(Math.max(from, value.position()), first());
            }
            throw BatchValue.damaged(Keys.parts(value.number()), "parts of the batch are missing");
        }
        return value.batch(whole.get());
    }

    private JournalException dropped(long from, Mark first) {
        return new EventsDroppedException("event " + from + " is no longer in " + ledger.name()
                + ", the oldest kept is " + first.position() + ": start from the latest snapshot");
    }

    private JournalException lost(long number) {
        return new JournalException("the journal in " + ledger.name() + " has lost batch " + number
                + ", which was there before: somebody has emptied the store or put back an older"
                + " state of it. Nothing was changed. Restore the newest backup");
    }

    private JournalException moving() {
        return new JournalException("the journal in " + ledger.name()
                + " was truncated faster than it could be read: try again");
    }
}
