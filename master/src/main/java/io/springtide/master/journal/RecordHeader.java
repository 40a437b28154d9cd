package io.springtide.master.journal;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What stands before the payload of a batch in a segment. All numbers are big-endian.
 *
 * <p>The header has a checksum of its own, so that its facts can be trusted even if the payload
 * cannot. The id of the cluster goes into it without being written: a record that came from another
 * journal by mistake is no record here.
 *
 * @param durable every event before this position was durable when the record was written; it is
 *        what tells a torn tail from damage
 */
record RecordHeader(int payloadBytes, long epoch, long position, long timeMs, long durable,
        int count,
        int payloadChecksum) {

    static final int BYTES = 56;
    static final int ALIGNMENT = 8;
    static final int MAGIC = 0x54696465; // "Tide"
    static final int PAYLOAD_BYTES_MAX = 16 << 20;

    private static final int CHECKSUM_AT = 52;

    /** Stands for "none read yet". */
    static final RecordHeader NONE = new RecordHeader(0, 0, 0, 0, 0, 0, 0);

    static RecordHeader of(Batch batch, long durable) {
        byte[] payload = batch.payload();
        return new RecordHeader(payload.length, batch.epoch(), batch.position(), batch.timeMs(),
                durable,
                batch.count(), Checksum.of(payload, 0, payload.length));
    }

    /** Where the next batch starts. */
    long positionEnd() {
        return position + count;
    }

    /** Length of header, payload and padding. */
    int frameBytes() {
        return BYTES + payloadBytes + paddingBytes();
    }

    /** Zeros after the payload, so that every record starts at a multiple of {@link #ALIGNMENT}. */
    int paddingBytes() {
        return -payloadBytes & (ALIGNMENT - 1);
    }

    void encode(ByteBuffer to, long clusterId) {
        int at = to.position();
        to.putInt(MAGIC).putInt(payloadBytes).putLong(epoch).putLong(position).putLong(timeMs)
                .putLong(durable).putInt(count).putInt(payloadChecksum).putInt(0);
        to.putInt(checksum(to, at, clusterId));
    }

    /** Reads a header; empty if there is none that can be trusted. */
    static Optional<RecordHeader> decode(ByteBuffer from, int at, long clusterId) {
        if (from.getInt(at) != MAGIC
                || from.getInt(at + CHECKSUM_AT) != checksum(from, at, clusterId)) {
            return Optional.empty();
        }
        RecordHeader header = new RecordHeader(from.getInt(at + 4), from.getLong(at + 8),
                from.getLong(at + 16), from.getLong(at + 24), from.getLong(at + 32),
                from.getInt(at + 40), from.getInt(at + 44));
        return header.makesSense() ? Optional.of(header) : Optional.empty();
    }

    private boolean makesSense() {
        return payloadBytes >= 0 && payloadBytes <= PAYLOAD_BYTES_MAX && epoch >= 0 && position >= 0
                && durable >= 0 && durable <= position && count >= 1
                && position <= Long.MAX_VALUE - count;
    }

    private static int checksum(ByteBuffer header, int at, long clusterId) {
        ByteBuffer salted = ByteBuffer.allocate(Long.BYTES + CHECKSUM_AT);
        salted.putLong(clusterId).put(header.slice(at, CHECKSUM_AT));
        return Checksum.of(salted.array(), 0, salted.capacity());
    }
}
