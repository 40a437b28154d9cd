package io.springtide.agent.runtime.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the named pipe on which the watchers of all tasks, of earlier agents too, say which task has
 * something new to see. A lost line only delays: the files hold the truth.
 */
final class WatcherEvents implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WatcherEvents.class);
    private static final int BUFFER_BYTES = 64 << 10;
    private static final byte[] STOP = "stop -\n".getBytes(StandardCharsets.US_ASCII);
    private static final long CLOSE_MS_MAX = 5_000;

    private final RandomAccessFile pipe;
    private final Consumer<String> look;
    private final Thread reader;

    WatcherEvents(Path file, Consumer<String> look) throws IOException {
        // For both ends: opening does not wait for a writer, and reading never meets an end.
        this.pipe = new RandomAccessFile(file.toFile(), "rw");
        this.look = look;
        this.reader = Thread.ofPlatform().daemon().name("process-events").start(this::read);
    }

    private void read() {
        byte[] buffer = new byte[BUFFER_BYTES];
        StringBuilder rest = new StringBuilder();
        try {
            while (true) {
                int length = pipe.read(buffer);
                rest.append(new String(buffer, 0, Math.max(0, length), StandardCharsets.US_ASCII));
                int end = rest.lastIndexOf("\n");
                if (end < 0) {
                    continue;
                }
                String lines = rest.substring(0, end);
                rest.delete(0, end + 1);
                for (String line : lines.split("\n", -1)) {
                    int space = line.indexOf(' ');
                    if (line.startsWith("stop ")) {
                        return;
                    }
                    if (space > 0) {
                        look.accept(line.substring(space + 1));
                    }
                }
            }
        } catch (IOException e) {
            LOG.error("process.events.failed; endings are noticed late from now on", e);
        }
    }

    @Override
    public void close() {
        try {
            pipe.write(STOP);
            reader.join(CLOSE_MS_MAX);
            pipe.close();
        } catch (IOException e) {
            LOG.warn("process.events.close error={}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
