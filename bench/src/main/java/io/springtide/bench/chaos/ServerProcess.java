package io.springtide.bench.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A server of the cluster as a process, which can be killed, frozen and started again. Any thread. */
final class ServerProcess {

    private static final int END_SECONDS = 20;

    private final String name;
    private final List<String> command;
    private final Path log;
    private Optional<Process> process = Optional.empty();
    private boolean paused;

    /** Starts nothing yet; what it prints is appended to {@code NAME.log} in the folder. */
    ServerProcess(String name, List<String> command, Path folder) {
        this.name = name;
        this.command = List.copyOf(command);
        this.log = folder.resolve(name + ".log");
    }

    String name() {
        return name;
    }

    Path log() {
        return log;
    }

    synchronized void start() {
        try {
            process = Optional.of(new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start());
        } catch (IOException broken) {
            throw new ChaosException("cannot start " + name, broken);
        }
    }

    synchronized boolean isAlive() {
        return process.filter(Process::isAlive).isPresent();
    }

    /** Alive and not frozen. */
    synchronized boolean isAwake() {
        return isAlive() && !paused;
    }

    /** Kill -9; returns when it is gone. */
    synchronized void kill() {
        process.ifPresent(Process::destroyForcibly);
        awaitEnd();
        paused = false;
    }

    /** Freezes it, as a long collection of garbage or a machine put to sleep would. */
    synchronized void pause() {
        signal("STOP");
        paused = true;
    }

    synchronized void resume() {
        signal("CONT");
        paused = false;
    }

    /** Asks it to end; does not wait. */
    synchronized void terminate() {
        if (paused) {
            resume();
        }
        process.ifPresent(Process::destroy);
    }

    /** Waits for its end, and brings it about if that takes too long. */
    synchronized void awaitEnd() {
        if (process.isEmpty()) {
            return;
        }
        Process one = process.get();
        try {
            if (!one.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                one.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            one.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void signal(String which) {
        long pid = process.map(Process::pid)
                .orElseThrow(() -> new ChaosException(name + " was never started"));
        try {
            Process kill = new ProcessBuilder("kill", "-" + which, Long.toString(pid)).start();
            if (kill.waitFor() != 0) {
                throw new ChaosException("kill -" + which + " of " + name + " failed");
            }
        } catch (IOException broken) {
            throw new ChaosException("kill -" + which + " of " + name, broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ChaosException("interrupted", interrupted);
        }
    }
}
