package io.springtide.master.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The journal of a single master: files in the folder {@code journal} of its data folder, in the
 * format of docs/journal-format.md.
 *
 * <p>The thread that appends, commits, takes epochs and closes must not be interrupted: that closes
 * the file under it. All else may be called by any thread.
 */
public final class FileJournal implements Journal {

    /** Payload of the largest batch. */
    public static final int PAYLOAD_BYTES_MAX = RecordHeader.PAYLOAD_BYTES_MAX;

    /** What readers may see: whole segments up to a committed end. */
    private record View(List<Segment> segments, long position) {

        long first() {
            return segments.getFirst().first();
        }
    }

    private final Path folder;
    private final FolderLock lock;
    private final long clusterId;
    private final LogWriter writer;
    private final SnapshotStore snapshots;
    private final FileChannel mark;
    private final NumberFile markFile;
    private final long bytesCut;
    private final List<String> findings;
    private final Object viewLock = new Object();
    private volatile View view;
    private volatile long positionNext;
    private volatile long sizeBytes;
    private volatile boolean closed;
    private volatile @Nullable JournalException failure;
    private volatile long epoch;

    private FileJournal(Path folder, FolderLock lock, JournalConfig config, Disk disk,
            Recovery.Recovered start) throws IOException {
        this.folder = folder;
        this.lock = lock;
        this.clusterId = start.clusterId();
        Segment last = start.log().last();
        this.writer = new LogWriter(folder, clusterId, config, disk, last, start.last(),
                Files.size(last.file()));
        this.snapshots = start.snapshots();
        this.markFile = NumberFile.committed(folder, clusterId);
        this.mark = FileChannel.open(markFile.file(), StandardOpenOption.WRITE);
        this.bytesCut = start.log().bytesCut();
        this.findings = new ArrayList<>(start.findings());
        this.view = new View(start.log().segments(), start.log().position());
        this.positionNext = start.log().position();
        this.epoch = start.epoch();
        this.sizeBytes = size(view);
    }

    /**
     * Opens the journal of a data folder, and creates both if need be. A torn record at the end is cut
     * off, see {@link #bytesCut}.
     *
     * @throws JournalException if another master uses the folder, or the journal is damaged
     */
    public static FileJournal open(Path data, JournalConfig config) {
        return open(data, config, Disk.REAL);
    }

    static FileJournal open(Path data, JournalConfig config, Disk disk) {
        Path folder = data.toAbsolutePath().normalize().resolve("journal");
        try {
            Files.createDirectories(folder);
            AtomicFile.syncFolder(folder.resolveSibling("."));
            FolderLock lock = FolderLock.take(folder);
            boolean opened = false;
            try {
                FileJournal journal = new FileJournal(folder, lock, config, disk,
                        new Recovery(folder, disk).run());
                opened = true;
                return journal;
            } finally {
                if (!opened) {
                    lock.close();
                }
            }
        } catch (IOException e) {
            throw Damage.io("open", folder, e);
        }
    }

    /** Sixteen hexadecimal digits, made up when the journal was created. */
    public String clusterId() {
        return ClusterFile.idText(clusterId);
    }

    /** Whether nothing was ever committed. */
    public boolean isNew() {
        return view.position() == 0 && snapshots.newest().isEmpty();
    }

    /** Every event before this position is durable. */
    public long positionCommitted() {
        return view.position();
    }

    /** Bytes of an unfinished, never confirmed record that were cut off when this was opened. */
    public long bytesCut() {
        return bytesCut;
    }

    /** What an operator should know about opening and about snapshots, a sentence each. */
    public List<String> findings() {
        synchronized (findings) {
            return List.copyOf(findings);
        }
    }

    /** The highest epoch taken or used so far. */
    public long epoch() {
        return epoch;
    }

    /** Takes a new epoch, higher than any before, and stores it before it is used. */
    public long epochNext() {
        expectAlive();
        long next = epoch + 1;
        try {
            NumberFile.epoch(folder, clusterId).write(next);
        } catch (IOException e) {
            throw fail(Damage.io("take a new epoch of", folder, e));
        }
        epoch = next;
        return next;
    }

    @Override
    public long positionNext() {
        return positionNext;
    }

    @Override
    public void append(Batch batch) {
        expectAlive();
        if (batch.position() != positionNext) {
            throw new IllegalArgumentException(
                    "a batch for position " + positionNext + " is due, not for "
                            + batch.position());
        }
        if (batch.payload().length > PAYLOAD_BYTES_MAX) {
            throw new IllegalArgumentException("a batch of " + batch.payload().length
                    + " bytes is over the journal's limit of " + PAYLOAD_BYTES_MAX + ": split it");
        }
        if (batch.epoch() < epoch) {
            throw fail(new JournalException("epoch " + batch.epoch() + " is over: " + epoch
                    + " is the epoch now, so this master leads no more"));
        }
        try {
            writer.append(batch, view.position());
        } catch (IOException e) {
            throw fail(Damage.io("append to", folder, e));
        }
        epoch = batch.epoch();
        positionNext = batch.positionEnd();
    }

    @Override
    public void commit() {
        expectAlive();
        if (positionNext == view.position()) {
            return;
        }
        try {
            writer.flush();
            // Not flushed: it is exact if only this process dies, and never says too much.
            ByteBuffer bytes = markFile.encode(positionNext);
            mark.write(bytes, 0);
        } catch (IOException e) {
            throw fail(Damage.io("commit to", folder, e));
        }
        publish();
    }

    private void publish() {
        List<Segment> sealed = writer.takeSealed();
        synchronized (viewLock) {
            List<Segment> segments = new ArrayList<>(view.segments());
            if (!sealed.isEmpty()) {
                segments.removeLast();
                segments.addAll(sealed);
                segments.add(writer.current());
            } else {
                segments.set(segments.size() - 1, writer.current());
            }
            view = new View(List.copyOf(segments), positionNext);
            sizeBytes = size(view);
            viewLock.notifyAll();
        }
    }

    private long size(View of) {
        long bytes = writer.allocatedBytes();
        for (Segment segment : of.segments().subList(0, of.segments().size() - 1)) {
            bytes += segment.end();
        }
        return bytes;
    }

    @Override
    public void read(long from, BatchReader reader) {
        if (from < 0) {
            throw new IllegalArgumentException("no event has position " + from);
        }
        View now = view;
        if (from < now.first()) {
            throw dropped(from);
        }
        List<Segment> segments = now.segments();
        for (int i = 0; i < segments.size(); i++) {
            if (i + 1 == segments.size() || segments.get(i + 1).first() > from) {
                long end = i + 1 == segments.size() ? now.position() : segments.get(i + 1).first();
                read(segments.get(i), end, from, reader);
            }
        }
    }

    private void read(Segment segment, long end, long from, BatchReader reader) {
        try (FileChannel channel = FileChannel.open(segment.file(), StandardOpenOption.READ)) {
            RecordCursor cursor = new RecordCursor(channel, clusterId, Segment.HEADER_BYTES,
                    segment.end(),
                    segment.first(), 0);
            while (cursor.position() < end) {
                if (cursor.next() != RecordCursor.Step.RECORD) {
                    throw Damage.at(segment.file(), cursor.offset(), cursor.position(),
                            "the record of event "
                                    + cursor.position()
                                    + " has been damaged since the journal was opened",
                            Long.MAX_VALUE, OptionalLong.empty());
                }
                if (cursor.position() > from) {
                    reader.onBatch(cursor.batch());
                }
            }
        } catch (NoSuchFileException e) {
            if (Math.max(from, segment.first()) < view.first()) {
                throw dropped(Math.max(from, segment.first()));
            }
            throw Damage.io("read", folder, e);
        } catch (IOException e) {
            throw Damage.io("read", folder, e);
        }
    }

    @Override
    public boolean await(long position, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        synchronized (viewLock) {
            while (view.position() <= position) {
                long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (leftMs <= 0 || closed) {
                    return false;
                }
                viewLock.wait(leftMs);
            }
            return true;
        }
    }

    private JournalException dropped(long from) {
        return new EventsDroppedException("event " + from + " is no longer in " + folder
                + ", the oldest kept is " + view.first() + ": start from the latest snapshot");
    }

    @Override
    public Optional<Snapshot> snapshotLatest() {
        try {
            List<String> found = new ArrayList<>();
            Optional<Snapshot> snapshot = snapshots.latest(found);
            synchronized (findings) {
                findings.addAll(found);
            }
            long first = view.first();
            if (snapshot.map(Snapshot::position).orElse(0L) < first) {
                throw new JournalException(
                        "no whole snapshot in " + folder + " reaches up to event " + first
                                + ", where the log starts: restore the folder from a backup");
            }
            return snapshot;
        } catch (IOException e) {
            throw Damage.io("read a snapshot of", folder, e);
        }
    }

    @Override
    public Optional<Snapshot> snapshotUpTo(long position) {
        try {
            return snapshots.upTo(position);
        } catch (IOException e) {
            throw Damage.io("read a snapshot of", folder, e);
        }
    }

    @Override
    public void snapshotSave(Snapshot snapshot) {
        expectAlive();
        if (snapshot.position() < 0 || snapshot.position() > view.position()) {
            throw new IllegalArgumentException("a snapshot at position " + snapshot.position()
                    + " holds events that are not committed: " + view.position() + " is next");
        }
        try {
            snapshots.save(snapshot);
        } catch (IOException e) {
            // Not final: the next one goes to a new file, and the log has lost nothing.
            throw Damage.io("save a snapshot of", folder, e);
        }
    }

    @Override
    public void truncateBefore(long position) {
        expectAlive();
        long limit = Math.min(position, snapshots.older().orElse(0));
        List<Segment> dropped;
        synchronized (viewLock) {
            List<Segment> segments = view.segments();
            int count = 0;
            while (count + 1 < segments.size() && segments.get(count + 1).first() <= limit) {
                count++;
            }
            dropped = segments.subList(0, count);
            view = new View(List.copyOf(segments.subList(count, segments.size())), view.position());
            sizeBytes -= dropped.stream().mapToLong(Segment::end).sum();
        }
        try {
            // Oldest first, so that what a crash leaves over has no gap.
            for (Segment segment : dropped) {
                Files.deleteIfExists(segment.file());
            }
            AtomicFile.syncFolder(folder);
        } catch (IOException e) {
            throw Damage.io("truncate", folder, e);
        }
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        synchronized (viewLock) {
            viewLock.notifyAll();
        }
        try (lock; mark) {
            try {
                if (failure == null && positionNext == view.position()) {
                    writer.seal();
                    mark.force(true);
                }
            } finally {
                writer.close();
            }
        } catch (IOException e) {
            throw Damage.io("close", folder, e);
        }
    }

    private void expectAlive() {
        JournalException first = failure;
        if (first != null) {
            throw new JournalException(
                    "the journal in " + folder + " has failed and must be opened anew: "
                            + first.getMessage(),
                    first);
        }
        if (closed) {
            throw new JournalException("the journal in " + folder + " is closed");
        }
    }

    private JournalException fail(JournalException first) {
        failure = first;
        return first;
    }
}
