package io.springtide.bench.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What really runs: the processes of one cluster's tasks, as Linux shows them. */
final class TaskProcesses {

    /** The variable by which a run knows its own tasks. */
    static final String MARK = "CHAOS_RUN";

    /** What every task becomes: the shells and watchers around it carry the same variables. */
    private static final String PROGRAM = "sleep";

    private static final Path PROC = Path.of("/proc");

    /** In the line {@code /proc/PID/stat}, behind the program's name. */
    private static final int STAT_START = 19;

    /**
     * A task's process.
     *
     * @param startedTicks when, since the machine was started: it tells a process from a later one with
     *     the same number
     */
    record Live(String taskId, String app, long pid, long startedTicks) {}

    private final String run;

    TaskProcesses(String run) {
        this.run = run;
    }

    /** All that live now. */
    List<Live> live() {
        List<Live> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : all) {
                look(process, found);
            }
        } catch (IOException broken) {
            throw new ChaosException("cannot read " + PROC, broken);
        }
        return found;
    }

    /** Those of one app. */
    List<Live> live(String app) {
        return live().stream().filter(one -> one.app().equals(app)).toList();
    }

    private void look(Path process, List<Live> found) {
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            int nameEnd = stat.lastIndexOf(')');
            if (!stat.substring(stat.indexOf('(') + 1, nameEnd).equals(PROGRAM)) {
                return;
            }
            Map<String, String> environment = Arrays
                    .stream(Files.readString(process.resolve("environ"),
                            StandardCharsets.ISO_8859_1).split("\0", -1))
                    .filter(one -> one.indexOf('=') > 0)
                    .collect(Collectors.toMap(one -> one.substring(0, one.indexOf('=')),
                            one -> one.substring(one.indexOf('=') + 1), (one, other) -> one));
            if (run.equals(environment.get(MARK)) && environment.containsKey("MESOS_TASK_ID")) {
                String[] fields = stat.substring(nameEnd + 2).split(" ", -1);
                found.add(new Live(environment.get("MESOS_TASK_ID"),
                        environment.getOrDefault("MARATHON_APP_ID", ""),
                        Long.parseLong(process.getFileName().toString()),
                        Long.parseLong(fields[STAT_START])));
            }
        } catch (IOException endedOrForeign) {
            // "No such process" has no exception of its own; processes of others are not ours.
            return;
        }
    }
}
