package io.springtide.master.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes records to the end of the log, in few and large writes. Used by the appending thread alone;
 * after an {@link IOException} it must not be used any more.
 */
final class LogWriter {

    private static final int BUFFER_BYTES = 1 << 20;
    private static final int ZEROS_BYTES = 64 << 10;

    private final Path folder;
    private final long clusterId;
    private final JournalConfig config;
    private final Disk disk;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_BYTES);
    private final List<Segment> sealed = new ArrayList<>();
    private Segment segment;
    private Disk.LogFile file;
    private long written;
    private long allocated;

    /**
     * Goes on behind the end of a segment.
     *
     * @param file the segment, open
     * @param allocated bytes of the file; those behind the segment's end are zero
     */
    LogWriter(Path folder, long clusterId, JournalConfig config, Disk disk, Segment segment,
            Disk.LogFile file, long allocated) {
        this.folder = folder;
        this.clusterId = clusterId;
        this.config = config;
        this.disk = disk;
        this.segment = segment;
        this.file = file;
        this.written = segment.end();
        this.allocated = allocated;
    }

    /**
     * Adds a record; part of it may stay in memory until {@link #flush}.
     *
     * @param durable position before which every event is durable now
     */
    void append(Batch batch, long durable) throws IOException {
        RecordHeader header = RecordHeader.of(batch, durable);
        long end = end() + header.frameBytes();
        if (end > config.segmentBytes() && end() > Segment.HEADER_BYTES) {
            roll(batch.position());
            end = end() + header.frameBytes();
        }
        allocate(end);
        room(RecordHeader.BYTES);
        header.encode(buffer, clusterId);
        byte[] payload = batch.payload();
        for (int at = 0; at < payload.length;) {
            room(1);
            int bytes = Math.min(buffer.remaining(), payload.length - at);
            buffer.put(payload, at, bytes);
            at += bytes;
        }
        room(header.paddingBytes());
        buffer.put(zeros.slice(0, header.paddingBytes()));
    }

    /** Writes and makes durable what was added, wherever it lies. */
    void flush() throws IOException {
        write();
        file.force();
    }

    /** The segment being written, up to the last record added. */
    Segment current() {
        return segment.withEnd(end());
    }

    /** The segments finished since the last call. */
    List<Segment> takeSealed() {
        List<Segment> taken = List.copyOf(sealed);
        sealed.clear();
        return taken;
    }

    long allocatedBytes() {
        return Math.max(allocated, end());
    }

    /** Gives back what was allocated in advance. Only after {@link #flush}. */
    void seal() throws IOException {
        if (allocated > written) {
            file.truncate(written);
            allocated = written;
        }
    }

    void close() throws IOException {
        file.close();
    }

    private long end() {
        return written + buffer.position();
    }

    private void room(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            write();
        }
    }

    private void write() throws IOException {
        buffer.flip();
        int bytes = buffer.remaining();
        if (bytes > 0) {
            file.write(buffer, written);
            written += bytes;
        }
        buffer.clear();
    }

    private void roll(long first) throws IOException {
        // In this order: a segment with a successor is complete, and the scan at start counts on it.
        flush();
        seal();
        file.close();
        sealed.add(segment.withEnd(written));
        segment = Segment.empty(folder, first);
        AtomicFile.write(segment.file(), segment.header(clusterId));
        file = disk.open(segment.file());
        written = Segment.HEADER_BYTES;
        allocated = Segment.HEADER_BYTES;
    }

    /** Fills the file with zeros up to {@code end} and some way ahead. */
    private void allocate(long end) throws IOException {
        if (end <= allocated || config.preallocateBytes() == 0) {
            return;
        }
        long target = Math.max(end,
                Math.min(config.segmentBytes(), allocated + config.preallocateBytes()));
        for (long at = allocated; at < target; at += ZEROS_BYTES) {
            file.write(zeros.slice(0, (int) Math.min(ZEROS_BYTES, target - at)), at);
        }
        allocated = target;
    }
}
