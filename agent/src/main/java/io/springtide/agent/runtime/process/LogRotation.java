package io.springtide.agent.runtime.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the logs of tasks small by copy and truncate: the task keeps its file open for appending and
 * goes on at the new end. What it writes between the two steps is lost.
 */
final class LogRotation {

    private static final Logger LOG = LoggerFactory.getLogger(LogRotation.class);
    private static final List<String> STREAMS = List.of("stdout", "stderr");

    private final long bytesMax;
    private final int kept;

    LogRotation(long bytesMax, int kept) {
        this.bytesMax = bytesMax;
        this.kept = kept;
    }

    void check(Path sandbox) {
        for (String stream : STREAMS) {
            Path file = sandbox.resolve(stream);
            try {
                // The task may own the folder: never follow a link that it has put there.
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        && Files.size(file) > bytesMax) {
                    rotate(sandbox, stream);
                }
            } catch (NoSuchFileException e) {
                LOG.debug("log.rotate.missing file={}", file);
            } catch (IOException e) {
                LOG.warn("log.rotate.failed file={} error={}", file, e.toString());
            }
        }
    }

    private void rotate(Path sandbox, String stream) throws IOException {
        Path file = sandbox.resolve(stream);
        for (int i = kept; i > 1; i--) {
            Path older = sandbox.resolve(stream + "." + (i - 1));
            if (Files.exists(older, LinkOption.NOFOLLOW_LINKS)) {
                Files.move(older, sandbox.resolve(stream + "." + i),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        try (FileChannel log = FileChannel.open(file, StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS)) {
            if (kept > 0) {
                Path copy = sandbox.resolve(stream + ".1");
                Files.deleteIfExists(copy);
                try (FileChannel to = FileChannel.open(copy, StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE)) {
                    // The newest part, if the task writes faster than it is looked after.
                    long size = log.size();
                    log.transferTo(Math.max(0, size - 2 * bytesMax), Math.min(size, 2 * bytesMax),
                            to);
                }
            }
            log.truncate(0);
        }
    }
}
