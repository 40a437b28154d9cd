package io.springtide.master.store.ledger;

import io.springtide.master.journal.JournalException;
import io.springtide.master.journal.Snapshot;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What makes the chunks of a snapshot one: written when all of them are there. All numbers are
 * big-endian.
 *
 * @param digest SHA-256 of the payload
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
record Manifest(long epoch, long position, long timeMs, long stateHash, int payloadBytes,
        int chunks, byte[] digest) {

    private static final int BYTES = 96;
    private static final int MAGIC = 0x5469536e; // "TiSn"
    private static final int FORMAT = 1;
    private static final int DIGEST_BYTES = 32;
    private static final int CHECKSUM_AT = 92;

    static Manifest of(Snapshot snapshot) {
        int bytes = snapshot.payload().length;
        return new Manifest(snapshot.epoch(), snapshot.position(), snapshot.timeMs(),
                snapshot.stateHash(), bytes,
                (int) (((long) bytes + BatchValue.PART_BYTES - 1) / BatchValue.PART_BYTES),
                digest(snapshot.payload()));
    }

    byte[] encode(long clusterId) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.putInt(MAGIC).putInt(FORMAT).putLong(epoch).putLong(position).putLong(timeMs)
                .putLong(stateHash).putInt(payloadBytes).putInt(chunks).putLong(0).putInt(0)
                .put(digest);
        return bytes.putInt(checksum(bytes.array(), clusterId)).array();
    }

    /**
     * Reads a manifest; empty if it is damaged.
     *
     * @throws JournalException if it is of a later format
     */
    static Optional<Manifest> decode(long position, byte[] value, long clusterId) {
        ByteBuffer bytes = ByteBuffer.wrap(value);
        if (value.length < 2 * Integer.BYTES || bytes.getInt() != MAGIC) {
            return Optional.empty();
        }
        int format = bytes.getInt();
        if (format != FORMAT) {
            throw new JournalException("the key " + Keys.manifest(position) + " has format "
                    + format
                    + ", this release reads " + FORMAT + ": start the release that wrote it");
        }
        if (value.length != BYTES || bytes.getInt(CHECKSUM_AT) != checksum(value, clusterId)) {
            return Optional.empty();
        }
        Manifest read = new Manifest(bytes.getLong(), bytes.getLong(), bytes.getLong(),
                bytes.getLong(), bytes.getInt(), bytes.getInt(),
                Arrays.copyOfRange(value, CHECKSUM_AT - DIGEST_BYTES, CHECKSUM_AT));
        return read.position == position && read.payloadBytes >= 0 && read.chunks >= 0
                ? Optional.of(read)
                : Optional.empty();
    }

    /** The snapshot, if these bytes are its payload. */
    Optional<Snapshot> snapshot(byte[] payload) {
        return Arrays.equals(digest(payload), digest)
                ? Optional.of(new Snapshot(epoch, position, timeMs, stateHash, payload))
                : Optional.empty();
    }

    private static byte[] digest(byte[] payload) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(payload);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static int checksum(byte[] value, long clusterId) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(clusterId).array());
        crc.update(value, 0, CHECKSUM_AT);
        return (int) crc.getValue();
    }
}
