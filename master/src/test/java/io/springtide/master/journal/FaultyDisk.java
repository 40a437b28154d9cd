package io.springtide.master.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A disk that counts its flushes and fails when told. */
final class FaultyDisk implements Disk {

    int forces;
    int writes;
    String writeFailure = "";
    String forceFailure = "";

    @Override
    public LogFile open(Path file) throws IOException {
        LogFile real = REAL.open(file);
        return new LogFile() {
            @Override
            public void write(ByteBuffer bytes, long offset) throws IOException {
                if (!writeFailure.isEmpty()) {
                    // Half of it, as a full disk does.
                    bytes.limit(bytes.position() + bytes.remaining() / 2);
                    real.write(bytes, offset);
                    throw new IOException(writeFailure);
                }
                writes++;
                real.write(bytes, offset);
            }

            @Override
            public void force() throws IOException {
                if (!forceFailure.isEmpty()) {
                    throw new IOException(forceFailure);
                }
                forces++;
                real.force();
            }

            @Override
            public void truncate(long bytes) throws IOException {
                real.truncate(bytes);
            }

            @Override
            public void close() throws IOException {
                real.close();
            }
        };
    }
}
