package io.springtide.cloud.haproxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

import static org.junit.jupiter.api.Assertions.fail;

/** Debian's HAProxy as a process of its own, in a folder of its own. */
final class HaproxyProcess implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/sbin/haproxy");

    final Path folder;
    final int port;
    private Optional<Process> process = Optional.empty();

    /** Skips the test where there is no HAProxy; fails it in CI. */
    HaproxyProcess(Path folder) throws IOException {
        boolean there = Files.isExecutable(PROGRAM);
        String why = "no " + PROGRAM + "; build-support/install-haproxy.sh installs it";
        if (!there && "true".equals(System.getenv("CI"))) {
            fail(why);
        }
        Assumptions.assumeTrue(there, why);
        this.folder = folder;
        this.port = freePort();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    Path config() {
        return folder.resolve("haproxy.cfg");
    }

    Map<String, String> settings() {
        return Map.of("config", config().toString(), "socket", socket(), "master-socket",
                folder.resolve("m.sock").toString(), "bind", "127.0.0.1:" + port, "program",
                PROGRAM.toString(), "sticky-idle-seconds", "2");
    }

    String socket() {
        return folder.resolve("a.sock").toString();
    }

    /** Starts it with the configuration that there is. */
    void start() throws IOException {
        process = Optional.of(new ProcessBuilder(
                List.of(PROGRAM.toString(), "-W", "-S", folder.resolve("m.sock").toString(), "-f",
                        config().toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect
                        .appendTo(folder.resolve("haproxy.log").toFile()))
                .start());
    }

    /** As {@code kill -9} of it and all its workers. */
    void kill() {
        if (process.isPresent()) {
            Process master = process.get();
            List<ProcessHandle> workers = master.descendants().toList();
            master.destroyForcibly().onExit().join();
            workers.forEach(ProcessHandle::destroyForcibly);
            for (ProcessHandle worker : workers) {
                worker.onExit().join();
            }
        }
        process = Optional.empty();
    }

    long reloads() throws IOException {
        return Files.readString(folder.resolve("haproxy.log")).lines()
                .filter(l -> l.contains("Reloading HAProxy")).count();
    }

    @Override
    public void close() {
        kill();
    }
}
