package io.springtide.master.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Opens the files that the log is written to; tests put faults in here. */
interface Disk {

    /** The real one. */
    Disk REAL = file -> new RealLogFile(FileChannel.open(file, StandardOpenOption.WRITE));

    /** Opens an existing file for writing. */
    LogFile open(Path file) throws IOException;

    /** An open segment. */
    interface LogFile extends AutoCloseable {

        /** Writes all remaining bytes. */
        void write(ByteBuffer bytes, long offset) throws IOException;

        /** Makes what was written durable (fdatasync). */
        void force() throws IOException;

        /** Cuts the file off, durably. */
        void truncate(long bytes) throws IOException;

        @Override
        void close() throws IOException;
    }

    /** A channel. */
    record RealLogFile(FileChannel channel) implements LogFile {

        @Override
        public void write(ByteBuffer bytes, long offset) throws IOException {
            long at = offset;
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void truncate(long bytes) throws IOException {
            channel.truncate(bytes);
            channel.force(true);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
