package io.springtide.agent.runtime.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks at the processes of the machine through /proc. */
final class ProcessTree {

    /** A task with more processes is measured by the first ones; looking must stay cheap. */
    private static final int MEASURED_MAX = 64;
    private static final Path PROC = Path.of("/proc");

    private ProcessTree() {}

    /** What a process and its descendants use together; cpu in clock ticks since their start. */
    record Sum(long cpuTicks, long residentPages) {}

    static Optional<Sum> measure(long pid) {
        long cpuTicks = 0;
        long pages = 0;
        int seen = 0;
        ArrayDeque<Long> open = new ArrayDeque<>(List.of(pid));
        while (!open.isEmpty() && seen < MEASURED_MAX) {
            long next = open.removeFirst();
            Optional<ProcessStat> stat = ProcessStat.of(next);
            if (stat.isEmpty()) {
                continue;
            }
            seen++;
            cpuTicks += stat.get().cpuTicks();
            pages += stat.get().residentPages();
            open.addAll(children(next));
        }
        return seen == 0 ? Optional.empty() : Optional.of(new Sum(cpuTicks, pages));
    }

    private static List<Long> children(long pid) {
        String id = Long.toString(pid);
        try {
            String line = new String(
                    Files.readAllBytes(
                            PROC.resolve(id).resolve("task").resolve(id).resolve("children")),
                    StandardCharsets.US_ASCII);
            List<Long> children = new ArrayList<>();
            for (String child : line.trim().split(" ", -1)) {
                if (!child.isEmpty()) {
                    children.add(Long.parseLong(child));
                }
            }
            return children;
        } catch (IOException | NumberFormatException e) {
            return List.of(); // gone meanwhile, or a kernel without this file
        }
    }

    /**
     * All living processes of some sessions. One walk over the machine, however many sessions.
     *
     * @param leadersStartTicks session id to the start time of its leader: a process that is older
     *        belongs to an earlier user of that number
     */
    static List<ProcessStat> ofSessions(Map<Long, Long> leadersStartTicks) {
        List<ProcessStat> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path one : all) {
                Optional<ProcessStat> stat = ProcessStat.read(one.resolve("stat"));
                if (stat.isPresent() && belongs(stat.get(), leadersStartTicks)) {
                    found.add(stat.get());
                }
            }
        } catch (IOException e) {
            return found;
        }
        return found;
    }

    private static boolean belongs(ProcessStat process, Map<Long, Long> leadersStartTicks) {
        Long started = leadersStartTicks.get(process.session());
        if (started == null || process.state() == 'Z' || process.startTicks() < started) {
            return false;
        }
        // While its leader lives a session can be told from a later one with the same number.
        return ProcessStat.of(process.session()).map(leader -> leader.startTicks() == started)
                .orElse(true);
    }
}
