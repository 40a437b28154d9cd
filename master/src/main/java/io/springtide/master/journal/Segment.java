package io.springtide.master.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * One file of the log.
 *
 * @param first position of its first event, also its name
 * @param end bytes that hold its header and whole records; zeros may follow in the file
 */
record Segment(Path file, long first, long end) {

    static final String SUFFIX = ".log";
    static final int VERSION = 1;
    static final int HEADER_BYTES = 40;

    private static final byte[] MAGIC = "TIDE-LOG".getBytes(StandardCharsets.US_ASCII);
    private static final int CHECKSUM_AT = 36;

    static Segment empty(Path folder, long first) {
        return new Segment(folder.resolve(String.format(Locale.ROOT, "%020d%s", first, SUFFIX)),
                first,
                HEADER_BYTES);
    }

    Segment withEnd(long bytes) {
        return new Segment(file, first, bytes);
    }

    ByteBuffer header(long clusterId) {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        header.put(MAGIC).putInt(VERSION).putInt(HEADER_BYTES).putLong(clusterId).putLong(first)
                .putInt(0);
        return header.putInt(Checksum.of(header, 0, CHECKSUM_AT)).flip();
    }

    /** What is wrong with the header found in the file; empty if nothing is. */
    Optional<String> headerProblem(ByteBuffer found, long clusterId) {
        byte[] magic = new byte[MAGIC.length];
        found.get(0, magic);
        if (!Arrays.equals(magic, MAGIC)) {
            return Optional.of("this is no journal segment, or its header is damaged");
        }
        if (found.getInt(8) > VERSION) {
            return Optional
                    .of("format " + found.getInt(8) + " comes from a later release, this one reads "
                            + VERSION);
        }
        if (found.getInt(CHECKSUM_AT) != Checksum.of(found, 0, CHECKSUM_AT)) {
            return Optional.of("the header of the segment fails its checksum");
        }
        if (found.getLong(16) != clusterId) {
            return Optional.of("the segment belongs to another journal, "
                    + ClusterFile.idText(found.getLong(16)));
        }
        if (found.getLong(24) != first) {
            return Optional.of("the segment starts with event " + found.getLong(24)
                    + " and not with the one it is named by");
        }
        return Optional.empty();
    }
}
