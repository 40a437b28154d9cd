package io.springtide.cli.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds processes of this machine by what Linux tells about them under {@code /proc}. */
public final class Processes {
    private static final Path PROC = Path.of("/proc");
    private static final int ENVIRONMENT_BYTES_MAX = 1 << 20;

    private Processes() {}

    /**
     * Tasks whose sandbox lies under the folder: told by their working folder together with the
     * variable that only a task has, so that a person's shell there is never taken for one.
     */
    public static List<Long> tasksUnder(Path folder) {
        Path real = real(folder);
        List<Long> found = new ArrayList<>();
        for (long pid : all()) {
            Path process = PROC.resolve(Long.toString(pid));
            try {
                if (Files.readSymbolicLink(process.resolve("cwd")).startsWith(real)
                        && environment(process).contains("\0MESOS_TASK_ID=")) {
                    found.add(pid);
                }
            } catch (IOException | SecurityException ignored) {
                // Ended meanwhile, or somebody else's: none of ours in both cases.
            }
        }
        return found;
    }

    /** Processes with this variable in their environment, and a command line that ends with the given word. */
    public static List<Long> with(String variable, String value, String lastArgument) {
        List<Long> found = new ArrayList<>();
        for (long pid : all()) {
            Path process = PROC.resolve(Long.toString(pid));
            try {
                List<String> arguments = arguments(process);
                if (!arguments.isEmpty() && arguments.get(arguments.size() - 1).equals(lastArgument)
                        && environment(process).contains("\0" + variable + "=" + value + "\0")) {
                    found.add(pid);
                }
            } catch (IOException | SecurityException ignored) {
                // Ended meanwhile, or somebody else's: none of ours in both cases.
            }
        }
        return found;
    }

    /** Our own programs (a master, an agent) that work in the folder. */
    static List<Long> serversUnder(Path folder) {
        String prefix = real(folder) + "/";
        List<Long> found = new ArrayList<>();
        for (long pid : all()) {
            try {
                List<String> arguments = arguments(PROC.resolve(Long.toString(pid)));
                int data = arguments.indexOf("--data");
                if (data >= 0 && data + 1 < arguments.size()
                        && arguments.get(data + 1).startsWith(prefix)) {
                    found.add(pid);
                }
            } catch (IOException | SecurityException ignored) {
                // Ended meanwhile, or somebody else's: none of ours in both cases.
            }
        }
        found.addAll(mastersOf(folder));
        return found;
    }

    /** Masters with a shared store name no folder, but their pid files lie in it. */
    private static List<Long> mastersOf(Path folder) {
        List<Long> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "master*.pid")) {
            for (Path file : files) {
                long pid = Long.parseLong(Files.readString(file).strip());
                if (arguments(PROC.resolve(Long.toString(pid)))
                        .contains("io.springtide.master.MasterMain")) {
                    found.add(pid);
                }
            }
        } catch (IOException | NumberFormatException ignored) {
            // Ended meanwhile, or never begun.
        }
        return found;
    }

    /** Kill -9 for each. */
    public static void destroy(List<Long> pids) {
        for (long pid : pids) {
            Optional<ProcessHandle> handle = ProcessHandle.of(pid);
            handle.ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /** True while such a process runs; one that only waits to be buried does not. */
    public static boolean isAlive(long pid) {
        try {
            String stat = Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"),
                    StandardCharsets.ISO_8859_1);
            // The state follows the name, which may itself contain anything, a bracket too.
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException ignored) {
            return false;
        }
    }

    private static List<Long> all() {
        List<Long> pids = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path entry : entries) {
                pids.add(Long.parseLong(entry.getFileName().toString()));
            }
        } catch (IOException ignored) {
            // No /proc: then nothing can be found this way.
        }
        return pids;
    }

    private static List<String> arguments(Path process) throws IOException {
        String line = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
        return line.isEmpty() ? List.of() : List.of(line.split("\0"));
    }

    private static String environment(Path process) throws IOException {
        try (var in = Files.newInputStream(process.resolve("environ"))) {
            return "\0"
                    + new String(in.readNBytes(ENVIRONMENT_BYTES_MAX), StandardCharsets.ISO_8859_1)
                    + "\0";
        }
    }

    private static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException ignored) {
            return folder.toAbsolutePath().normalize();
        }
    }
}
