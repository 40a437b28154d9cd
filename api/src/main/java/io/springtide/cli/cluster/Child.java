package io.springtide.cli.cluster;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process of the cluster: its command, its log file and its pid file. Used by one thread at a time. */
public final class Child {
    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final int TAIL_BYTES = 8_192;

    private final String name;
    private final List<String> command;
    private final Path log;
    private final Path pidFile;
    private @Nullable Process process;

    Child(String name, List<String> command, Path data) {
        this.name = name;
        this.command = List.copyOf(command);
        this.log = data.resolve(name + ".log");
        this.pidFile = data.resolve(name + ".pid");
    }

    /** For example {@code agent-2}. */
    public String name() {
        return name;
    }

    /** Where its output goes. */
    public Path log() {
        return log;
    }

    /** Starts it, in a session of its own: a Ctrl-C in the terminal must not reach it before its turn. */
    public synchronized void start() {
        List<String> full = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            full.add(SETSID.toString());
        }
        full.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(full).redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("TIDE_SKIP_BUILD", "1");
        try {
            Process started = builder.start();
            process = started;
            Files.writeString(pidFile, started.pid() + "\n");
        } catch (IOException broken) {
            throw ClusterException
                    .failure("Cannot start " + name + ": " + broken.getMessage() + ".", "");
        }
    }

    /** True while it runs. */
    public synchronized boolean isAlive() {
        Process current = process;
        return current != null && current.isAlive();
    }

    /** Its process id; 0 if it was never started. */
    public synchronized long pid() {
        Process current = process;
        return current == null ? 0 : current.pid();
    }

    /** Kill -9: as if the machine had lost it. Returns when it is gone. */
    public void destroy() {
        Process current = current();
        if (current != null) {
            current.destroyForcibly();
            await(current, 10_000);
        }
    }

    /** Asks it to end. */
    void terminate() {
        Process current = current();
        if (current != null) {
            current.destroy();
        }
    }

    /** Returns true if it has ended within that time. */
    boolean await(long timeoutMs) {
        Process current = current();
        return current == null || await(current, timeoutMs);
    }

    /** How it ended, in words. */
    public String ending() {
        Process current = current();
        if (current == null || current.isAlive()) {
            return "runs";
        }
        int code = current.exitValue();
        return code > 128 && code < 160
                ? "was ended by signal " + (code - 128)
                : "ended with exit code " + code;
    }

    /** The last lines of its log. */
    public List<String> logTail(int linesMax) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.max(0, file.length() - TAIL_BYTES);
            file.seek(from);
            byte[] bytes = new byte[(int) (file.length() - from)];
            file.readFully(bytes);
            List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
            return lines.subList(Math.max(0, lines.size() - linesMax), lines.size());
        } catch (IOException ignored) {
            // No log, no lines: the caller has something more important to tell.
            return List.of();
        }
    }

    /** Removes the pid file once the process is gone. */
    void forget() {
        if (!isAlive()) {
            try {
                Files.deleteIfExists(pidFile);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }

    private synchronized @Nullable Process current() {
        return process;
    }

    private static boolean await(Process process, long timeoutMs) {
        try {
            return process.waitFor(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }
}
