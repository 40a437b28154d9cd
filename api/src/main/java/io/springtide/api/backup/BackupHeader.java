package io.springtide.api.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What a backup is of.
 *
 * @param clusterId 64 random bits, shown as sixteen hexadecimal digits
 * @param epoch the highest that the master knew that made it
 * @param position of the first fact that is not in it
 * @param timeMs when it was made, by that master's clock
 * @param stateHash of the state, as the scheduler core computes it
 * @param payloadBytes length of the encoded state, which follows the header
 * @param version of the master that made it, 64 bytes at the most
 */
public record BackupHeader(long clusterId, long epoch, long position, long timeMs, long stateHash,
        long payloadBytes, String version) {

    static final int FORMAT = 1;

    private static final byte[] MAGIC = "TIDEBACK".getBytes(StandardCharsets.US_ASCII);
    private static final int FIXED_BYTES = 68;
    private static final int VERSION_BYTES_MAX = 64;

    /** The largest array that every Java can make. */
    private static final long PAYLOAD_BYTES_MAX = Integer.MAX_VALUE - 64L;

    public BackupHeader {
        if (epoch < 0 || position < 0 || timeMs < 0 || payloadBytes < 0
                || payloadBytes > PAYLOAD_BYTES_MAX
                || version.getBytes(StandardCharsets.UTF_8).length > VERSION_BYTES_MAX) {
            throw new IllegalArgumentException("no backup has epoch " + epoch + ", position "
                    + position + ", time " + timeMs + " and " + payloadBytes + " bytes");
        }
    }

    /** Sixteen hexadecimal digits. */
    public String clusterText() {
        return HexFormat.of().toHexDigits(clusterId);
    }

    /** When it was made. */
    public Instant time() {
        return Instant.ofEpochMilli(timeMs);
    }

    /** As it stands at the beginning of the file. */
    public byte[] encode() {
        byte[] text = version.getBytes(StandardCharsets.UTF_8);
        int length = FIXED_BYTES + text.length;
        return ByteBuffer.allocate(length).put(MAGIC).putInt(FORMAT).putInt(length)
                .putLong(clusterId).putLong(epoch).putLong(position).putLong(timeMs)
                .putLong(stateHash).putLong(payloadBytes).putInt(text.length).put(text).array();
    }

    /**
     * Reads a header; what follows it stays unread.
     *
     * @throws BackupException if there is none, or a later release has written it
     * @throws IOException if it cannot be read
     */
    static BackupHeader read(InputStream in) throws IOException {
        byte[] fixed = in.readNBytes(FIXED_BYTES);
        ByteBuffer bytes = ByteBuffer.wrap(fixed);
        byte[] magic = new byte[MAGIC.length];
        if (fixed.length == FIXED_BYTES) {
            bytes.get(magic);
        }
        if (!Arrays.equals(magic, MAGIC)) {
            throw new BackupException(
                    "this is no backup of a cluster; one is made by: tide backup");
        }
        int format = bytes.getInt();
        if (format != FORMAT) {
            throw new BackupException("the backup has format " + format + ", this release reads "
                    + FORMAT + ": use the release that wrote it, or take another copy of it");
        }
        int length = bytes.getInt();
        int textBytes = bytes.getInt(FIXED_BYTES - Integer.BYTES);
        if (textBytes < 0 || textBytes > VERSION_BYTES_MAX || length != FIXED_BYTES + textBytes) {
            throw damaged();
        }
        byte[] text = in.readNBytes(textBytes);
        try {
            BackupHeader header = new BackupHeader(bytes.getLong(), bytes.getLong(),
                    bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong(),
                    new String(text, StandardCharsets.UTF_8));
            if (header.encode().length != length) {
                throw damaged();
            }
            return header;
        } catch (IllegalArgumentException nonsense) {
            throw damaged();
        }
    }

    static BackupException damaged() {
        return new BackupException("the backup is damaged or cut short: its bytes are not those"
                + " that were written. Take another copy of it, or an older backup");
    }
}
