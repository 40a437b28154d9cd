package io.springtide.agent.runtime.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One process as {@code /proc/<pid>/stat} shows it. The pid and the start time together name a process
 * for as long as the machine is up; the pid alone is used again.
 *
 * @param startTicks clock ticks from boot to the start of the process
 * @param cpuTicks processor time of it and of the children it has waited for
 */
record ProcessStat(long pid, char state, long parentPid, long session, long startTicks,
        long cpuTicks,
        long residentPages) {

    private static final Path PROC = Path.of("/proc");

    /** The process that has this pid now; empty if there is none. */
    static Optional<ProcessStat> of(long pid) {
        return read(PROC.resolve(Long.toString(pid)).resolve("stat"));
    }

    /** A line of that form kept in a file; empty if the file is missing or not complete. */
    static Optional<ProcessStat> read(Path file) {
        try {
            return parse(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Optional<ProcessStat> parse(String line) {
        int name = line.lastIndexOf(')'); // the name may hold anything, brackets and spaces too
        if (name < 0 || !line.endsWith("\n")) {
            return Optional.empty();
        }
        String[] fields = line.substring(name + 2).trim().split(" ", -1);
        if (fields.length < 22) {
            return Optional.empty();
        }
        try {
            long pid = Long.parseLong(line.substring(0, line.indexOf(' ')));
            long cpu = Long.parseLong(fields[11]) + Long.parseLong(fields[12])
                    + Long.parseLong(fields[13])
                    + Long.parseLong(fields[14]);
            return Optional.of(new ProcessStat(pid, fields[0].charAt(0), Long.parseLong(fields[1]),
                    Long.parseLong(fields[3]), Long.parseLong(fields[19]), cpu,
                    Long.parseLong(fields[21])));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Whether this very process, not a later one with its pid, is there and not a zombie. */
    boolean alive() {
        return of(pid)
                .filter(now -> now.startTicks == startTicks && now.state != 'Z' && now.state != 'X')
                .isPresent();
    }
}
