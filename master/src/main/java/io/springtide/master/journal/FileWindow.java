package io.springtide.master.journal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A part of a file in memory that moves forward; it grows to the largest piece asked for at once. */
final class FileWindow {

    private static final int CHUNK_BYTES = 256 << 10;

    private final FileChannel channel;
    private final long end;
    private ByteBuffer bytes;
    private long start;

    /** Looks at the file up to {@code end}; what is behind it is not read. */
    FileWindow(FileChannel channel, long from, long end) {
        this.channel = channel;
        this.end = end;
        this.start = from;
        this.bytes = ByteBuffer.allocate(Math.clamp(end - from, 0, CHUNK_BYTES)).limit(0);
    }

    long end() {
        return end;
    }

    /** Valid until the next {@link #index}. */
    ByteBuffer bytes() {
        return bytes;
    }

    /** Makes sure that {@code length} bytes at {@code offset} are there and says where. */
    int index(long offset, int length) throws IOException {
        if (offset < start || offset + length > start + bytes.limit()) {
            load(offset, length);
        }
        return (int) (offset - start);
    }

    boolean isZero(long offset, int length) throws IOException {
        int at = index(offset, length);
        for (int i = at; i < at + length; i++) {
            if (bytes.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    private void load(long offset, int length) throws IOException {
        if (offset + length > end) {
            throw new EOFException("nothing is known behind byte " + end);
        }
        if (bytes.capacity() < length) {
            bytes = ByteBuffer.allocate(length);
        }
        int wanted = (int) Math.min(bytes.capacity(), end - offset);
        bytes.clear();
        while (bytes.position() < wanted) {
            // In pieces: for a heap buffer the JDK keeps a direct one as large as the largest read.
            bytes.limit(Math.min(wanted, bytes.position() + CHUNK_BYTES));
            if (channel.read(bytes, offset + bytes.position()) < 0) {
                throw new EOFException("the file has become shorter than " + end + " bytes");
            }
        }
        bytes.flip();
        start = offset;
    }
}
