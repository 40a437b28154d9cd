package io.springtide.bench.traffic;

import io.springtide.bench.live.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A HAProxy that the master's driver writes the configuration of, in a folder of its own. */
final class Haproxy implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private final int port;
    private Optional<Process> process = Optional.empty();

    Haproxy(Path folder, int port) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.port = port;
        Files.writeString(settings(), "config=" + config() + "\nsocket=" + folder.resolve("s")
                + "\nmaster-socket=" + folder.resolve("m") + "\nbind=127.0.0.1:" + port + "\n");
    }

    /** What {@code --traffic haproxy=} is to name. */
    Path settings() {
        return folder.resolve("haproxy.properties");
    }

    int port() {
        return port;
    }

    private Path config() {
        return folder.resolve("haproxy.cfg");
    }

    /** Starts it once the master has written its configuration. */
    void start() throws IOException {
        LocalCluster.await("the master to write " + config(), PATIENCE,
                () -> Files.exists(config()));
        try {
            process = Optional.of(new ProcessBuilder(List.of("haproxy", "-W", "-S",
                    folder.resolve("m").toString(), "-f", config().toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("haproxy.log").toFile()).start());
        } catch (IOException e) {
            throw new IOException(
                    "haproxy cannot be started (build-support/install-haproxy.sh installs it): "
                            + e.getMessage(),
                    e);
        }
    }

    @Override
    public void close() {
        process.ifPresent(running -> {
            List<ProcessHandle> workers = running.descendants().toList();
            running.destroy();
            try {
                if (!running.waitFor(10, TimeUnit.SECONDS)) {
                    running.destroyForcibly();
                }
            } catch (InterruptedException e) {
                running.destroyForcibly();
                Thread.currentThread().interrupt();
            }
            workers.forEach(ProcessHandle::destroyForcibly);
        });
    }
}
