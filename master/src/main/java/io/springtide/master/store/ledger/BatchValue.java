package io.springtide.master.store.ledger;

import io.springtide.master.journal.Batch;
import io.springtide.master.journal.JournalException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The value that a batch has in a ledger: a header, and the payload unless it is too large for one value
 * and lies in keys of its own. All numbers are big-endian.
 *
 * <p>The id of the cluster goes into the header's checksum without being written: a value that came from
 * another cluster by mistake is no value here.
 *
 * @param number of the batch, from 0, without gaps
 * @param bytesBefore that all batches before it occupy, from batch 0, dropped ones included
 * @param parts keys that hold the payload; 0 if it is here
 * @param payload empty if there are parts
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
record BatchValue(long number, long epoch, long position, long timeMs, long bytesBefore, int count,
        int payloadBytes, int parts, int payloadChecksum, byte[] payload) {

    static final int HEADER_BYTES = 72;
    static final int PAYLOAD_BYTES_MAX = 16 << 20;

    /** Of a payload in one value. */
    static final int PART_BYTES = 800_000;

    private static final int MAGIC = 0x54694261; // "TiBa"
    private static final int FORMAT = 1;
    private static final int CHECKSUM_AT = 68;

    static BatchValue of(long number, long bytesBefore, Batch batch) {
        byte[] payload = batch.payload();
        int parts = payload.length <= PART_BYTES
                ? 0
                : (payload.length + PART_BYTES - 1) / PART_BYTES;
        return new BatchValue(number, batch.epoch(), batch.position(), batch.timeMs(), bytesBefore,
                batch.count(), payload.length, parts, checksum(payload),
                parts == 0 ? payload : new byte[0]);
    }

    /** Where the next batch starts. */
    long positionEnd() {
        return position + count;
    }

    /** What {@link #bytesBefore} of the next batch is. */
    long bytesEnd() {
        return bytesBefore + HEADER_BYTES + payloadBytes;
    }

    byte[] encode(long clusterId) {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + payload.length);
        bytes.putInt(MAGIC).putInt(FORMAT).putLong(number).putLong(epoch).putLong(position)
                .putLong(timeMs).putLong(bytesBefore).putInt(count).putInt(payloadBytes)
                .putInt(parts).putInt(payloadChecksum).putInt(0);
        bytes.putInt(headerChecksum(bytes.array(), clusterId));
        return bytes.put(payload).array();
    }

    /**
     * Reads a value.
     *
     * @throws JournalException if it is damaged, not batch {@code number}, or of a later format
     */
    static BatchValue decode(long number, byte[] value, long clusterId) {
        String key = Keys.batch(number);
        if (value.length < HEADER_BYTES) {
            throw damaged(key, "it has only " + value.length + " bytes");
        }
        ByteBuffer bytes = ByteBuffer.wrap(value);
        if (bytes.getInt() != MAGIC) {
            throw damaged(key, "it does not begin as a batch does");
        }
        int format = bytes.getInt();
        if (format != FORMAT) {
            throw new JournalException("the key " + key + " has format " + format
                    + ", this release reads " + FORMAT + ": start the release that wrote it");
        }
        if (bytes.getInt(CHECKSUM_AT) != headerChecksum(value, clusterId)) {
            throw damaged(key, "its header does not match its checksum");
        }
        BatchValue read = new BatchValue(bytes.getLong(), bytes.getLong(), bytes.getLong(),
                bytes.getLong(), bytes.getLong(), bytes.getInt(), bytes.getInt(), bytes.getInt(),
                bytes.getInt(), Arrays.copyOfRange(value, HEADER_BYTES, value.length));
        if (read.number != number) {
            throw damaged(key, "it holds batch " + read.number);
        }
        if (read.payloadBytes < 0 || read.payloadBytes > PAYLOAD_BYTES_MAX || read.parts < 0
                || read.payload.length != (read.parts == 0 ? read.payloadBytes : 0)
                || (read.parts == 0 && checksum(read.payload) != read.payloadChecksum)) {
            throw damaged(key, "its payload does not match its checksum");
        }
        return read;
    }

    /**
     * The batch.
     *
     * @param whole its payload, taken from the parts if there are any
     * @throws JournalException if the payload is not what was written
     */
    Batch batch(byte[] whole) {
        if (whole.length != payloadBytes || (parts > 0 && checksum(whole) != payloadChecksum)) {
            throw damaged(Keys.parts(number), "the payload does not match its checksum");
        }
        return new Batch(epoch, position, timeMs, count, whole);
    }

    static JournalException damaged(String key, String what) {
        return new JournalException("the journal is damaged: key " + key + ": " + what
                + ". Nothing was changed. Restore the store from a backup; docs/journal-format.md"
                + " says what else can be done");
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static int headerChecksum(byte[] value, long clusterId) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(clusterId).array());
        crc.update(value, 0, CHECKSUM_AT);
        return (int) crc.getValue();
    }
}
