package io.springtide.master.journal;

/**
 * Sizes of a file journal.
 *
 * @param segmentBytes after which a new segment is begun; a single larger batch gets one of its own
 * @param preallocateBytes how far ahead of the last record a segment is filled with zeros; then most
 *        flushes need not write metadata. 0 turns it off
 */
public record JournalConfig(long segmentBytes, long preallocateBytes) {

    private static final long SEGMENT_BYTES_MIN = 1 << 10;
    private static final long SEGMENT_BYTES_MAX = 1L << 30;

    /** Segments of 64 MiB, filled 4 MiB ahead: no append waits for more than a few milliseconds. */
    public static final JournalConfig STANDARD = new JournalConfig(64L << 20, 4L << 20);

    public JournalConfig {
        if (segmentBytes < SEGMENT_BYTES_MIN || segmentBytes > SEGMENT_BYTES_MAX) {
            throw new IllegalArgumentException("a journal segment has " + SEGMENT_BYTES_MIN + " to "
                    + SEGMENT_BYTES_MAX + " bytes, not " + segmentBytes);
        }
        if (preallocateBytes < 0 || preallocateBytes > segmentBytes) {
            throw new IllegalArgumentException("a journal segment of " + segmentBytes
                    + " bytes cannot be preallocated by " + preallocateBytes);
        }
    }
}
