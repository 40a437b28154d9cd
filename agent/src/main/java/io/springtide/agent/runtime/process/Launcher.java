package io.springtide.agent.runtime.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shell that starts the tasks. It forks a watcher per task, which is far cheaper than a program
 * start from here, and leaves this process without a child or a thread per task. Owned by one thread.
 */
final class Launcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);
    private static final long PREDECESSOR_MS_MAX = 10_000;
    /** A task sees none of the agent's environment but this. */
    private static final List<String> ENVIRONMENT = List.of("PATH", "HOME", "LANG", "LC_ALL", "TZ",
            "USER", "LOGNAME",
            "SHELL", "TMPDIR");
    private static final String PATH_FALLBACK = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final ProcessFiles files;
    private final Tools tools;
    private final Path script;
    private Optional<Process> process = Optional.empty();
    private int generation;

    Launcher(ProcessFiles files, Tools tools) throws IOException {
        this.files = files;
        this.tools = tools;
        this.script = files.folder().resolve("launcher.sh");
        awaitPredecessor();
        try (InputStream resource = Launcher.class.getResourceAsStream("launcher.sh")) {
            if (resource == null) {
                throw new IOException("launcher.sh is missing in the agent's jar");
            }
            Files.write(script, resource.readAllBytes());
        }
        start();
    }

    /**
     * Waits until the launcher of an earlier agent has carried out what it was told: only then is it
     * certain which tasks were started.
     */
    private void awaitPredecessor() {
        Optional<ProcessStat> before = ProcessStat.read(files.folder().resolve("launcher.pid"));
        if (before.isEmpty() || files.bootedSince() || !before.get().alive()) {
            return;
        }
        Optional<ProcessHandle> handle = ProcessHandle.of(before.get().pid());
        try {
            if (handle.isPresent()) {
                handle.get().onExit().get(PREDECESSOR_MS_MAX, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("launcher.predecessor.killed pid={}", before.get().pid());
            if (before.get().alive()) {
                handle.ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    private void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(tools.setsid(), "/bin/sh", script.toString(),
                files.folder().toString());
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(ENVIRONMENT);
        environment.putIfAbsent("PATH", PATH_FALLBACK);
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        Process started = builder.start();
        process = Optional.of(started);
        generation++;
        // Before any order: whoever finds these orders half done must find the launcher, too.
        Files.write(files.folder().resolve("launcher.pid"),
                Files.readAllBytes(Path.of("/proc", Long.toString(started.pid()), "stat")));
    }

    /** Rises whenever the shell had to be started anew; what was told to an earlier one may be lost. */
    int generation() {
        return generation;
    }

    /** Starts the shell again if it has died. */
    void ensureRunning() throws IOException {
        if (process.isPresent() && !process.get().isAlive()) {
            LOG.warn("launcher.died exit={}", process.get().exitValue());
            start();
        }
    }

    void run(String name) throws IOException {
        tell("run " + name);
    }

    /** Signals a process, or with a negative number its group. */
    void signal(String signal, long target) {
        tellQuietly("kill " + signal + " " + target);
    }

    void reap(long watcherPid) {
        tellQuietly("reap " + watcherPid);
    }

    private void tellQuietly(String order) {
        try {
            tell(order);
        } catch (IOException e) {
            LOG.warn("launcher.order.lost order=\"{}\" error={}", order, e.toString());
        }
    }

    private void tell(String order) throws IOException {
        ensureRunning();
        if (process.isEmpty()) {
            throw new IOException("the launcher is closed");
        }
        OutputStream orders = process.get().getOutputStream();
        orders.write((order + "\n").getBytes(StandardCharsets.US_ASCII));
        orders.flush();
    }

    /** Lets the shell end when it has done what it was told. */
    @Override
    public void close() {
        try {
            if (process.isPresent()) {
                process.get().getOutputStream().close();
            }
        } catch (IOException e) {
            LOG.debug("launcher.close error={}", e.toString());
        }
        process = Optional.empty();
    }
}
