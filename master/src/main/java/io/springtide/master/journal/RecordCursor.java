package io.springtide.master.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/** Walks over the records of one segment and checks each: form, checksums, position and epoch. */
final class RecordCursor {

    /** What a step has met. */
    enum Step {
        /** A whole record. */
        RECORD,
        /** The end of the range, or zeros where a record could be. */
        END,
        /** Something that is not the record due here. */
        BAD
    }

    private final FileWindow window;
    private final long clusterId;
    private long offset;
    private long position;
    private long epoch;
    private RecordHeader header = RecordHeader.NONE;
    private int payloadAt;
    private String problem = "";

    /**
     * Starts at {@code from}, where the record of {@code position} is due, and stops at {@code end}.
     *
     * @param epoch no record may have a lower one
     */
    RecordCursor(FileChannel channel, long clusterId, long from, long end, long position,
            long epoch) {
        this.window = new FileWindow(channel, from, end);
        this.clusterId = clusterId;
        this.offset = from;
        this.position = position;
        this.epoch = epoch;
    }

    Step next() throws IOException {
        long left = window.end() - offset;
        if (left < RecordHeader.BYTES) {
            return window.isZero(offset, (int) left) ? Step.END : bad("is cut short");
        }
        int at = window.index(offset, RecordHeader.BYTES);
        Optional<RecordHeader> found = RecordHeader.decode(window.bytes(), at, clusterId);
        if (found.isEmpty()) {
            return window.isZero(offset, RecordHeader.BYTES)
                    ? Step.END
                    : bad("has no valid header");
        }
        RecordHeader candidate = found.get();
        if (candidate.position() != position) {
            return bad("is that of event " + candidate.position());
        }
        if (candidate.epoch() < epoch) {
            return bad("has epoch " + candidate.epoch() + " after epoch " + epoch);
        }
        if (candidate.frameBytes() > left) {
            return bad("is cut short");
        }
        payloadAt = window.index(offset, candidate.frameBytes()) + RecordHeader.BYTES;
        int checksum = Checksum.of(window.bytes(), payloadAt, candidate.payloadBytes());
        if (checksum != candidate.payloadChecksum()) {
            return bad("fails the checksum of its payload");
        }
        header = candidate;
        offset += candidate.frameBytes();
        position = candidate.positionEnd();
        epoch = candidate.epoch();
        return Step.RECORD;
    }

    private Step bad(String what) {
        problem = what;
        return Step.BAD;
    }

    /** Of the record last found. */
    RecordHeader header() {
        return header;
    }

    /** The record last found, with a copy of its payload. */
    Batch batch() {
        byte[] payload = new byte[header.payloadBytes()];
        ByteBuffer bytes = window.bytes();
        bytes.get(payloadAt, payload);
        return new Batch(header.epoch(), header.position(), header.timeMs(), header.count(),
                payload);
    }

    /** Where the next record is due, or the bad one lies. */
    long offset() {
        return offset;
    }

    /** Of the first event of the record due. */
    long position() {
        return position;
    }

    /** The highest so far. */
    long epoch() {
        return epoch;
    }

    /** What is wrong with the bad record, as the rest of a sentence about it. */
    String problem() {
        return problem;
    }
}
