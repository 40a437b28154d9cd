package io.springtide.master.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * What lies behind the last good record of a segment.
 *
 * @param end behind the last byte that is not zero; the start of the search if there is none
 * @param durable the highest position that a record found there says was durable; 0 if there is none
 * @param witnessAt where that record starts
 */
record TailScan(long end, long durable, long witnessAt) {

    /**
     * Searches for headers of records at every place where one may start.
     *
     * <p>A record in the tail proves damage only if it was written after the bad one had become
     * durable, which its header says. Mere presence proves nothing: of a group that was being flushed
     * when the power failed, the disk may hold the second half alone.
     */
    static TailScan of(FileChannel channel, long clusterId, long from, long fileBytes)
            throws IOException {
        FileWindow window = new FileWindow(channel, from, fileBytes);
        long end = from;
        long durable = 0;
        long witnessAt = from;
        for (long at = from; at < fileBytes; at += RecordHeader.ALIGNMENT) {
            int step = (int) Math.min(RecordHeader.ALIGNMENT, fileBytes - at);
            if (window.isZero(at, step)) {
                continue;
            }
            end = endOfContent(window, at, step);
            Optional<RecordHeader> header = header(window, at, clusterId);
            if (header.isPresent() && header.get().durable() > durable) {
                durable = header.get().durable();
                witnessAt = at;
            }
        }
        return new TailScan(end, durable, witnessAt);
    }

    private static long endOfContent(FileWindow window, long at, int step) throws IOException {
        int last = step - 1;
        while (window.isZero(at + last, 1)) {
            last--;
        }
        return at + last + 1;
    }

    private static Optional<RecordHeader> header(FileWindow window, long at, long clusterId)
            throws IOException {
        if (window.end() - at < RecordHeader.BYTES) {
            return Optional.empty();
        }
        int index = window.index(at, RecordHeader.BYTES);
        return RecordHeader.decode(window.bytes(), index, clusterId);
    }
}
