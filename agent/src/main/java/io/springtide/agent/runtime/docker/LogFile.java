package io.springtide.agent.runtime.docker;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A file that a task's output is copied into: {@code stdout}, with older parts in {@code stdout.1} and
 * so on. Its folder can be written by the container, so links laid there are never followed.
 */
final class LogFile implements Closeable {

    private final Path path;
    private final long bytesMax;
    private final int filesOld;
    private SeekableByteChannel channel;
    private long length;

    /** @param lengthKnown what lies beyond was written in haste and is written again */
    LogFile(Path path, long bytesMax, int filesOld, long lengthKnown) throws IOException {
        this.path = path;
        this.bytesMax = bytesMax;
        this.filesOld = filesOld;
        this.channel = open();
        this.length = channel.size();
        if (length > lengthKnown) {
            channel.truncate(lengthKnown);
            this.length = lengthKnown;
        }
        channel.position(length);
    }

    long length() {
        return length;
    }

    void write(ByteBuffer data) throws IOException {
        if (length > 0 && length + data.remaining() > bytesMax) {
            rotate();
        }
        length += data.remaining();
        while (data.hasRemaining()) {
            channel.write(data);
        }
    }

    private void rotate() throws IOException {
        channel.close();
        for (int i = filesOld; i > 0; i--) {
            Path from = i == 1 ? path : old(i - 1);
            if (Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
                Files.move(from, old(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        channel = Files.newByteChannel(path,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        length = 0;
    }

    private Path old(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    private SeekableByteChannel open() throws IOException {
        // Opening a pipe that nobody reads would wait for ever, hence the look before.
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(path + " is not a plain file; the task's output is not kept");
        }
        return Files.newByteChannel(path,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
