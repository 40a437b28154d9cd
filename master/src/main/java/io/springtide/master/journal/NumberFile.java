package io.springtide.master.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** A file that holds one number under a checksum: the epoch, or the mark of what is committed. */
record NumberFile(Path file, String magic, long clusterId) {

    static final int BYTES = 32;

    /** The highest epoch taken. */
    static NumberFile epoch(Path folder, long clusterId) {
        return new NumberFile(folder.resolve("epoch"), "TIDE-EPO", clusterId);
    }

    /** Every event before this position has been made durable. */
    static NumberFile committed(Path folder, long clusterId) {
        return new NumberFile(folder.resolve("committed"), "TIDE-COM", clusterId);
    }

    boolean exists() {
        return Files.exists(file);
    }

    ByteBuffer encode(long number) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.put(magic.getBytes(StandardCharsets.US_ASCII)).putLong(clusterId).putLong(number)
                .putInt(0);
        return bytes.putInt(Checksum.of(bytes, 0, BYTES - 4)).flip();
    }

    void write(long number) throws IOException {
        AtomicFile.write(file, encode(number));
    }

    /** The number; empty if there is no file, or its content is not whole. */
    OptionalLong read() throws IOException {
        if (!exists() || Files.size(file) != BYTES) {
            return OptionalLong.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        long number = bytes.getLong(16);
        return number >= 0 && bytes.equals(encode(number))
                ? OptionalLong.of(number)
                : OptionalLong.empty();
    }
}
