package io.springtide.cloud.command;

import io.springtide.cloud.spi.support.Words;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the operator's program: a verb as its only argument, one JSON object in, one out. One thread does
 * all of it and never waits for a pipe, since what the program leaves running in the background may hold
 * its pipes open for ever. Any thread may run it, and several at once.
 */
final class NodeProgram {

    /** A list of ten thousand machines. */
    static final int OUTPUT_BYTES_MAX = 1 << 20;

    /** Fits into a pipe, so that writing never waits for a program that does not read. */
    static final int INPUT_BYTES_MAX = 32 * 1_024;

    private static final Logger LOG = LoggerFactory.getLogger(NodeProgram.class);
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final long PAUSE_MS = 10;
    private static final int KILL_ROUNDS_MAX = 20;

    private final CommandSettings settings;

    NodeProgram(CommandSettings settings) {
        this.settings = settings;
    }

    /**
     * Runs it once.
     *
     * @throws InterruptedException if the thread was interrupted; the program has been ended then
     */
    Finished run(String verb, byte[] input) throws InterruptedException {
        if (input.length > INPUT_BYTES_MAX) {
            return new Finished.Broken("what is to be said to " + settings.program()
                    + " is too long; give the pool fewer attributes and labels");
        }
        Process process;
        try {
            process = start(verb);
        } catch (IOException e) {
            return new Finished.Broken(settings.program() + " cannot be run ("
                    + Words.shown(String.valueOf(e.getMessage())) + ")");
        }
        boolean ended = false;
        try {
            write(process, input);
            Finished finished = follow(process, verb);
            ended = !process.isAlive();
            return finished;
        } finally {
            if (!ended) {
                killAll(process);
            }
            close(process);
        }
    }

    private Process start(String verb) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(settings.program().toString(), verb);
        Map<String, String> environment = builder.environment();
        Map<String, String> own = Map.copyOf(environment);
        environment.clear();
        environment.put("PATH", PATH);
        environment.put("LANG", "C.UTF-8");
        for (String name : own.keySet()) {
            if (name.equals("HOME") || settings.environment().contains(name)) {
                environment.put(name, own.getOrDefault(name, ""));
            }
        }
        Path folder = settings.program().getParent();
        if (folder != null) {
            builder.directory(folder.toFile());
        }
        return builder.start();
    }

    private static void write(Process process, byte[] input) {
        try (OutputStream in = process.getOutputStream()) {
            in.write(input);
        } catch (IOException notRead) {
            // It need not read what it does not use; how it ends says whether that was right.
            LOG.debug("node_program_did_not_read", notRead);
        }
    }

    private Finished follow(Process process, String verb) throws InterruptedException {
        long deadline = System.nanoTime() + settings.timeLimit().toNanos();
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ErrorLines errors = new ErrorLines(settings.program(), verb);
        byte[] buffer = new byte[8_192];
        try {
            while (true) {
                // Asked first: what it wrote before it ended must be read after that.
                boolean alive = process.isAlive();
                int read = read(process.getInputStream(), buffer);
                output.write(buffer, 0, read);
                if (output.size() > OUTPUT_BYTES_MAX) {
                    return new Finished.Broken(settings.program() + " " + verb
                            + " printed more than " + OUTPUT_BYTES_MAX + " bytes");
                }
                int said = read(process.getErrorStream(), buffer);
                errors.add(buffer, said);
                if (read == 0 && said == 0) {
                    if (!alive) {
                        return new Finished.Exited(process.exitValue(),
                                output.toString(StandardCharsets.UTF_8), errors.last());
                    }
                    process.waitFor(PAUSE_MS, TimeUnit.MILLISECONDS);
                }
                if (System.nanoTime() - deadline > 0) {
                    return new Finished.Broken(settings.program() + " " + verb
                            + " did not end within " + settings.timeLimit().toSeconds()
                            + " s and was killed; run it by hand and see, or raise"
                            + " time-limit-seconds");
                }
            }
        } catch (IOException e) {
            return new Finished.Broken("what " + settings.program() + " " + verb
                    + " prints cannot be read (" + Words.shown(String.valueOf(e.getMessage()))
                    + ")");
        } finally {
            errors.end();
        }
    }

    private static int read(InputStream in, byte[] buffer) throws IOException {
        int there = Math.min(in.available(), buffer.length);
        return there <= 0 ? 0 : Math.max(0, in.read(buffer, 0, there));
    }

    /** The children first: once their parent is gone nobody can tell whose they were. */
    private static void killAll(Process process) {
        for (int round = 0; round < KILL_ROUNDS_MAX; round++) {
            List<ProcessHandle> children = process.descendants().toList();
            if (children.isEmpty()) {
                break;
            }
            // Those that are started meanwhile are there at the next look.
            children.forEach(ProcessHandle::destroyForcibly);
        }
        List<ProcessHandle> last = process.descendants().toList();
        process.destroyForcibly();
        last.forEach(ProcessHandle::destroyForcibly);
    }

    private static void close(Process process) {
        try {
            process.getInputStream().close();
            process.getErrorStream().close();
        } catch (IOException e) {
            LOG.debug("node_program_pipes", e);
        }
    }
}
