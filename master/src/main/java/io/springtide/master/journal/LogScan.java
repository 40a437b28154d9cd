package io.springtide.master.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads a whole log at start, changes nothing, and finds its end: the first place where no record
 * follows, provided that nothing which was ever durable lies behind it.
 */
final class LogScan {

    /**
     * A log that can be used.
     *
     * @param segments at least one; the last is the one to append to
     * @param position where the next batch starts
     * @param epoch the highest in the log
     * @param bytesCut of a torn record, behind the end of the last segment
     * @param unconfirmedFrom byte in the last segment behind which nobody knows what is durable
     * @param headerMissing if the last segment is a name without content
     */
    record Found(List<Segment> segments, long position, long epoch, long bytesCut,
            long unconfirmedFrom, boolean headerMissing) {

        Segment last() {
            return segments.getLast();
        }
    }

    private final long clusterId;
    private final OptionalLong snapshot;
    private final List<Segment> checked = new ArrayList<>();
    private long durable;
    private long position;
    private long epoch;

    /**
     * Prepares a scan.
     *
     * @param durable position before which every event is known to be durable
     * @param snapshot position of the newest, for good advice
     */
    LogScan(long clusterId, long durable, OptionalLong snapshot) {
        this.clusterId = clusterId;
        this.durable = durable;
        this.snapshot = snapshot;
    }

    /**
     * Checks segments.
     *
     * @param segments oldest first, at least one
     * @throws JournalException if the log is damaged
     */
    Found run(List<Segment> segments) throws IOException {
        position = segments.getFirst().first();
        // A segment is begun only when everything before it has been flushed.
        durable = Math.max(durable, segments.getLast().first());
        for (Segment segment : segments.subList(0, segments.size() - 1)) {
            expectNoGap(segment);
            try (FileChannel channel = FileChannel.open(segment.file(), StandardOpenOption.READ)) {
                sealed(segment, channel, segments.get(checked.size() + 1).first());
            }
        }
        Segment last = segments.getLast();
        expectNoGap(last);
        try (FileChannel channel = FileChannel.open(last.file(), StandardOpenOption.READ)) {
            return open(last, channel);
        }
    }

    private void expectNoGap(Segment segment) {
        if (segment.first() > position) {
            throw Damage.gap(segment.file(), position, segment.first(), snapshot);
        }
    }

    private void sealed(Segment segment, FileChannel channel, long next) throws IOException {
        long bytes = channel.size();
        checkHeader(segment, channel, bytes, next);
        RecordCursor cursor = cursor(segment, channel, bytes);
        RecordCursor.Step step = walk(cursor);
        boolean rubbish = TailScan.of(channel, clusterId, cursor.offset(), bytes).end() > cursor
                .offset();
        if (step == RecordCursor.Step.BAD || rubbish || cursor.position() > next) {
            throw Damage.at(segment.file(), cursor.offset(), cursor.position(),
                    cursor.position() > next
                            ? "its records reach past event " + next
                                    + ", where the next segment starts"
                            : "the record of event " + cursor.position() + " " + problem(cursor)
                                    + ", and newer segments follow",
                    next, snapshot);
        }
        checked.add(segment.withEnd(cursor.offset()));
    }

    private Found open(Segment last, FileChannel channel) throws IOException {
        long bytes = channel.size();
        if (isBlank(channel, bytes)) {
            checked.add(last.withEnd(Segment.HEADER_BYTES));
            expectReach(last, 0, "the segment is empty");
            return new Found(List.copyOf(checked), position, epoch, 0, Segment.HEADER_BYTES, true);
        }
        checkHeader(last, channel, bytes, Long.MAX_VALUE);
        RecordCursor cursor = cursor(last, channel, bytes);
        RecordCursor.Step step = walk(cursor);
        TailScan tail = TailScan.of(channel, clusterId, cursor.offset(), bytes);
        if (tail.durable() > position) {
            throw Damage.at(last.file(), cursor.offset(), position,
                    "the record of event " + position
                            + " " + problem(cursor) + ", but was durable when the record at byte "
                            + tail.witnessAt() + " was written",
                    Long.MAX_VALUE, snapshot);
        }
        expectReach(last, cursor.offset(),
                step == RecordCursor.Step.BAD || tail.end() > cursor.offset()
                        ? "the record of event " + position + " " + problem(cursor)
                        : "the log ends here, before event " + position);
        checked.add(last.withEnd(cursor.offset()));
        return new Found(List.copyOf(checked), position, epoch, tail.end() - cursor.offset(),
                unconfirmedFrom(last, channel, cursor.offset()), false);
    }

    private void expectReach(Segment segment, long offset, String what) {
        if (position < durable) {
            throw Damage.at(segment.file(), offset, position,
                    what + ", but events up to " + (durable - 1)
                            + " had been committed",
                    Long.MAX_VALUE, snapshot);
        }
    }

    private RecordCursor cursor(Segment segment, FileChannel channel, long bytes) {
        return new RecordCursor(channel, clusterId, Segment.HEADER_BYTES, bytes, segment.first(),
                epoch);
    }

    private RecordCursor.Step walk(RecordCursor cursor) throws IOException {
        RecordCursor.Step step = cursor.next();
        while (step == RecordCursor.Step.RECORD) {
            durable = Math.max(durable, cursor.header().durable());
            step = cursor.next();
        }
        position = cursor.position();
        epoch = cursor.epoch();
        return step;
    }

    private static String problem(RecordCursor cursor) {
        return cursor.problem().isEmpty() ? "is blank" : cursor.problem();
    }

    private long unconfirmedFrom(Segment last, FileChannel channel, long end) throws IOException {
        RecordCursor cursor = new RecordCursor(channel, clusterId, Segment.HEADER_BYTES, end,
                last.first(),
                0);
        while (cursor.position() < durable && cursor.next() == RecordCursor.Step.RECORD) {
            // Only the place is wanted.
        }
        return cursor.offset();
    }

    private void checkHeader(Segment segment, FileChannel channel, long bytes, long next)
            throws IOException {
        Optional<String> problem = bytes < Segment.HEADER_BYTES
                ? Optional.of("the header of the segment is cut short")
                : segment.headerProblem(header(channel), clusterId);
        if (problem.isPresent()) {
            throw Damage.at(segment.file(), 0, segment.first(), problem.get(), next, snapshot);
        }
    }

    private static ByteBuffer header(FileChannel channel) throws IOException {
        FileWindow window = new FileWindow(channel, 0, Segment.HEADER_BYTES);
        window.index(0, Segment.HEADER_BYTES);
        return window.bytes();
    }

    /** Whether a file has not even a header, as a file system may leave it that lost its content. */
    private boolean isBlank(FileChannel channel, long bytes) throws IOException {
        return bytes < Segment.HEADER_BYTES
                || TailScan.of(channel, clusterId, 0, bytes).end() == 0;
    }

    /** The segments of a folder, oldest first, taken to be full up to the end of the file. */
    static List<Segment> list(Path folder) throws IOException {
        List<Segment> segments = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + Segment.SUFFIX)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.matches("[0-9]{19,20}\\.log")) {
                    long first = Long.parseLong(name.substring(0, name.length() - 4));
                    segments.add(new Segment(file, first, Files.size(file)));
                }
            }
        }
        segments.sort(Comparator.comparingLong(Segment::first));
        return segments;
    }
}
