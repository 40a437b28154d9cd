package io.springtide.bench.live;

import io.springtide.master.journal.Folders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * From nothing to N running {@code sleep} processes: the time from the POST to the last TASK_RUNNING on
 * the event stream. Prints a table; medians of several runs, each with a cluster of its own.
 *
 * <p>Arguments: how often, then the sizes; {@code 5 200 1000} if there are none.
 */
public final class ScaleOut {

    private static final int AGENTS = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private ScaleOut() {}

    public static void main(String[] arguments) throws Exception {
        int runs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        List<Integer> sizes = new ArrayList<>();
        for (int i = 1; i < arguments.length; i++) {
            sizes.add(Integer.parseInt(arguments[i]));
        }
        if (sizes.isEmpty()) {
            sizes.addAll(List.of(200, 1_000));
        }
        System.out.println(
                "| sleep processes | first s | half s | last s (median) | min | max | started/s |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (int size : sizes) {
            List<Run> results = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                results.add(run(size));
            }
            results.sort((a, b) -> Double.compare(a.lastS, b.lastS));
            Run median = results.get(results.size() / 2);
            System.out.printf("| %d | %.2f | %.2f | %.2f | %.2f | %.2f | %.0f |%n", size,
                    median.firstS, median.halfS,
                    median.lastS, results.getFirst().lastS, results.getLast().lastS,
                    size / median.lastS);
        }
    }

    private record Run(double firstS, double halfS, double lastS) {}

    private static Run run(int size) throws Exception {
        Path folder = Files.createTempDirectory("tide-bench");
        try (LocalCluster cluster = new LocalCluster(folder, AGENTS);
                Starts starts = new Starts(cluster)) {
            long start = System.nanoTime();
            LocalCluster.Reply reply = cluster.send("POST", "/v2/apps", app(size));
            if (reply.status() != 201) {
                throw new IllegalStateException("POST /v2/apps: " + reply);
            }
            List<Long> times = starts.await(size, PATIENCE);
            return new Run(Starts.seconds(times.getFirst() - start),
                    Starts.seconds(times.get(size / 2) - start),
                    Starts.seconds(times.getLast() - start));
        } finally {
            Folders.delete(folder);
        }
    }

    private static String app(int instances) {
        return "{\"id\":\"/bench\",\"cmd\":\"exec sleep 3600\",\"cpus\":0.01,\"mem\":4,\"instances\":"
                + instances
                + ",\"portDefinitions\":[]}";
    }
}
