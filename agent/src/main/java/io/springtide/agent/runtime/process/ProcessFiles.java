package io.springtide.agent.runtime.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the processes leave on disk, so that a restarted agent finds them: for each task {@code .run}
 * (the script), {@code .shim} (its watcher), {@code .pid} (the task itself) and {@code .exit}.
 */
final class ProcessFiles {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessFiles.class);
    private static final List<String> KINDS = List.of(".run", ".shim", ".pid", ".exit");

    private final Path folder;
    private final boolean bootedSince;

    ProcessFiles(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
            // Scripts hold environments, and environments hold secrets.
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).trim();
            Path file = folder.resolve("boot");
            this.bootedSince = Files.exists(file) && !Files.readString(file).trim().equals(boot);
            Files.writeString(file, boot + "\n");
            Path events = events();
            if (!Files.exists(events)
                    && Tools.run(List.of("mkfifo", "-m", "600", events.toString())).isEmpty()) {
                throw new IOException("mkfifo failed on " + events
                        + "; the file system must support named pipes");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare " + folder, e);
        }
    }

    static String name(long instanceId) {
        return String.format("%016x", instanceId);
    }

    static OptionalInt exitCode(String content) {
        try {
            return content.endsWith("\n")
                    ? OptionalInt.of(Integer.parseInt(content.trim()))
                    : OptionalInt.empty();
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    Path folder() {
        return folder;
    }

    Path events() {
        return folder.resolve("events");
    }

    /** Whether the machine was restarted since these files were used last: no old pid means anything then. */
    boolean bootedSince() {
        return bootedSince;
    }

    void writeScript(String name, String script) throws IOException {
        Files.writeString(folder.resolve(name + ".run"), script);
    }

    boolean scriptExists(String name) {
        return Files.exists(folder.resolve(name + ".run"));
    }

    Optional<ProcessStat> watcher(String name) {
        return ProcessStat.read(folder.resolve(name + ".shim"));
    }

    Optional<ProcessStat> process(String name) {
        return ProcessStat.read(folder.resolve(name + ".pid"));
    }

    OptionalInt exitCodeOf(String name) {
        try {
            return exitCode(
                    Files.readString(folder.resolve(name + ".exit"), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return OptionalInt.empty();
        }
    }

    void delete(String name) {
        for (String kind : KINDS) {
            try {
                Files.deleteIfExists(folder.resolve(name + kind));
            } catch (IOException e) {
                LOG.warn("process.files.delete name={} error={}", name, e.toString());
            }
        }
    }
}
